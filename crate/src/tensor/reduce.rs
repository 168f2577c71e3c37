//! Sums, means, maxima and minima over the middle axis of [outer, n, inner].
//!
//! inner = 1 is the plain sum of walk.rs. Else a column adds blocks of 256 elements, each from +0 in ascending order, and then
//! the block sums in ascending order: the rule for sums of products, because bias gradients are summed here.
use crate::lane::{F32x4, LANES, U32x4};
use crate::walk::{self, Address, first};

/// Elements in a block of a sum over columns or of products.
pub const BLOCK: usize = 256;

/// out[o, j] = Σᵢ x[o, i, j]
#[inline(always)]
pub fn sum(x: u32, out: u32, outer: u32, n: u32, inner: u32) {
    add_up(x.into(), out.into(), [outer, n, inner].map(|count| count as usize), 1.0);
}

/// out[o, j] = (Σᵢ x[o, i, j]) / n, n rounded to f32 (exact up to 2²⁴)
#[inline(always)]
pub fn mean(x: u32, out: u32, outer: u32, n: u32, inner: u32) {
    add_up(x.into(), out.into(), [outer, n, inner].map(|count| count as usize), n as f32);
}

/// out[o, j] = maxᵢ x[o, i, j]; NaN wins, −0 < +0, −∞ for n = 0.
#[inline(always)]
pub fn max(x: u32, out: u32, outer: u32, n: u32, inner: u32) {
    extreme(x.into(), out.into(), [outer, n, inner].map(|count| count as usize), U32x4::splat(0));
}

/// out[o, j] = minᵢ x[o, i, j]; NaN wins, −0 < +0, +∞ for n = 0.
#[inline(always)]
pub fn min(x: u32, out: u32, outer: u32, n: u32, inner: u32) {
    extreme(x.into(), out.into(), [outer, n, inner].map(|count| count as usize), U32x4::splat(SIGN));
}

/// dx[o, i, j] = x = y[o, j] ? dy[o, j] / (number of i with x = y) : 0, the gradient of `max` and of `min`: equal extrema share evenly.
#[inline(always)]
pub fn extremum_grad(x: u32, y: u32, dy: u32, dx: u32, outer: u32, n: u32, inner: u32) {
    let [x, y, dy, dx] = [x, y, dy, dx].map(Address::from);
    let (n, inner) = (n as usize, inner as usize);
    for o in 0..outer as usize {
        let (x, dx, y, dy) =
            (x.offset(o * n * inner), dx.offset(o * n * inner), y.offset(o * inner), dy.offset(o * inner));
        let whole = inner & !(LANES - 1);
        for j in (0..whole).step_by(LANES) {
            share_ties::<LANES>([x, y, dy, dx].map(|start| start.offset(j)), n, inner);
        }
        for j in whole..inner {
            share_ties::<1>([x, y, dy, dx].map(|start| start.offset(j)), n, inner);
        }
    }
}

/// The gradient of an extremum in COUNT columns.
#[inline(always)]
fn share_ties<const COUNT: usize>([x, y, dy, dx]: [Address; 4], n: usize, inner: usize) {
    let y = y.load_first::<F32x4>(0, COUNT);
    let equal = |i: usize| x.load_first::<F32x4>(i * inner, COUNT).eq(y);
    let mut ties = U32x4::splat(0);
    for i in 0..n {
        ties = ties.wrapping_sub(equal(i).bits());
    }
    let share = dy.load_first::<F32x4>(0, COUNT) / ties.to_f32();
    for i in 0..n {
        dx.store_first(i * inner, equal(i).select(share, F32x4::zero()), COUNT);
    }
}

const SIGN: u32 = 1 << 31;
const INFINITY: F32x4 = F32x4::new(f32::INFINITY, f32::INFINITY, f32::INFINITY, f32::INFINITY);

/// The maximum of x[0..n] in every lane; with the sign bit in `flip`, the maximum of −x.
#[inline(never)]
pub fn row_max(x: Address, n: usize, flip: U32x4) -> F32x4 {
    let load = |i: usize| (x.load::<U32x4>(i) ^ flip).as_f32();
    let (mut a, mut b) = (-INFINITY, -INFINITY);
    let mut i = 0;
    while i + 2 * LANES <= n {
        a = a.max(load(i));
        b = b.max(load(i + LANES));
        i += 2 * LANES;
    }
    if i + LANES <= n {
        a = a.max(load(i));
        i += LANES;
    }
    if i < n {
        let rest = (x.load_first::<U32x4>(i, n - i) ^ flip).as_f32();
        b = b.max(first(n - i).select(rest, -INFINITY));
    }
    let four = a.max(b);
    let two = four.max(four.shuffle::<2, 3, 0, 1>(four));
    two.max(two.shuffle::<1, 0, 3, 2>(two))
}

#[inline(never)]
fn add_up(x: Address, out: Address, [outer, n, inner]: [usize; 3], divisor: f32) {
    if inner == 1 {
        for o in 0..outer {
            out.set_f32(o, walk::sum(x.offset(o * n), n) / divisor);
        }
        return;
    }
    let divisor = F32x4::splat(divisor);
    columns::<true>(x, out, [outer, n, inner], F32x4::zero(), |x| x, |a, b| a + b, |total| total / divisor);
}

#[inline(never)]
fn extreme(x: Address, out: Address, [outer, n, inner]: [usize; 3], flip: U32x4) {
    let flipped = |x: F32x4| (x.bits() ^ flip).as_f32();
    if inner == 1 {
        for o in 0..outer {
            out.set_f32(o, flipped(row_max(x.offset(o * n), n, flip)).lane::<0>());
        }
        return;
    }
    columns::<false>(x, out, [outer, n, inner], -INFINITY, flipped, F32x4::max, flipped);
}

/// out[o, j] = leave(join of enter(x[o, i, j]) over i, in blocks of 256, from `start`); WIDE is faster, and larger
#[inline(always)]
fn columns<const WIDE: bool>(
    x: Address,
    out: Address,
    [outer, n, inner]: [usize; 3],
    start: F32x4,
    enter: impl Fn(F32x4) -> F32x4,
    join: impl Fn(F32x4, F32x4) -> F32x4,
    leave: impl Fn(F32x4) -> F32x4,
) {
    for o in 0..outer {
        let (x, out) = (x.offset(o * n * inner), out.offset(o * inner));
        let mut j = 0;
        // Sixteen columns at a time fill a cache line of every row.
        while WIDE && j + 4 * LANES <= inner {
            let total =
                column([start; 4], n, &join, |i| [0, 1, 2, 3].map(|k| enter(x.load(i * inner + j + k * LANES))));
            for (k, &total) in total.iter().enumerate() {
                out.store(j + k * LANES, leave(total));
            }
            j += 4 * LANES;
        }
        while j + LANES <= inner {
            let [total] = column([start], n, &join, |i| [enter(x.load(i * inner + j))]);
            out.store(j, leave(total));
            j += LANES;
        }
        while j < inner {
            let [total] = column([start], n, &join, |i| [enter(x.splat(i * inner + j))]);
            out.store_first(j, leave(total), 1);
            j += 1;
        }
    }
}

#[inline(always)]
fn column<const K: usize>(
    start: [F32x4; K],
    n: usize,
    join: &impl Fn(F32x4, F32x4) -> F32x4,
    load: impl Fn(usize) -> [F32x4; K],
) -> [F32x4; K] {
    let mut total = start;
    let mut begin = 0;
    while begin < n {
        let end = (begin + BLOCK).min(n);
        let mut block = start;
        for i in begin..end {
            let x = load(i);
            for k in 0..K {
                block[k] = join(block[k], x[k]);
            }
        }
        for k in 0..K {
            total[k] = join(total[k], block[k]);
        }
        begin = end;
    }
    total
}

//! What a training step asks of its gradients: sum of squares, Euclidean norm, largest magnitude, and whether all is finite.
use super::reduce::BLOCK;
use crate::lane::{F32x4, LANES, U32x4};
use crate::walk::{self, Address, with_spare};

/// out = Σ x², by the rule for sums of products
#[inline(always)]
pub fn sum_squares(x: u32, out: u32, n: u32) {
    Address::from(out).set_f32(0, squares(x.into(), n as usize, F32x4::splat(1.0)));
}

/// Sums of squares from 2⁻⁶⁴ up are taken as they are: what underflowed in them cannot matter.
const ORDINARY: f32 = power(-64);
/// Takes the square of any f32 that matters into range, and back.
const UP: f32 = power(90);
const DOWN: f32 = power(-90);

const fn power(exponent: i32) -> f32 {
    f32::from_bits(((exponent + 127) as u32) << 23)
}

/// out = √(Σ x²), without overflow or underflow on the way: where Σ x² is infinite or below 2⁻⁶⁴, √(Σ (x·s)²) / s with s = 2⁻⁹⁰ or 2⁹⁰
#[inline(always)]
pub fn norm(x: u32, out: u32, n: u32) {
    let (x, n) = (Address::from(x), n as usize);
    let mut total = squares(x, n, F32x4::splat(1.0));
    let mut back = 1.0;
    if total == f32::INFINITY {
        (total, back) = (squares(x, n, F32x4::splat(DOWN)), UP);
    } else if total < ORDINARY {
        (total, back) = (squares(x, n, F32x4::splat(UP)), DOWN);
    }
    let root = F32x4::splat(total).sqrt() * F32x4::splat(back);
    Address::from(out).set_f32(0, root.lane::<0>());
}

/// out = max |x|; NaN wins, 0 for n = 0
#[inline(always)]
pub fn max_abs(x: u32, out: u32, n: u32) {
    let (x, n) = (Address::from(x), n as usize);
    let mut most = [F32x4::zero(); 4];
    sixteens(n, |k, i, count| most[k] = most[k].max(x.load_first::<F32x4>(i, count).abs()));
    let four = most[0].max(most[1]).max(most[2].max(most[3]));
    let two = four.max(four.shuffle::<2, 3, 0, 1>(four));
    Address::from(out).set_f32(0, two.max(two.shuffle::<1, 0, 3, 2>(two)).lane::<0>());
}

/// flag |= 1 if any x is infinite or NaN (x − x is +0 for all others); flag is a word
#[allow(clippy::eq_op)]
#[inline(always)]
pub fn check_finite(x: u32, flag: u32, n: u32) {
    let (x, flag) = (Address::from(x), Address::from(flag));
    let mut found = [U32x4::splat(0); 4];
    sixteens(n as usize, |k, i, count| {
        let x = x.load_first::<F32x4>(i, count);
        found[k] = found[k] | (x - x).bits();
    });
    let found = found[0] | found[1] | found[2] | found[3];
    if (!found.eq(U32x4::splat(0))).any() {
        flag.set_u32(0, flag.u32(0) | 1);
    }
}

/// Calls each(k, i, count) for all vectors, k counting round four accumulators.
#[inline(always)]
fn sixteens(n: usize, mut each: impl FnMut(usize, usize, usize)) {
    let whole_end = n & !(4 * LANES - 1);
    let mut i = 0;
    while i < whole_end {
        for k in 0..4 {
            each(k, i + k * LANES, LANES);
        }
        i += 4 * LANES;
    }
    while i < n {
        each(0, i, (n - i).min(LANES));
        i += LANES;
    }
}

/// Elements of eight blocks.
const EIGHT: usize = 8 * BLOCK;

/// Σ (x·scale)²: lanes stand for blocks, because the order inside a block is fixed. The last blocks are filled up with +0, which changes
/// no sum of squares.
#[inline(never)]
fn squares(x: Address, n: usize, scale: F32x4) -> f32 {
    let mut total = 0.0;
    with_spare::<EIGHT, _>(|spare| {
        for begin in (0..n).step_by(EIGHT) {
            let left = n - begin;
            let mut x = x.offset(begin);
            if left < EIGHT {
                walk::fill(spare, EIGHT, U32x4::splat(0));
                walk::copy(x, spare, left);
                x = spare;
            }
            for sums in eight_blocks(x, left.min(BLOCK), scale) {
                total = total + sums.lane::<0>() + sums.lane::<1>() + sums.lane::<2>() + sums.lane::<3>();
            }
        }
    });
    total
}

/// Sums of squares of the first `length` elements of eight blocks: lane j of vector k is block 4k + j.
#[inline(always)]
fn eight_blocks(x: Address, length: usize, scale: F32x4) -> [F32x4; 2] {
    let mut sums = [F32x4::zero(); 2];
    let mut i = 0;
    while i < length {
        for (k, sum) in sums.iter_mut().enumerate() {
            let [a, b, c, d] = [0, 1, 2, 3].map(|j| x.load::<F32x4>((4 * k + j) * BLOCK + i));
            let (ab_low, ab_high) = (a.shuffle::<0, 4, 1, 5>(b), a.shuffle::<2, 6, 3, 7>(b));
            let (cd_low, cd_high) = (c.shuffle::<0, 4, 1, 5>(d), c.shuffle::<2, 6, 3, 7>(d));
            for column in [
                ab_low.shuffle::<0, 1, 4, 5>(cd_low),
                ab_low.shuffle::<2, 3, 6, 7>(cd_low),
                ab_high.shuffle::<0, 1, 4, 5>(cd_high),
                ab_high.shuffle::<2, 3, 6, 7>(cd_high),
            ] {
                let scaled = column * scale;
                *sum = *sum + scaled * scaled;
            }
        }
        i += LANES;
    }
    sums
}

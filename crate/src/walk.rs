//! How kernels walk over memory: whole vectors first, then one masked tail, so that no second, scalar implementation can
//! disagree with the first. This is the only file with raw pointers: kernels see addresses and lanes.

use crate::lane::{F32x4, LANES, U32x4, Vector};

/// A byte address in the machine's memory, as the exports receive it. Multiples of 4 for f32 and u32.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Address(u32);

impl From<u32> for Address {
    #[inline(always)]
    fn from(bytes: u32) -> Self {
        Self(bytes)
    }
}

/// Kernels trust their callers: the TypeScript edge has checked every address and count, and memory is one flat block, so
/// these methods are safe to the extent that the ABI is kept.
impl Address {
    #[inline(always)]
    fn at(self, element: usize) -> *mut u32 {
        (self.0 as usize as *mut u32).wrapping_add(element)
    }
    /// The address `element` words further on.
    #[inline(always)]
    pub fn offset(self, element: usize) -> Self {
        Self(self.0.wrapping_add((element as u32).wrapping_mul(4)))
    }
    /// Four lanes beginning with element `element`.
    #[inline(always)]
    pub fn load<V: Vector>(self, element: usize) -> V {
        unsafe { V::load(self.at(element)) }
    }
    #[inline(always)]
    pub fn store<V: Vector>(self, element: usize, value: V) {
        unsafe { value.store(self.at(element)) }
    }
    /// One element in all four lanes.
    #[inline(always)]
    pub fn splat<V: Vector>(self, element: usize) -> V {
        unsafe { V::load_splat(self.at(element)) }
    }
    /// `count` (1 to 4) lanes beginning with element `element`, zeros behind them.
    #[inline(always)]
    pub fn load_first<V: Vector>(self, element: usize, count: usize) -> V {
        if count >= LANES { self.load(element) } else { unsafe { V::load_first(self.at(element), count) } }
    }
    /// Stores `count` (1 to 4) lanes.
    #[inline(always)]
    pub fn store_first<V: Vector>(self, element: usize, value: V, count: usize) {
        if count >= LANES { self.store(element, value) } else { unsafe { value.store_first(self.at(element), count) } }
    }
    #[inline(always)]
    pub fn f32(self, element: usize) -> f32 {
        unsafe { *(self.at(element) as *const f32) }
    }
    #[inline(always)]
    pub fn set_f32(self, element: usize, value: f32) {
        unsafe { *(self.at(element) as *mut f32) = value }
    }
    #[inline(always)]
    pub fn u32(self, element: usize) -> u32 {
        unsafe { *self.at(element) }
    }
    #[inline(always)]
    pub fn set_u32(self, element: usize, value: u32) {
        unsafe { *self.at(element) = value }
    }
    /// The address `byte` bytes further on, for u8 data.
    #[inline(always)]
    pub fn byte_offset(self, byte: usize) -> Self {
        Self(self.0.wrapping_add(byte as u32))
    }
    #[inline(always)]
    pub fn u8(self, byte: usize) -> u8 {
        unsafe { *(self.0 as usize as *const u8).wrapping_add(byte) }
    }
    /// Four bytes as f32 lanes, each between 0 and 255.
    #[inline(always)]
    pub fn load_bytes(self, byte: usize) -> F32x4 {
        unsafe { crate::lane::load_bytes((self.0 as usize as *const u8).wrapping_add(byte)) }
    }
}

/// Calls `whole(i)` for i = 0, 4, 8 … while four elements are left, then `tail(i, count)` once for the last 1 to 3, if any.
#[inline(always)]
pub fn vectors(n: usize, mut whole: impl FnMut(usize), tail: impl FnOnce(usize, usize)) {
    let whole_end = n & !(LANES - 1);
    let mut i = 0;
    while i < whole_end {
        whole(i);
        i += LANES;
    }
    if i < n {
        tail(i, n - i);
    }
}

macro_rules! map {
    ($(#[$doc:meta])* $name:ident, $($input:ident),+) => {
        $(#[$doc])*
        #[inline(always)]
        pub fn $name($($input: Address,)+ out: Address, n: usize, f: impl Fn($(map!(@type $input)),+) -> F32x4) {
            vectors(
                n,
                |i| out.store(i, f($($input.load(i)),+)),
                |i, count| out.store_first(i, f($($input.load_first(i, count)),+), count),
            );
        }
    };
    (@type $input:ident) => { F32x4 };
}
map!(
    /// out[i] = f(x[i])
    map1, x
);
map!(
    /// out[i] = f(x[i], y[i])
    map2, x, y
);
map!(
    /// out[i] = f(x[i], y[i], z[i])
    map3, x, y, z
);

/// State arrays that a rule reads and writes in place beside the parameters: (p, g, s₀ … s₍K₋₁₎) → (p, s₀ … s₍K₋₁₎).
#[inline(always)]
pub fn update<const K: usize>(
    p: Address,
    g: Address,
    state: [Address; K],
    n: usize,
    f: impl Fn(F32x4, F32x4, [F32x4; K]) -> (F32x4, [F32x4; K]),
) {
    vectors(
        n,
        |i| {
            let (new_p, new_state) = f(p.load(i), g.load(i), state.map(|s| s.load(i)));
            p.store(i, new_p);
            for k in 0..K {
                state[k].store(i, new_state[k]);
            }
        },
        |i, count| {
            let (new_p, new_state) =
                f(p.load_first(i, count), g.load_first(i, count), state.map(|s| s.load_first(i, count)));
            p.store_first(i, new_p, count);
            for k in 0..K {
                state[k].store_first(i, new_state[k], count);
            }
        },
    );
}

/// 2⁻¹⁰⁰: fading moments smaller than this are cleared every 16th step, before they become subnormal and slow.
pub const TINY: f32 = f32::from_bits((127 - 100) << 23);

/// x where |x| ≥ 2⁻¹⁰⁰ or NaN, +0 elsewhere.
#[inline(always)]
pub fn flush(x: F32x4) -> F32x4 {
    x.abs().lt(F32x4::splat(TINY)).select(F32x4::zero(), x)
}

/// Moves n words.
#[inline(always)]
pub fn copy(x: Address, out: Address, n: usize) {
    vectors(
        n,
        |i| out.store::<U32x4>(i, x.load(i)),
        |i, count| out.store_first::<U32x4>(i, x.load_first(i, count), count),
    );
}

/// Elements in a block of the plain sum.
const SUM_BLOCK: usize = 4096;

/// The plain sum of n numbers f(x[i]), the same in both machines: blocks of 4,096 elements; in a block sixteen interleaved lanes by
/// element index, each added in ascending order from +0; then the fold 16 → 8 → 4 → 2 → 1 (lane j takes lane j + half);
/// block sums are added by the same rule, level upon level (three levels hold more than 2³² elements, so the third is one block).
#[inline(always)]
pub fn sum_with(n: usize, load: &impl Fn(usize, usize) -> F32x4) -> f32 {
    if n <= SUM_BLOCK {
        return block_sum(0, n, load);
    }
    let blocks = n.div_ceil(SUM_BLOCK);
    let mut outer = 0;
    let mut total = [0.0f32; 16];
    let mut finished = [0.0f32; 16];
    let mut finished_count = 0;
    while outer < blocks {
        let end = (outer + SUM_BLOCK).min(blocks);
        total = [0.0; 16];
        let mut b = outer;
        while b < end {
            let begin = b * SUM_BLOCK;
            total[(b - outer) & 15] += block_sum(begin, (begin + SUM_BLOCK).min(n), load);
            b += 1;
        }
        finished[finished_count & 15] += fold(total);
        finished_count += 1;
        outer = end;
    }
    if finished_count == 1 { fold(total) } else { fold(finished) }
}

fn fold(mut lanes: [f32; 16]) -> f32 {
    let mut half = 8;
    while half > 0 {
        for j in 0..half {
            lanes[j] += lanes[j + half];
        }
        half /= 2;
    }
    lanes[0]
}

#[inline(always)]
fn block_sum(begin: usize, end: usize, load: &impl Fn(usize, usize) -> F32x4) -> f32 {
    let (mut a, mut b, mut c, mut d) = (F32x4::zero(), F32x4::zero(), F32x4::zero(), F32x4::zero());
    let mut i = begin;
    while i + 16 <= end {
        a = a + load(i, 4);
        b = b + load(i + 4, 4);
        c = c + load(i + 8, 4);
        d = d + load(i + 12, 4);
        i += 16;
    }
    // The rest: lanes behind the end receive +0, which changes no sum that began at +0.
    let rest = end - i;
    if rest > 0 {
        a = a + load(i, rest.min(4));
    }
    if rest > 4 {
        b = b + load(i + 4, (rest - 4).min(4));
    }
    if rest > 8 {
        c = c + load(i + 8, (rest - 8).min(4));
    }
    if rest > 12 {
        d = d + load(i + 12, rest - 12);
    }
    let eight_low = a + c;
    let eight_high = b + d;
    let four = eight_low + eight_high;
    let two = four + four.shuffle::<2, 3, 2, 3>(four);
    two.lane::<0>() + two.lane::<1>()
}

/// The plain sum of x[0..n].
#[inline(always)]
pub fn sum(x: Address, n: usize) -> f32 {
    sum_with(n, &|i, count| x.load_first(i, count))
}

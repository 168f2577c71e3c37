//! How kernels walk over memory: whole vectors first, then one masked tail, so that no second, scalar implementation can
//! disagree with the first. This is the only file with raw pointers: kernels see addresses and lanes.

use crate::lane::{F32x4, LANES, Mask, U32x4, Vector};
use core::mem::MaybeUninit;

/// A byte address in the machine's memory, as the exports receive it. Multiples of 4 for f32 and u32.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Address(u32);

impl From<u32> for Address {
    #[inline(always)]
    fn from(bytes: u32) -> Self {
        Self(bytes)
    }
}

impl From<Address> for u32 {
    #[inline(always)]
    fn from(address: Address) -> Self {
        address.0
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
    if n & (LANES - 1) != 0 {
        tail(whole_end, n & (LANES - 1));
    }
}

/// out[i] = f(x[i], y[i])
#[inline(always)]
pub fn map2(x: Address, y: Address, out: Address, n: usize, f: impl Fn(F32x4, F32x4) -> F32x4) {
    vectors(
        n,
        |i| out.store(i, f(x.load(i), y.load(i))),
        |i, count| out.store_first(i, f(x.load_first(i, count), y.load_first(i, count)), count),
    );
}

/// The lanes below `count`.
#[inline(always)]
pub fn first(count: usize) -> Mask {
    U32x4::new(0, 1, 2, 3).lt(U32x4::splat(count as u32))
}

/// 2⁻¹⁰⁰: fading moments smaller than this are cleared every 16th step, before they become subnormal and slow.
pub const TINY: f32 = f32::from_bits((127 - 100) << 23);

/// x where |x| ≥ 2⁻¹⁰⁰ or NaN, +0 elsewhere.
#[inline(always)]
pub fn flush(x: F32x4) -> F32x4 {
    x.abs().lt(F32x4::splat(TINY)).select(F32x4::zero(), x)
}

/// Moves n words.
#[inline(never)]
pub fn copy(x: Address, out: Address, n: usize) {
    vectors(
        n,
        |i| out.store::<U32x4>(i, x.load(i)),
        |i, count| out.store_first::<U32x4>(i, x.load_first(i, count), count),
    );
}

/// out[i] = value
#[inline(never)]
pub fn fill(out: Address, n: usize, value: U32x4) {
    vectors(n, |i| out.store(i, value), |i, count| out.store_first(i, value, count));
}

/// Working space of N words on the stack, not cleared, for as long as `f` runs.
#[inline(always)]
pub fn with_spare<const N: usize, R>(f: impl FnOnce(Address) -> R) -> R {
    let mut spare = MaybeUninit::<[u32; N]>::uninit();
    f(Address(spare.as_mut_ptr() as u32))
}

/// Elements in a block of the plain sum.
pub const SUM_BLOCK: usize = 4096;

/// The plain sum of n numbers, the same in both machines: blocks of 4,096 elements; in a block sixteen interleaved lanes by
/// element index, each added in ascending order from +0; then the fold 16 → 8 → 4 → 2 → 1 (lane j takes lane j + half);
/// block sums are added by the same rule, level upon level (three levels hold more than 2³² elements, so the third is one block).
///
/// `load(i, count)` gives elements i … i + count − 1, and +0 behind them.
#[inline(always)]
pub fn sum_with(n: usize, load: &impl Fn(usize, usize) -> F32x4) -> f32 {
    if n <= SUM_BLOCK { block_sum(0, n, load) } else { sum_of_blocks(n, &|begin, end| block_sum(begin, end, load)) }
}

/// The upper levels, once for all sums; `block_sum(begin, end)` is the sum of a block.
#[inline(never)]
pub fn sum_of_blocks(n: usize, block_sum: &dyn Fn(usize, usize) -> f32) -> f32 {
    if n <= SUM_BLOCK {
        return block_sum(0, n);
    }
    let blocks = n.div_ceil(SUM_BLOCK);
    let mut finished = [0.0f32; 16];
    let mut only = 0.0;
    for (k, outer) in (0..blocks).step_by(SUM_BLOCK).enumerate() {
        let mut lanes = [0.0f32; 16];
        for b in outer..(outer + SUM_BLOCK).min(blocks) {
            lanes[(b - outer) & 15] += block_sum(b * SUM_BLOCK, ((b + 1) * SUM_BLOCK).min(n));
        }
        only = fold(&lanes);
        finished[k & 15] += only;
    }
    if blocks <= SUM_BLOCK { only } else { fold(&finished) }
}

/// Sixteen numbers, none of them −0, each in a lane of its own.
fn fold(lanes: &[f32; 16]) -> f32 {
    sum(Address(lanes.as_ptr() as u32), 16)
}

#[inline(never)]
fn block_sum(begin: usize, end: usize, load: &impl Fn(usize, usize) -> F32x4) -> f32 {
    // Four accumulators take turns. Which of them comes first in the end does not matter: the fold adds the first to the third
    // and the second to the fourth, and then the two sums, and + is commutative.
    let [mut a, mut b, mut c, mut d] = [F32x4::zero(); 4];
    let mut i = begin;
    while i < end {
        (a, b, c, d) = (b, c, d, a + load(i, (end - i).min(LANES)));
        i += LANES;
    }
    let four = (a + c) + (b + d);
    let two = four + four.shuffle::<2, 3, 2, 3>(four);
    two.lane::<0>() + two.lane::<1>()
}

/// The plain sum of x[0..n].
#[inline(never)]
pub fn sum(x: Address, n: usize) -> f32 {
    sum_with(n, &|i, count| x.load_first(i, count))
}

//! Four f32 (or u32) lanes in one 128-bit register, and a masked load and store for the last one to three elements.
//! This is the only file that mentions `core::arch` or `cfg`: everything above is written once over these types.

use core::arch::wasm32::*;
use core::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Sub};

#[cfg(not(target_feature = "simd128"))]
compile_error!("the kernels need -C target-feature=+simd128: build with `npm run build`, which sets it");

/// Elements in one vector.
pub const LANES: usize = 4;

/// Ends the call with a WebAssembly trap.
pub fn trap() -> ! {
    unreachable()
}

/// Four IEEE binary32 numbers. Every operation rounds once, to nearest even, as `Math.fround` of the same operation does.
#[derive(Clone, Copy)]
pub struct F32x4(v128);

/// Four 32-bit words: bit patterns, counters, random words.
#[derive(Clone, Copy)]
pub struct U32x4(v128);

/// Four truth values, each all ones or all zeros.
#[derive(Clone, Copy)]
pub struct Mask(v128);

impl F32x4 {
    #[inline(always)]
    pub fn splat(x: f32) -> Self {
        Self(f32x4_splat(x))
    }
    #[inline(always)]
    pub const fn new(a: f32, b: f32, c: f32, d: f32) -> Self {
        Self(f32x4(a, b, c, d))
    }
    #[inline(always)]
    pub fn zero() -> Self {
        Self::splat(0.0)
    }
    #[inline(always)]
    pub fn sqrt(self) -> Self {
        Self(f32x4_sqrt(self.0))
    }
    #[inline(always)]
    pub fn abs(self) -> Self {
        Self(f32x4_abs(self.0))
    }
    /// `Math.max`: NaN wins, −0 < +0.
    #[inline(always)]
    pub fn max(self, other: Self) -> Self {
        Self(f32x4_max(self.0, other.0))
    }
    /// `Math.min`: NaN wins, −0 < +0.
    #[inline(always)]
    pub fn min(self, other: Self) -> Self {
        Self(f32x4_min(self.0, other.0))
    }
    #[inline(always)]
    pub fn lt(self, other: Self) -> Mask {
        Mask(f32x4_lt(self.0, other.0))
    }
    #[inline(always)]
    pub fn le(self, other: Self) -> Mask {
        Mask(f32x4_le(self.0, other.0))
    }
    #[inline(always)]
    pub fn gt(self, other: Self) -> Mask {
        Mask(f32x4_gt(self.0, other.0))
    }
    #[inline(always)]
    pub fn ge(self, other: Self) -> Mask {
        Mask(f32x4_ge(self.0, other.0))
    }
    #[inline(always)]
    pub fn eq(self, other: Self) -> Mask {
        Mask(f32x4_eq(self.0, other.0))
    }
    /// The same bits as words.
    #[inline(always)]
    pub fn bits(self) -> U32x4 {
        U32x4(self.0)
    }
    #[inline(always)]
    pub fn lane<const I: usize>(self) -> f32 {
        f32x4_extract_lane::<I>(self.0)
    }
    /// Lanes chosen from the eight of `self` (0..4) and `other` (4..8).
    #[inline(always)]
    pub fn shuffle<const A: usize, const B: usize, const C: usize, const D: usize>(self, other: Self) -> Self {
        Self(i32x4_shuffle::<A, B, C, D>(self.0, other.0))
    }
}

impl U32x4 {
    #[inline(always)]
    pub fn splat(x: u32) -> Self {
        Self(u32x4_splat(x))
    }
    #[inline(always)]
    pub const fn new(a: u32, b: u32, c: u32, d: u32) -> Self {
        Self(u32x4(a, b, c, d))
    }
    /// Wraps around.
    #[inline(always)]
    pub fn wrapping_add(self, other: Self) -> Self {
        Self(u32x4_add(self.0, other.0))
    }
    /// Wraps around.
    #[inline(always)]
    pub fn wrapping_sub(self, other: Self) -> Self {
        Self(u32x4_sub(self.0, other.0))
    }
    #[inline(always)]
    pub fn shl(self, by: u32) -> Self {
        Self(u32x4_shl(self.0, by))
    }
    /// Zeros come in from the left.
    #[inline(always)]
    pub fn shr(self, by: u32) -> Self {
        Self(u32x4_shr(self.0, by))
    }
    #[inline(always)]
    pub fn rotate_left(self, by: u32) -> Self {
        self.shl(by) | self.shr(32 - by)
    }
    #[inline(always)]
    pub fn eq(self, other: Self) -> Mask {
        Mask(u32x4_eq(self.0, other.0))
    }
    #[inline(always)]
    pub fn lt(self, other: Self) -> Mask {
        Mask(u32x4_lt(self.0, other.0))
    }
    /// The same bits as numbers.
    #[inline(always)]
    pub fn as_f32(self) -> F32x4 {
        F32x4(self.0)
    }
    /// Each word, read as unsigned, rounded to f32.
    #[inline(always)]
    pub fn to_f32(self) -> F32x4 {
        F32x4(f32x4_convert_u32x4(self.0))
    }
    #[inline(always)]
    pub fn lane<const I: usize>(self) -> u32 {
        u32x4_extract_lane::<I>(self.0)
    }
    /// Lanes chosen from the eight of `self` (0..4) and `other` (4..8).
    #[inline(always)]
    pub fn shuffle<const A: usize, const B: usize, const C: usize, const D: usize>(self, other: Self) -> Self {
        Self(i32x4_shuffle::<A, B, C, D>(self.0, other.0))
    }
}

impl Mask {
    /// `self ? yes : no`, lane by lane: bits move unchanged.
    #[inline(always)]
    pub fn select(self, yes: F32x4, no: F32x4) -> F32x4 {
        F32x4(v128_bitselect(yes.0, no.0, self.0))
    }
    #[inline(always)]
    pub fn select_u32(self, yes: U32x4, no: U32x4) -> U32x4 {
        U32x4(v128_bitselect(yes.0, no.0, self.0))
    }
    #[inline(always)]
    pub fn any(self) -> bool {
        v128_any_true(self.0)
    }
    #[inline(always)]
    pub fn bits(self) -> U32x4 {
        U32x4(self.0)
    }
    /// One bit a lane, the first lane lowest.
    #[inline(always)]
    pub fn bitmask(self) -> u8 {
        u32x4_bitmask(self.0)
    }
}

macro_rules! operator {
    ($type:ident, $trait:ident, $method:ident, $intrinsic:ident) => {
        impl $trait for $type {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self($intrinsic(self.0, other.0))
            }
        }
    };
}
operator!(F32x4, Add, add, f32x4_add);
operator!(F32x4, Sub, sub, f32x4_sub);
operator!(F32x4, Mul, mul, f32x4_mul);
operator!(F32x4, Div, div, f32x4_div);
operator!(U32x4, BitAnd, bitand, v128_and);
operator!(U32x4, BitOr, bitor, v128_or);
operator!(U32x4, BitXor, bitxor, v128_xor);
operator!(Mask, BitAnd, bitand, v128_and);
operator!(Mask, BitOr, bitor, v128_or);

impl Neg for F32x4 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(f32x4_neg(self.0))
    }
}
impl Not for Mask {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        Self(v128_not(self.0))
    }
}

/// What can be moved between a register and memory: four lanes, or the first one to three of them.
pub trait Vector: Copy {
    fn from_raw(raw: v128) -> Self;
    fn raw(self) -> v128;
    /// # Safety
    /// 16 readable bytes at `p`; any alignment.
    #[inline(always)]
    unsafe fn load(p: *const u32) -> Self {
        Self::from_raw(unsafe { v128_load(p as *const v128) })
    }
    /// # Safety
    /// 16 writable bytes at `p`; any alignment.
    #[inline(always)]
    unsafe fn store(self, p: *mut u32) {
        unsafe { v128_store(p as *mut v128, self.raw()) }
    }
    /// The word at `p` in every lane.
    /// # Safety
    /// 4 readable bytes at `p`.
    #[inline(always)]
    unsafe fn load_splat(p: *const u32) -> Self {
        Self::from_raw(unsafe { v128_load32_splat(p) })
    }
    /// The first `count` (1 to 3) lanes; the others are zero. Nothing behind them is read: lanes without an element load the last
    /// one again and are cleared, so that there is no branch and a kernel's formula stands once for all tails.
    /// # Safety
    /// `4 * count` readable bytes at `p`.
    #[inline(always)]
    unsafe fn load_first(p: *const u32, count: usize) -> Self {
        let last = count - 1;
        let lanes = unsafe {
            let a = v128_load32_zero(p);
            let b = v128_load32_lane::<1>(a, p.add(count >> 1));
            v128_load32_lane::<2>(b, p.add(last))
        };
        Self::from_raw(v128_and(lanes, u32x4_lt(u32x4(0, 1, 2, 3), u32x4_splat(count as u32))))
    }
    /// Stores the first `count` (1 to 3) lanes and touches nothing behind them: lanes without an element are written to the last
    /// one's place first.
    /// # Safety
    /// `4 * count` writable bytes at `p`.
    #[inline(always)]
    unsafe fn store_first(self, p: *mut u32, count: usize) {
        let last = count - 1;
        unsafe {
            v128_store32_lane::<2>(self.raw(), p.add(last));
            v128_store32_lane::<1>(self.raw(), p.add(count >> 1));
            v128_store32_lane::<0>(self.raw(), p);
        }
    }
}

/// Four bytes at `p`, each as an f32 between 0 and 255.
/// # Safety
/// 4 readable bytes at `p`.
#[inline(always)]
pub unsafe fn load_bytes(p: *const u8) -> F32x4 {
    let bytes = unsafe { v128_load32_zero(p as *const u32) };
    F32x4(f32x4_convert_u32x4(u32x4_extend_low_u16x8(u16x8_extend_low_u8x16(bytes))))
}

macro_rules! vector {
    ($type:ident) => {
        impl Vector for $type {
            #[inline(always)]
            fn from_raw(raw: v128) -> Self {
                Self(raw)
            }
            #[inline(always)]
            fn raw(self) -> v128 {
                self.0
            }
        }
    };
}
vector!(F32x4);
vector!(U32x4);

//! exp, log, tanh, erf, sin and cos over lanes: our own polynomials, so that no browser's or processor's library has a say.
//! `ts/machine/reference/math.ts` makes the same operations in the same order. Beside each function stands the largest error
//! measured over all of f32, in units in the last place of the result; a test holds both machines to it.
use crate::lane::{F32x4, U32x4};

mod circle;
pub use circle::{cos, sin};

/// 1.5·2²³: adding it rounds a number below 2²² to an integer, which then stands in the low bits of the sum.
const ROUND: f32 = 12_582_912.0;
const SIGN: u32 = 1 << 31;

#[inline(always)]
fn all(x: f32) -> F32x4 {
    F32x4::splat(x)
}

/// c₀ + x·(c₁ + x·(c₂ + …))
#[inline(always)]
fn polynomial<const N: usize>(x: F32x4, c: [f32; N]) -> F32x4 {
    let mut y = all(c[N - 1]);
    for k in (0..N - 1).rev() {
        y = all(c[k]) + x * y;
    }
    y
}

/// |x| with the sign of `sign`, for x without one.
#[inline(always)]
fn with_sign(x: F32x4, sign: F32x4) -> F32x4 {
    (x.bits() | (sign.bits() & U32x4::splat(SIGN))).as_f32()
}

const LOG2_E: f32 = core::f32::consts::LOG2_E;
/// ln 2 in two parts: the first has 15 bits, so that its product with any exponent is exact.
const LN2_HIGH: f32 = 0.693_145_75;
const LN2_LOW: f32 = 1.428_606_8e-6;

/// x = k·ln 2 + r with whole k and |r| ≤ ½ ln 2: r, and k moved to where a number's exponent stands.
#[inline(always)]
fn reduce(x: F32x4) -> (F32x4, U32x4) {
    let sum = x * all(LOG2_E) + all(ROUND);
    let k = sum - all(ROUND);
    ((x - k * all(LN2_HIGH)) - k * all(LN2_LOW), sum.bits().shl(23))
}

/// (eʳ − 1 − r) / r² for |r| ≤ ½ ln 2, right to 2⁻²⁸ / r²
const EXP: [f32; 5] = [0.5, 0.166_665_23, 0.041_666_39, 0.008_368_572, 0.001_394_190_4];
/// The largest x whose exponential is finite, and the smallest whose exponential is at least 2⁻¹²⁶.
const EXP_LARGEST: f32 = 88.722_83;
const EXP_SMALLEST: f32 = -87.336_54;
#[allow(dead_code)]
pub const EXP_ULP: f32 = 1.01;

/// eˣ; 0 below 2⁻¹²⁶: there are no subnormal results.
#[inline(always)]
pub fn exp(x: F32x4) -> F32x4 {
    let y = exp_inside(x);
    // Where the bits of y mean nothing: x + ∞ is ∞ for large x and NaN for NaN.
    let y = x.le(all(EXP_LARGEST)).select(y, x + all(f32::INFINITY));
    x.lt(all(EXP_SMALLEST)).select(F32x4::zero(), y)
}

/// eˣ for −87 ≤ x ≤ 88 and nothing else.
#[inline(always)]
fn exp_inside(x: F32x4) -> F32x4 {
    let (r, exponent) = reduce(x);
    let y = all(1.0) + (r + r * r * polynomial(r, EXP));
    y.bits().wrapping_add(exponent).as_f32()
}

/// (eʳ − 1 − r) / r² for |r| ≤ ½ ln 2, right to 2⁻³¹ / r
const EXPM1: [f32; 6] = [0.5, 0.166_666_67, 0.041_666_49, 0.008_333_203, 0.001_393_269_3, 0.000_199_481_45];
#[allow(dead_code)]
pub const EXPM1_ULP: f32 = 1.46;

/// eˣ − 1
#[inline(always)]
pub fn expm1(x: F32x4) -> F32x4 {
    let (r, exponent) = reduce(x);
    let p = r + r * r * polynomial(r, EXPM1);
    // 2ᵏ⁻¹ instead of 2ᵏ, which is no f32 for k = 128
    let half = exponent.wrapping_add(all(0.5).bits()).as_f32();
    let y = half * p + (half - all(0.5));
    let y = x.le(all(EXP_LARGEST)).select(y + y, x + all(f32::INFINITY));
    with_sign(x.lt(all(-18.0)).select(all(1.0), y), x)
}

/// (log((1 + s) / (1 − s)) − 2s) / s in powers of s², without the zeroth
const LOG: [f32; 3] = [0.666_667_8, 0.399_767_34, 0.298_960_24];
/// The bits of √½ and the distance from there to those of 1: m lies in [√½, √2).
const SQRT_HALF: u32 = 0x3F35_04F3;
const TO_ONE: u32 = 0x3F80_0000 - SQRT_HALF;
/// 2²³ as a number with the exponent in its low bits, and the exponent's bias.
const EXPONENT: u32 = 0x4B00_0000;
const BIAS: f32 = 8_388_608.0 + 127.0;
#[allow(dead_code)]
pub const LOG_ULP: f32 = 0.85;

/// log x; −∞ for ±0, NaN below
#[inline(always)]
pub fn log(x: F32x4) -> F32x4 {
    log_sum(x, F32x4::zero())
}

/// log u + correction, for a small correction that u has lost. u = 2ᵏ·m, log m = 2s + s·R(s²) with s = m1 / (2 + m1);
/// 2s is written m1 − m1²/2 + s·m1²/2, because m1 = m − 1 is exact.
#[inline(always)]
fn log_sum(u: F32x4, correction: F32x4) -> F32x4 {
    let subnormal = u.lt(all(f32::MIN_POSITIVE));
    let bits = subnormal.select(u * all(8_388_608.0), u).bits().wrapping_add(U32x4::splat(TO_ONE));
    let k = (bits.shr(23) | U32x4::splat(EXPONENT)).as_f32() - subnormal.select(all(BIAS + 23.0), all(BIAS));
    let m1 = (bits & U32x4::splat(0x7F_FFFF)).wrapping_add(U32x4::splat(SQRT_HALF)).as_f32() - all(1.0);
    let s = m1 / (all(2.0) + m1);
    let z = s * s;
    let half_square = all(0.5) * m1 * m1;
    let rest = s * (half_square + z * polynomial(z, LOG)) + (k * all(LN2_LOW) + correction);
    let y = k * all(LN2_HIGH) - ((half_square - rest) - m1);
    let y = u.gt(F32x4::zero()).select(y, u.eq(F32x4::zero()).select(all(f32::NEG_INFINITY), all(f32::NAN)));
    u.eq(all(f32::INFINITY)).select(u, y)
}

#[allow(dead_code)]
pub const LOG1P_ULP: f32 = 0.87;

/// log(1 + x): u = 1 + x rounded, and what the rounding lost, divided by u
#[inline(always)]
pub fn log1p(x: F32x4) -> F32x4 {
    let one = all(1.0);
    let u = one + x;
    let lost = x.lt(one).select(x - (u - one), one - (u - x));
    // Below 2⁻²⁵, where x² / 2 is lost beside x, x itself is the result, and −0 stays.
    x.abs().lt(all(2.980_232_2e-8)).select(x, log_sum(u, lost / u))
}

/// (tanh x − x) / x³ in powers of x², for |x| < 0.625
const TANH: [f32; 5] = [-0.333_332_84, 0.133_314_83, -0.053_742_774, 0.020_648_062, -0.005_714_063_5];
#[allow(dead_code)]
pub const TANH_ULP: f32 = 1.34;

/// tanh x: a polynomial below 0.625, 1 − 2 / (e²ˣ + 1) above; 1 from 9.1 on
#[inline(always)]
pub fn tanh(x: F32x4) -> F32x4 {
    let a = x.abs().min(all(9.1));
    let square = a * a;
    let small = a + a * square * polynomial(square, TANH);
    let large = all(1.0) - all(2.0) / (exp_inside(a + a) + all(1.0));
    // A NaN fails the comparison and must not take what the bits of NaN made of `large`.
    with_sign(a.ge(all(0.625)).select(large, small), x)
}

/// (erf x − x) / x in powers of x², for |x| < 0.925
const ERF: [f32; 7] =
    [0.128_379_17, -0.376_126_3, 0.112_836_26, -0.026_855_73, 0.005_192_392_5, -0.000_804_951_5, 0.000_079_950_485];
/// (−log(1 − erf x) − x) / x in powers of x, for 0.925 ≤ x ≤ 4
const ERF_TAIL: [f32; 6] =
    [0.128_514_35, 0.635_718_35, 0.105_261_82, -0.022_889_959, 0.003_214_957_4, -0.000_213_985_56];
#[allow(dead_code)]
pub const ERF_ULP: f32 = 1.12;

/// erf x: a polynomial below 0.925, 1 − e^(−x − x·P(x)) above; 1 from 4 on
#[inline(always)]
pub fn erf(x: F32x4) -> F32x4 {
    let a = x.abs().min(all(4.0));
    let small = a + a * polynomial(a * a, ERF);
    let large = all(1.0) - exp_inside(-(a + a * polynomial(a, ERF_TAIL)));
    with_sign(a.ge(all(0.925)).select(large, small), x)
}

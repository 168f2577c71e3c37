//! sin and cos, right for every finite f32: the argument is brought to within π/4 by a subtraction in four parts below 8,192,
//! and from there on by a product with 2/π in whole numbers (Payne & Hanek 1983), of which only the bits that matter are kept.
use super::{ROUND, SIGN, all, polynomial};
use crate::lane::{F32x4, U32x4};

const TWO_OVER_PI: f32 = core::f32::consts::FRAC_2_PI;
/// π/2 in parts of 11 bits, so that their products with k < 2¹³ are exact, and the rest.
const HALF_PI: [f32; 4] = [1.570_312_5, 4.837_513e-4, 7.549_533_6e-8, 2.563_344e-12];
/// From here on the whole numbers take over.
const LARGE: f32 = 8192.0;

/// (sin r − r) / r³ in powers of r², for |r| ≤ π/4
const SIN: [f32; 3] = [-0.166_666_55, 0.008_332_19, -0.000_195_184_05];
/// (cos r − 1 + r²/2) / r⁴ in powers of r², for |r| ≤ π/4
const COS: [f32; 3] = [0.041_666_646, -0.001_388_730_8, 0.000_024_432_094];
#[allow(dead_code)]
pub const SIN_ULP: f32 = 1.56;
#[allow(dead_code)]
pub const COS_ULP: f32 = 1.56;

/// sin x; NaN for ±∞
#[inline(always)]
pub fn sin(x: F32x4) -> F32x4 {
    (wave(x.abs(), 0).bits() ^ (x.bits() & U32x4::splat(SIGN))).as_f32()
}

/// cos x; NaN for ±∞
#[inline(always)]
pub fn cos(x: F32x4) -> F32x4 {
    wave(x.abs(), 1)
}

/// sin(a + ahead·π/2) for a ≥ 0: a = k·π/2 + r, and k + ahead says which of ±sin r and ±cos r it is.
/// One function for all its callers, because it is long.
#[inline(never)]
fn wave(a: F32x4, ahead: u32) -> F32x4 {
    let sum = a * all(TWO_OVER_PI) + all(ROUND);
    let k = sum - all(ROUND);
    // The first two subtractions are exact; what the third rounds away goes into the fourth.
    let near = (a - k * all(HALF_PI[0])) - k * all(HALF_PI[1]);
    let third = k * all(HALF_PI[2]);
    let rough = near - third;
    let mut r = rough - ((third - (near - rough)) + k * all(HALF_PI[3]));
    let mut quarter = sum.bits();
    let large = a.ge(all(LARGE));
    if large.any() {
        let [first, second, third, fourth] =
            [turn(a.lane::<0>()), turn(a.lane::<1>()), turn(a.lane::<2>()), turn(a.lane::<3>())];
        r = large.select(F32x4::new(first.0, second.0, third.0, fourth.0), r);
        quarter = large.select_u32(U32x4::new(first.1, second.1, third.1, fourth.1), quarter);
    }
    let quarter = quarter.wrapping_add(U32x4::splat(ahead));
    let square = r * r;
    let sine = r + r * square * polynomial(square, SIN);
    let cosine = all(1.0) - (all(0.5) * square - square * square * polynomial(square, COS));
    let even = (quarter & U32x4::splat(1)).eq(U32x4::splat(0));
    let sign = (quarter & U32x4::splat(2)).shl(30);
    let y = (even.select(sine, cosine).bits() ^ sign).as_f32();
    a.lt(all(f32::INFINITY)).select(y, all(f32::NAN))
}

/// 32 zeros, then 1/2π in binary
const INVERSE_TURN: [u32; 8] =
    [0, 0x28BE_60DB, 0x9391_054A, 0x7F09_D5F4, 0x7D4D_3770, 0x36D8_A566, 0x4F10_E410, 0x7F94_58EA];

/// a = k·π/2 + r for one a ≥ 8,192: r and k. Of a/2π the whole turns are left out; 64 bits are kept, two for the quarter and 62
/// behind it: no f32 comes nearer to a multiple of π/2 than 2⁻³⁰ or so, which leaves r all its bits.
#[inline(never)]
fn turn(a: f32) -> (f32, u32) {
    let bits = a.to_bits();
    let mantissa = ((bits & 0x7F_FFFF | 0x80_0000) as u64) << 8;
    let exponent = (bits >> 23).wrapping_sub(126);
    let (word, shift) = ((exponent >> 5) as usize, exponent & 31);
    let window = |j: usize| {
        let (high, low) = (INVERSE_TURN[(word + j) & 7] as u64, INVERSE_TURN[(word + j + 1) & 7] as u64);
        ((high << 32 | low) << shift) >> 32
    };
    let product = (mantissa.wrapping_mul(window(0)) << 32)
        .wrapping_add(mantissa.wrapping_mul(window(1)))
        .wrapping_add(mantissa.wrapping_mul(window(2)) >> 32);
    let fraction = (product << 2) as i64;
    let k = (product >> 62) as u32 + (fraction < 0) as u32;
    // π/2 · 2⁻⁶⁴, in f64 so that r is rounded once
    ((fraction as f64 * 8.515_303_950_216_386e-20) as f32, k)
}

//! gelu (Hendrycks & Gimpel 2016), exact and with the tanh in place of erf, with their gradients.
use super::pointwise::{pointwise, run};
use crate::lane::{F32x4, LANES};
use crate::math;
use crate::walk::Address;

const ROOT_HALF: f32 = core::f32::consts::FRAC_1_SQRT_2;
const ONE_OVER_ROOT_TWO_PI: f32 = 0.398_942_3;
const ROOT_TWO_OVER_PI: f32 = 0.797_884_6;
const CUBIC: f32 = 0.044_715;
const THREE_CUBIC: f32 = 0.134_145;

#[inline(always)]
fn all(x: f32) -> F32x4 {
    F32x4::splat(x)
}

/// Φ(x) = ½ · (1 + erf(x · √½))
#[inline(always)]
fn normal(x: F32x4) -> F32x4 {
    all(0.5) * (all(1.0) + math::erf(x * all(ROOT_HALF)))
}

/// tanh(√(2/π) · x · (1 + 0.044715 · x²))
#[inline(always)]
fn inner_tanh(x: F32x4) -> F32x4 {
    math::tanh(all(ROOT_TWO_OVER_PI) * x * (all(1.0) + all(CUBIC) * (x * x)))
}

pointwise! {
    /// out = x · Φ(x), Φ(x) = ½ · (1 + erf(x · √½))
    gelu(x) = x * normal(x);
    /// dx = dy · (Φ(x) + x · φ(x)), φ(x) = e^(−½ · x²) / √(2π)
    gelu_grad(x, dy) = {
        let density = all(ONE_OVER_ROOT_TWO_PI) * math::exp(all(-0.5) * (x * x));
        dy * (normal(x) + x * density)
    };
    /// out = ½ · x · (1 + t), t = tanh(√(2/π) · x · (1 + 0.044715 · x²))
    gelu_tanh(x) = all(0.5) * x * (all(1.0) + inner_tanh(x));
    /// dx = dy · (u + u · (1 − t) · (c · √(2/π) · (1 + 3 · 0.044715 · c²))), t as in gelu_tanh, u = ½ · (1 + t)
    ///
    /// c is x within ±10: beyond, 1 − t² is 0, and must not meet an x² that has become infinite.
    gelu_tanh_grad(x, dy) = {
        let t = inner_tanh(x);
        let c = x.min(all(10.0)).max(all(-10.0));
        let slope = all(ROOT_TWO_OVER_PI) * (all(1.0) + all(THREE_CUBIC) * (c * c));
        let u = all(0.5) * (all(1.0) + t);
        dy * (u + u * (all(1.0) - t) * (c * slope))
    };
}

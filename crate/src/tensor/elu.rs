//! elu and selu, exponential below 0, with their gradients.
use super::pointwise::{pointwise, run, splat};
use crate::lane::{F32x4, LANES};
use crate::math;
use crate::walk::Address;

/// Klambauer et al. 2017: the scale, and scale · α
const SCALE: f32 = 1.050_701;
const SCALE_ALPHA: f32 = 1.758_099_3;

#[inline(always)]
fn all(x: f32) -> F32x4 {
    F32x4::splat(x)
}

/// x > 0 ? scale · x : α · (eˣ − 1)
#[inline(always)]
fn forward(x: F32x4, scale: F32x4, alpha: F32x4) -> F32x4 {
    x.gt(F32x4::zero()).select(scale * x, alpha * math::expm1(x))
}

/// x > 0 ? scale : α · eˣ
#[inline(always)]
fn slope(x: F32x4, scale: F32x4, alpha: F32x4) -> F32x4 {
    x.gt(F32x4::zero()).select(scale, alpha * math::exp(x))
}

pointwise! {
    /// out = x > 0 ? x : α · (eˣ − 1)
    /// numbers: 0 α
    elu(x; numbers: alpha) = forward(x, all(1.0), alpha);
    /// dx = dy · (x > 0 ? 1 : α · eˣ)
    /// numbers: 0 α
    elu_grad(x, dy; numbers: alpha) = dy * slope(x, all(1.0), alpha);
    /// out = x > 0 ? 1.050701 · x : 1.7580993 · (eˣ − 1)
    selu(x) = forward(x, all(SCALE), all(SCALE_ALPHA));
    /// dx = dy · (x > 0 ? 1.050701 : 1.7580993 · eˣ)
    selu_grad(x, dy) = dy * slope(x, all(SCALE), all(SCALE_ALPHA));
}

//! The activations made of eˣ: tanh, sigmoid, silu and softplus, with their gradients.
use super::pointwise::{pointwise, run, splat};
use crate::lane::{F32x4, LANES};
use crate::math;
use crate::walk::Address;

#[inline(always)]
fn all(x: f32) -> F32x4 {
    F32x4::splat(x)
}

/// 1 / (1 + e⁻ˣ)
#[inline(always)]
fn logistic(x: F32x4) -> F32x4 {
    all(1.0) / (all(1.0) + math::exp(-x))
}

pointwise! {
    /// out = tanh x
    tanh(x) = math::tanh(x);
    /// dx = dy · ((1 − y) · (1 + y))
    tanh_grad(y, dy) = dy * ((all(1.0) - y) * (all(1.0) + y));
    /// out = 1 / (1 + e⁻ˣ)
    sigmoid(x) = logistic(x);
    /// dx = dy · (y · (1 − y))
    sigmoid_grad(y, dy) = dy * (y * (all(1.0) - y));
    /// out = x / (1 + e⁻ˣ)
    silu(x) = x / (all(1.0) + math::exp(-x));
    /// dx = dy · s · (1 + x · (1 − s)), s = 1 / (1 + e⁻ˣ)
    silu_grad(x, dy) = {
        let s = logistic(x);
        dy * (s * (all(1.0) + x * (all(1.0) - s)))
    };
    /// out = β·x > threshold ? x : log(1 + e^(β·x)) / β, the logarithm as max(z, 0) + log(1 + e^(−|z|)) with z = β·x
    /// numbers: 0 β, 1 threshold
    softplus(x; numbers: beta, threshold) = {
        let z = beta * x;
        let y = (z.max(F32x4::zero()) + math::log1p(math::exp(-z.abs()))) / beta;
        z.gt(threshold).select(x, y)
    };
    /// dx = β·x > threshold ? dy : dy / (1 + e^(−β·x))
    /// numbers: 0 β, 1 threshold
    softplus_grad(x, dy; numbers: beta, threshold) = {
        let z = beta * x;
        z.gt(threshold).select(dy, dy * logistic(z))
    };
}

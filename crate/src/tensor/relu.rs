//! relu and leaky relu with their gradients, written so that NaN and −0 stay.
use super::pointwise::{pointwise, run, splat};
use crate::lane::{F32x4, LANES};
use crate::walk::Address;

pointwise! {
    /// out = x < 0 ? 0 : x
    relu(x) = x.lt(F32x4::zero()).select(F32x4::zero(), x);
    /// dx = x ≤ 0 ? 0 : dy, so that the gradient at 0 is 0 (PyTorch's choice)
    relu_grad(x, dy) = x.le(F32x4::zero()).select(F32x4::zero(), dy);
    /// out = x > 0 ? x : slope · x
    /// numbers: 0 slope
    leaky_relu(x; numbers: slope) = x.gt(F32x4::zero()).select(x, slope * x);
    /// dx = x > 0 ? dy : slope · dy
    /// numbers: 0 slope
    leaky_relu_grad(x, dy; numbers: slope) = x.gt(F32x4::zero()).select(dy, slope * dy);
}

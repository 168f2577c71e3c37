//! Functions of one number with their gradients: arithmetic, roots, exponentials, logarithms, circular functions, erf.
//! A gradient takes y where that spares it a function, else x.
use super::pointwise::{pointwise, run};
use crate::lane::{F32x4, LANES};
use crate::math;
use crate::walk::Address;

const TWO_OVER_ROOT_PI: f32 = core::f32::consts::FRAC_2_SQRT_PI;

#[inline(always)]
fn all(x: f32) -> F32x4 {
    F32x4::splat(x)
}

pointwise! {
    /// out = −x
    neg(x) = -x;
    /// out = |x|
    abs(x) = x.abs();
    /// dx = dy · sign(x), 0 at ±0
    abs_grad(x, dy) = dy * x.gt(F32x4::zero()).select(all(1.0), x.lt(F32x4::zero()).select(all(-1.0), F32x4::zero()));
    /// out = x · x
    square(x) = x * x;
    /// dx = dy · (x + x)
    square_grad(x, dy) = dy * (x + x);
    /// out = √x
    sqrt(x) = x.sqrt();
    /// dx = dy / (y + y)
    sqrt_grad(y, dy) = dy / (y + y);
    /// out = 1 / x
    reciprocal(x) = all(1.0) / x;
    /// dx = −dy · (y · y)
    reciprocal_grad(y, dy) = -dy * (y * y);
    /// out = 1 / √x
    rsqrt(x) = all(1.0) / x.sqrt();
    /// dx = −½ · dy · (y · (y · y))
    rsqrt_grad(y, dy) = all(-0.5) * dy * (y * (y * y));
    /// out = eˣ
    exp(x) = math::exp(x);
    /// dx = dy · y
    exp_grad(y, dy) = dy * y;
    /// out = log x
    log(x) = math::log(x);
    /// dx = dy / x
    log_grad(x, dy) = dy / x;
    /// out = log(1 + x)
    log1p(x) = math::log1p(x);
    /// dx = dy / (1 + x)
    log1p_grad(x, dy) = dy / (all(1.0) + x);
    /// out = eˣ − 1
    expm1(x) = math::expm1(x);
    /// dx = dy · (y + 1)
    expm1_grad(y, dy) = dy * (y + all(1.0));
    /// out = sin x
    sin(x) = math::sin(x);
    /// dx = dy · cos x
    sin_grad(x, dy) = dy * math::cos(x);
    /// out = cos x
    cos(x) = math::cos(x);
    /// dx = −dy · sin x
    cos_grad(x, dy) = -dy * math::sin(x);
    /// out = erf x
    erf(x) = math::erf(x);
    /// dx = dy · 2/√π · e^(−x²)
    erf_grad(x, dy) = dy * (all(TWO_OVER_ROOT_PI) * math::exp(-(x * x)));
}

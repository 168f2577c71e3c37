//! AMSGrad: Adam whose second moment never falls (Reddi, Kale & Kumar 2018). PyTorch and Keras keep the maximum of v as it is, Optax that
//! of v corrected for its start at zero.
//!
//! g ← sign·g + l2·p;  p ← decay·p
//! m ← m + (1−β₁)(g − m);  v ← β₂·v + (1−β₂)·g·g;  x ← max(x, correction·v)
//! p ← p − step · m / (√(x + inside) · root + eps)
use super::update;
use crate::lane::F32x4;
use crate::walk::Address;

/// numbers: 0 sign, 1 l2, 2 decay, 3 1−β₁, 4 β₂, 5 1−β₂, 6 inside, 7 root, 8 eps, 9 correction, 10 step, 11 flush (a word, 0 or 1)
#[inline(always)]
pub fn amsgrad(p: u32, g: u32, m: u32, v: u32, x: u32, n: u32, numbers: u32) {
    let row = Address::from(numbers);
    let number = |k| row.splat::<F32x4>(k);
    let (sign, l2, decay) = (number(0), number(1), number(2));
    let (one_minus_beta1, beta2, one_minus_beta2) = (number(3), number(4), number(5));
    let (inside, root, eps, correction, step) = (number(6), number(7), number(8), number(9), number(10));
    update(p, g, [m, v, x], n, row.u32(11) != 0, |p, g, [m, v, x]| {
        let g = sign * g + l2 * p;
        let m = m + one_minus_beta1 * (g - m);
        let v = beta2 * v + one_minus_beta2 * g * g;
        let x = x.max(correction * v);
        (decay * p - step * (m / ((x + inside).sqrt() * root + eps)), [m, v, x])
    });
}

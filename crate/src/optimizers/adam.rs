//! Adam with coupled (`l2`) or decoupled (`decay`) weight decay: Kingma & Ba 2015, Loshchilov & Hutter 2019, as PyTorch computes it.
//!
//! g ← sign·g + l2·p;  p ← decay·p
//! m ← m + (1−β₁)(g − m);  v ← β₂·v + (1−β₂)·g·g
//! p ← p − step · m / (√v · root + eps),  step = lr/(1−β₁ᵗ), root = 1/√(1−β₂ᵗ)
use super::update;
use crate::lane::F32x4;
use crate::walk::Address;

/// numbers: 0 sign, 1 l2, 2 decay, 3 1−β₁, 4 β₂, 5 1−β₂, 6 root, 7 eps, 8 step, 9 flush (a word, 0 or 1)
#[inline(always)]
pub fn adam(p: u32, g: u32, m: u32, v: u32, n: u32, numbers: u32) {
    let row = Address::from(numbers);
    let number = |k| row.splat::<F32x4>(k);
    let (sign, l2, decay) = (number(0), number(1), number(2));
    let (one_minus_beta1, beta2, one_minus_beta2) = (number(3), number(4), number(5));
    let (root, eps, step) = (number(6), number(7), number(8));
    update(p, g, [m, v], n, row.u32(9) != 0, |p, g, [m, v]| {
        let g = sign * g + l2 * p;
        let m = m + one_minus_beta1 * (g - m);
        let v = beta2 * v + one_minus_beta2 * g * g;
        (decay * p - step * (m / (v.sqrt() * root + eps)), [m, v])
    });
}

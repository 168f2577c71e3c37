//! Adamax with coupled (`l2`) or decoupled (`decay`) weight decay: Kingma & Ba 2015, section 7.1, with eps inside the maximum (PyTorch,
//! Optax) or beside it (Keras).
//!
//! g ← sign·g + l2·p;  p ← decay·p
//! m ← m + (1−β₁)(g − m);  u ← max(β₂·u, |g| + inside)
//! p ← p − step · m / (u + outside),  step = lr/(1−β₁ᵗ)
use super::update;
use crate::lane::F32x4;
use crate::walk::Address;

/// numbers: 0 sign, 1 l2, 2 decay, 3 1−β₁, 4 β₂, 5 inside, 6 outside, 7 step, 8 flush (a word, 0 or 1)
#[inline(always)]
pub fn adamax(p: u32, g: u32, m: u32, u: u32, n: u32, numbers: u32) {
    let row = Address::from(numbers);
    let number = |k| row.splat::<F32x4>(k);
    let (sign, l2, decay) = (number(0), number(1), number(2));
    let (one_minus_beta1, beta2) = (number(3), number(4));
    let (inside, outside, step) = (number(5), number(6), number(7));
    update(p, g, [m, u], n, row.u32(8) != 0, |p, g, [m, u]| {
        let g = sign * g + l2 * p;
        let m = m + one_minus_beta1 * (g - m);
        let u = (beta2 * u).max(g.abs() + inside);
        (decay * p - step * (m / (u + outside)), [m, u])
    });
}

//! NAdam with coupled (`l2`) or decoupled (`decay`) weight decay: Dozat 2016. How much gradient and average weigh says whose; with
//! ahead = 0 it is Adam with eps inside the root.
//!
//! g ← sign·g + l2·p;  p ← decay·p
//! m ← m + (1−β₁)(g − m);  v ← β₂·v + (1−β₂)·g·g
//! p ← p − (ahead·g + carry·m) / (√(v + inside) · root + eps),  root = 1/√(1−β₂ᵗ)
//! PyTorch, Keras: ahead = lr·(1−μₜ)/(1−Πμ),  carry = lr·μₜ₊₁/(1−μₜ₊₁·Πμ),  μₜ = β₁(1 − ½·0.96^(t·momentumDecay)),  Πμ = μ₁·…·μₜ
//! Optax: ahead = lr·(1−β₁)/(1−β₁ᵗ),  carry = lr·β₁/(1−β₁ᵗ⁺¹);  Ruder 2016: 1−β₁ᵗ there too
use super::update;
use crate::lane::F32x4;
use crate::walk::Address;

/// numbers: 0 sign, 1 l2, 2 decay, 3 1−β₁, 4 β₂, 5 1−β₂, 6 inside, 7 root, 8 eps, 9 ahead, 10 carry, 11 flush (a word, 0 or 1)
#[inline(always)]
pub fn nadam(p: u32, g: u32, m: u32, v: u32, n: u32, numbers: u32) {
    let row = Address::from(numbers);
    let number = |k| row.splat::<F32x4>(k);
    let (sign, l2, decay) = (number(0), number(1), number(2));
    let (one_minus_beta1, beta2, one_minus_beta2) = (number(3), number(4), number(5));
    let (inside, root, eps, ahead, carry) = (number(6), number(7), number(8), number(9), number(10));
    update(p, g, [m, v], n, row.u32(11) != 0, |p, g, [m, v]| {
        let g = sign * g + l2 * p;
        let m = m + one_minus_beta1 * (g - m);
        let v = beta2 * v + one_minus_beta2 * g * g;
        (decay * p - (ahead * g + carry * m) / ((v + inside).sqrt() * root + eps), [m, v])
    });
}

//! Adadelta with coupled weight decay: Zeiler 2012, as PyTorch computes it (the two roots taken as one root of the quotient).
//!
//! g ← sign·g + l2·p
//! v ← ρ·v + (1−ρ)·g·g
//! d = √((u + eps) / (v + eps)) · g
//! u ← ρ·u + (1−ρ)·d·d
//! p ← p − lr·d
use super::update;
use crate::lane::F32x4;
use crate::walk::Address;

/// numbers: 0 sign, 1 l2, 2 lr, 3 ρ, 4 1−ρ, 5 eps, 6 flush (a word, 0 or 1)
#[inline(always)]
pub fn adadelta(p: u32, g: u32, v: u32, u: u32, n: u32, numbers: u32) {
    let row = Address::from(numbers);
    let number = |k| row.splat::<F32x4>(k);
    let (sign, l2, lr) = (number(0), number(1), number(2));
    let (rho, one_minus_rho, eps) = (number(3), number(4), number(5));
    update(p, g, [v, u], n, row.u32(6) != 0, |p, g, [v, u]| {
        let g = sign * g + l2 * p;
        let v = rho * v + one_minus_rho * g * g;
        let d = ((u + eps) / (v + eps)).sqrt() * g;
        let u = rho * u + one_minus_rho * d * d;
        (p - lr * d, [v, u])
    });
}

//! Adagrad with coupled weight decay: Duchi, Hazan & Singer 2011, with eps outside the root (PyTorch) or inside (Keras, Optax).
//!
//! g ← sign·g + l2·p
//! a ← a + g·g
//! p ← p − step · (g / (√(a + inside) + outside)),  step = lr/(1 + (t−1)·lrDecay)
use super::update;
use crate::lane::F32x4;
use crate::walk::Address;

/// numbers: 0 sign, 1 l2, 2 step, 3 inside, 4 outside
#[inline(always)]
pub fn adagrad(p: u32, g: u32, a: u32, n: u32, numbers: u32) {
    let number = |k| Address::from(numbers).splat::<F32x4>(k);
    let (sign, l2, step) = (number(0), number(1), number(2));
    let (inside, outside) = (number(3), number(4));
    update(p, g, [a], n, false, |p, g, [a]| {
        let g = sign * g + l2 * p;
        let a = a + g * g;
        (p - step * (g / ((a + inside).sqrt() + outside)), [a])
    });
}

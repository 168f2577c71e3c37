//! Adagrad with coupled weight decay: Duchi, Hazan & Singer 2011, with eps outside the root (PyTorch) or inside (Keras, Optax).
//!
//! g ← g + pull·p,  pull = sign·weightDecay
//! a ← a + g·g
//! p ← p − step · (g / (√(a + inside) + outside)),  step = sign·lr/(1 + (t−1)·lrDecay)
use super::update;
use crate::lane::F32x4;
use crate::walk::Address;

/// numbers: 0 pull, 1 step, 2 inside, 3 outside
#[inline(always)]
pub fn adagrad(p: u32, g: u32, a: u32, n: u32, numbers: u32) {
    let number = |k| Address::from(numbers).splat::<F32x4>(k);
    let (pull, step, inside, outside) = (number(0), number(1), number(2), number(3));
    update(p, g, [a], n, false, |p, g, [a]| {
        let g = g + pull * p;
        let a = a + g * g;
        (p - step * (g / ((a + inside).sqrt() + outside)), [a])
    });
}

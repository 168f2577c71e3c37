//! Lion with coupled (`l2`) or decoupled (`decay`) weight decay: Chen et al. 2023. A direction that is not a number stays one.
//!
//! g ← sign·g + l2·p;  c = β₁·m + (1−β₁)·g
//! p ← decay·p − lr·sign(c);  m ← β₂·m + (1−β₂)·g
use super::update;
use crate::lane::F32x4;
use crate::walk::Address;

/// numbers: 0 sign, 1 l2, 2 decay, 3 β₁, 4 1−β₁, 5 β₂, 6 1−β₂, 7 lr, 8 −lr, 9 flush (a word, 0 or 1)
#[inline(always)]
pub fn lion(p: u32, g: u32, m: u32, n: u32, numbers: u32) {
    let row = Address::from(numbers);
    let number = |k| row.splat::<F32x4>(k);
    let (sign, l2, decay) = (number(0), number(1), number(2));
    let (beta1, one_minus_beta1) = (number(3), number(4));
    let (beta2, one_minus_beta2) = (number(5), number(6));
    let (up, down) = (number(7), number(8));
    let zero = F32x4::zero();
    update(p, g, [m], n, row.u32(9) != 0, |p, g, [m]| {
        let g = sign * g + l2 * p;
        let c = beta1 * m + one_minus_beta1 * g;
        let step = c.gt(zero).select(up, c.lt(zero).select(down, c));
        (decay * p - step, [beta2 * m + one_minus_beta2 * g])
    });
}

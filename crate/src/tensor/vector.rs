//! Vectors as a search over all parameters at once needs them (L-BFGS): their product, and a move of one along another.
use crate::lane::F32x4;
use crate::walk::{self, Address};

/// out = Σ x·y, each product rounded, by the rule of the plain sum
#[inline(always)]
pub fn dot(x: u32, y: u32, out: u32, n: u32) {
    let (x, y) = (Address::from(x), Address::from(y));
    let total = walk::sum_with(n as usize, &|i, count| x.load_first::<F32x4>(i, count) * y.load_first(i, count));
    Address::from(out).set_f32(0, total);
}

/// out = x + a·y; numbers: 0 a
#[inline(always)]
pub fn add_scaled(x: u32, y: u32, out: u32, n: u32, numbers: u32) {
    let a: F32x4 = Address::from(numbers).splat(0);
    walk::map2(x.into(), y.into(), out.into(), n as usize, |x, y| x + a * y);
}

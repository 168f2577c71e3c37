//! relu(x) = max(x, 0), written so that NaN and −0 stay.
use crate::lane::F32x4;
use crate::walk::{map1, map2};

/// out = x < 0 ? 0 : x
#[inline(always)]
pub fn relu(x: u32, out: u32, n: u32) {
    let zero = F32x4::zero();
    map1(x.into(), out.into(), n as usize, |x| x.lt(zero).select(zero, x));
}

/// dx = x ≤ 0 ? 0 : dy, so that the gradient at 0 is 0 (PyTorch's choice)
#[inline(always)]
pub fn relu_grad(x: u32, dy: u32, dx: u32, n: u32) {
    let zero = F32x4::zero();
    map2(x.into(), dy.into(), dx.into(), n as usize, |x, dy| x.le(zero).select(zero, dy));
}

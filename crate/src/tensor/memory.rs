//! Moving and filling words. Bits move unchanged: nothing here knows whether a word is a number.
use crate::walk::{self, Address};

/// out[i] = x[i]
#[inline(always)]
pub fn copy(x: u32, out: u32, n: u32) {
    walk::copy(x.into(), out.into(), n as usize);
}

/// out[i] = value[0]
#[inline(always)]
pub fn fill(out: u32, n: u32, value: u32) {
    walk::fill(out.into(), n as usize, Address::from(value).splat(0));
}

//! Moving and filling words. Bits move unchanged: nothing here knows whether a word is a number.
use crate::lane::U32x4;
use crate::walk::{self, Address, vectors};

/// out[i] = x[i]
#[inline(always)]
pub fn copy(x: u32, out: u32, n: u32) {
    walk::copy(x.into(), out.into(), n as usize);
}

/// out[i] = value[0]
#[inline(always)]
pub fn fill(out: u32, n: u32, value: u32) {
    let (out, value) = (Address::from(out), Address::from(value).splat::<U32x4>(0));
    vectors(n as usize, |i| out.store(i, value), |i, count| out.store_first(i, value, count));
}

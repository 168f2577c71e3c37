//! The most probable class of each row, and how many of two lists of words agree.
use super::reduce::row_max;
use crate::lane::{F32x4, LANES, U32x4};
use crate::walk::{Address, first, vectors};

/// out[i] = the first j with x[i, j] = maxⱼ x[i, j], a word; the first NaN where there is one; 0 for cols = 0
#[inline(always)]
pub fn argmax(x: u32, out: u32, rows: u32, cols: u32) {
    let (x, out, cols) = (Address::from(x), Address::from(out), cols as usize);
    for i in 0..rows as usize {
        let row = x.offset(i * cols);
        let most = row_max(row, cols, U32x4::splat(0));
        let mut found = 0;
        for j in (0..cols).step_by(LANES) {
            let count = (cols - j).min(LANES);
            let x = row.load_first::<F32x4>(j, count);
            // The maximum is NaN exactly where the row has one: then no x equals it and a NaN does not equal itself.
            let hit = (x.eq(most) | !x.eq(x)) & first(count);
            if hit.any() {
                found = j as u32 + hit.bitmask().trailing_zeros();
                break;
            }
        }
        out.set_u32(i, found);
    }
}

/// out = the number of i with a[i] = b[i], words
#[inline(always)]
pub fn count_equal(a: u32, b: u32, out: u32, n: u32) {
    let [a, b] = [a, b].map(Address::from);
    let mut equal = U32x4::splat(0);
    let mut rest = 0;
    vectors(
        n as usize,
        |i| equal = equal.wrapping_sub(a.load::<U32x4>(i).eq(b.load(i)).bits()),
        |i, count| {
            let hit = a.load_first::<U32x4>(i, count).eq(b.load_first(i, count)) & first(count);
            rest = hit.bitmask().count_ones();
        },
    );
    let total = equal.lane::<0>() + equal.lane::<1>() + equal.lane::<2>() + equal.lane::<3>() + rest;
    Address::from(out).set_u32(0, total);
}

//! Rows chosen by index: the batch out of a data set, and the gradient of that choice.
use super::arithmetic::ADD;
use super::zip::{SAME, zip};
use crate::lane::{F32x4, U32x4};
use crate::walk::{self, Address, vectors};

/// out[i, j] = x[indices[i], j], words of any type; x has total_rows rows
#[inline(always)]
pub fn gather_rows(x: u32, indices: u32, out: u32, rows: u32, width: u32, _total_rows: u32) {
    let [x, indices, out] = [x, indices, out].map(Address::from);
    let width = width as usize;
    for i in 0..rows as usize {
        walk::copy(x.offset(indices.u32(i) as usize * width), out.offset(i * width), width);
    }
}

/// out[i, j] = x[indices[i], j] · scale + offset, x of bytes, numbers: 0 scale, 1 offset
#[inline(always)]
pub fn gather_rows_u8(x: u32, indices: u32, out: u32, rows: u32, width: u32, _total_rows: u32, numbers: u32) {
    let [x, indices, out, numbers] = [x, indices, out, numbers].map(Address::from);
    let (scale, offset) = (numbers.splat::<F32x4>(0), numbers.splat::<F32x4>(1));
    let width = width as usize;
    for i in 0..rows as usize {
        let (row, out) = (x.byte_offset(indices.u32(i) as usize * width), out.offset(i * width));
        vectors(
            width,
            |j| out.store(j, row.load_bytes(j) * scale + offset),
            |j, count| {
                // Byte by byte: nothing behind the data set may be read, it may be the end of the memory.
                for k in j..j + count {
                    out.store_first(k, U32x4::splat(row.u8(k) as u32).to_f32() * scale + offset, 1);
                }
            },
        );
    }
}

/// dx = 0, then dx[indices[i], j] += dy[i, j] for i in ascending order: the gradient of `gather_rows`
#[inline(always)]
pub fn scatter_add_rows(dy: u32, indices: u32, dx: u32, rows: u32, width: u32, total_rows: u32) {
    let [dy, indices, dx] = [dy, indices, dx].map(Address::from);
    let width = width as usize;
    walk::fill(dx, total_rows as usize * width, U32x4::splat(0));
    for i in 0..rows as usize {
        let row = dx.offset(indices.u32(i) as usize * width);
        zip(ADD, [row, dy.offset(i * width), row, row], 1, width as u32, SAME);
    }
}

//! Packing for the matrix product: a panel holds, for each k, the numbers of some rows of A or columns of B side by side.

use super::Matrix;
use crate::lane::{F32x4, LANES};
use crate::walk::Address;

/// Packs `width` (4, 8 or 16) rows of `from`, of which `count` exist, over `depth` columns: out[q · width + r] = from[r, q].
/// What stands for a row that does not exist is not defined: the tile computes it and drops it.
#[inline(never)]
pub fn pack_panel(from: Matrix, count: usize, depth: usize, width: usize, out: Address) {
    if from.row != 1 {
        let mut r = 0;
        while r < width.min(count) {
            transpose(from.from(r, 0), count - r, depth, width, out.offset(r));
            r += LANES;
        }
    } else if width == 8 && count >= 8 {
        copy::<2>(from, depth, width, out);
    } else {
        let mut r = 0;
        while r + LANES <= width.min(count) {
            copy::<1>(from.from(r, 0), depth, width, out.offset(r));
            r += LANES;
        }
        if r < width.min(count) {
            copy_first(from.from(r, 0), count - r, depth, width, out.offset(r));
        }
    }
}

/// V vectors of contiguous rows.
#[inline(always)]
fn copy<const V: usize>(from: Matrix, depth: usize, step: usize, out: Address) {
    let (mut x, mut out) = (from.at, out);
    for _ in 0..depth {
        for v in 0..V {
            out.store(v * LANES, x.load::<F32x4>(v * LANES));
        }
        x = x.offset(from.column);
        out = out.offset(step);
    }
}

/// One to three contiguous rows.
#[inline(always)]
fn copy_first(from: Matrix, count: usize, depth: usize, step: usize, out: Address) {
    for q in 0..depth {
        out.store(q * step, from.at.load_first::<F32x4>(q * from.column, count));
    }
}

/// Four rows whose columns are contiguous, or the `count` that exist.
#[inline(always)]
fn transpose(from: Matrix, count: usize, depth: usize, step: usize, out: Address) {
    let mut rows = [from.at; 4];
    for (r, row) in rows.iter_mut().enumerate() {
        *row = from.from(r.min(count - 1), 0).at;
    }
    let mut out = out;
    let mut left = depth;
    while left >= LANES {
        let columns = transposed(rows.map(|row| row.load(0)));
        for (q, column) in columns.into_iter().enumerate() {
            out.store(q * step, column);
        }
        rows = rows.map(|row| row.offset(LANES));
        out = out.offset(LANES * step);
        left -= LANES;
    }
    if left > 0 {
        let columns = transposed(rows.map(|row| row.load_first(0, left)));
        for (q, column) in columns.into_iter().enumerate().take(left) {
            out.store(q * step, column);
        }
    }
}

/// The 4×4 matrix of lanes, transposed.
#[inline(always)]
fn transposed(x: [F32x4; 4]) -> [F32x4; 4] {
    let low01 = x[0].shuffle::<0, 4, 1, 5>(x[1]);
    let high01 = x[0].shuffle::<2, 6, 3, 7>(x[1]);
    let low23 = x[2].shuffle::<0, 4, 1, 5>(x[3]);
    let high23 = x[2].shuffle::<2, 6, 3, 7>(x[3]);
    [
        low01.shuffle::<0, 1, 4, 5>(low23),
        low01.shuffle::<2, 3, 6, 7>(low23),
        high01.shuffle::<0, 1, 4, 5>(high23),
        high01.shuffle::<2, 3, 6, 7>(high23),
    ]
}

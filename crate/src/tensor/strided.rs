//! Moves between a contiguous tensor and a strided one of up to four axes: transpose, expand, slice, and the way back.
//! Words move unchanged.
use crate::lane::{LANES, U32x4};
use crate::walk::{self, Address};
use core::ops::Range;

/// A transpose moves tiles of 16 × 8, so that whole cache lines are read, at most eight of them from one place in the cache.
const TILE_ROWS: usize = 16;
const TILE_COLS: usize = 8;

/// out[i0, i1, i2, i3] = x[i0·s0 + i1·s1 + i2·s2 + i3·s3]; out is contiguous [n0, n1, n2, n3], a stride 0 repeats.
#[allow(clippy::too_many_arguments)]
#[inline(always)]
pub fn copy_strided(x: u32, out: u32, n0: u32, n1: u32, n2: u32, n3: u32, s0: u32, s1: u32, s2: u32, s3: u32) {
    let (n, s) = ([n0, n1, n2, n3], [s0, s1, s2, s3]);
    planes(x.into(), out.into(), n, s, contiguous(n), partner(n, s));
}

/// out[i0·s0 + i1·s1 + i2·s2 + i3·s3] = x[i0, i1, i2, i3]; x is contiguous, other words of out stay. The strides keep the positions
/// apart.
#[allow(clippy::too_many_arguments)]
#[inline(always)]
pub fn scatter_strided(x: u32, out: u32, n0: u32, n1: u32, n2: u32, n3: u32, s0: u32, s1: u32, s2: u32, s3: u32) {
    let (n, s) = ([n0, n1, n2, n3], [s0, s1, s2, s3]);
    planes(x.into(), out.into(), n, contiguous(n), s, partner(n, s));
}

#[inline(always)]
fn contiguous([_, n1, n2, n3]: [u32; 4]) -> [u32; 4] {
    [n1.wrapping_mul(n2).wrapping_mul(n3), n2.wrapping_mul(n3), n3, 1]
}

/// The axis that forms a plane with the last one: where the last is not contiguous, one that is.
#[inline(always)]
fn partner(n: [u32; 4], s: [u32; 4]) -> usize {
    if s[3] > 1 {
        for axis in 0..2 {
            if s[axis] == 1 && n[axis] > 1 {
                return axis;
            }
        }
    }
    2
}

#[inline(never)]
fn planes(x: Address, out: Address, n: [u32; 4], x_step: [u32; 4], out_step: [u32; 4], axis: usize) {
    let axis = axis & 3;
    let (p, q) = if axis == 0 { (1, 2) } else { (0, 3 - axis) };
    let at = |start: Address, step: &[u32; 4], i: u32, j: u32| {
        start.offset(i.wrapping_mul(step[p]).wrapping_add(j.wrapping_mul(step[q])) as usize)
    };
    let (rows, cols) = (n[axis] as usize, n[3] as usize);
    let [x_row, x_col, out_row, out_col] =
        [x_step[axis], x_step[3], out_step[axis], out_step[3]].map(|step| step as usize);
    for i in 0..n[p] {
        for j in 0..n[q] {
            let (x, out) = (at(x, &x_step, i, j), at(out, &out_step, i, j));
            if out_row == 1 && x_col == 1 {
                plane(x, out, cols, rows, [x_col, x_row], [out_col, out_row]);
            } else {
                plane(x, out, rows, cols, [x_row, x_col], [out_row, out_col]);
            }
        }
    }
}

/// out[i·out_row + j·out_col] = x[i·x_row + j·x_col]
#[inline(never)]
fn plane(x: Address, out: Address, rows: usize, cols: usize, x_step: [usize; 2], out_step: [usize; 2]) {
    let ([x_row, x_col], [out_row, out_col]) = (x_step, out_step);
    if out_col == 1 && x_col <= 1 {
        for i in 0..rows {
            let (x, out) = (x.offset(i * x_row), out.offset(i * out_row));
            if x_col == 1 {
                walk::copy(x, out, cols);
            } else if cols > 0 {
                walk::fill(out, cols, x.splat(0));
            }
        }
    } else if out_col == 1 && x_row == 1 {
        let (whole_rows, whole_cols) = (rows & !(LANES - 1), cols & !(LANES - 1));
        for top in (0..whole_rows).step_by(TILE_ROWS) {
            for left in (0..whole_cols).step_by(TILE_COLS) {
                for i in (top..(top + TILE_ROWS).min(whole_rows)).step_by(LANES) {
                    for j in (left..(left + TILE_COLS).min(whole_cols)).step_by(LANES) {
                        transpose(x.offset(i + j * x_col), x_col, out.offset(i * out_row + j), out_row);
                    }
                }
            }
        }
        words(x, out, 0..rows, whole_cols..cols, x_step, out_step);
        words(x, out, whole_rows..rows, 0..whole_cols, x_step, out_step);
    } else {
        words(x, out, 0..rows, 0..cols, x_step, out_step);
    }
}

#[inline(never)]
fn words(x: Address, out: Address, rows: Range<usize>, cols: Range<usize>, x_step: [usize; 2], out_step: [usize; 2]) {
    for i in rows {
        for j in cols.clone() {
            out.set_u32(i * out_step[0] + j * out_step[1], x.u32(i * x_step[0] + j * x_step[1]));
        }
    }
}

/// A block of 4 × 4.
#[inline(always)]
fn transpose(x: Address, x_col: usize, out: Address, out_row: usize) {
    let [a, b, c, d] = [0, 1, 2, 3].map(|j| x.load::<U32x4>(j * x_col));
    let (ab_low, ab_high) = (a.shuffle::<0, 4, 1, 5>(b), a.shuffle::<2, 6, 3, 7>(b));
    let (cd_low, cd_high) = (c.shuffle::<0, 4, 1, 5>(d), c.shuffle::<2, 6, 3, 7>(d));
    out.store(0, ab_low.shuffle::<0, 1, 4, 5>(cd_low));
    out.store(out_row, ab_low.shuffle::<2, 3, 6, 7>(cd_low));
    out.store(2 * out_row, ab_high.shuffle::<0, 1, 4, 5>(cd_high));
    out.store(3 * out_row, ab_high.shuffle::<2, 3, 6, 7>(cd_high));
}

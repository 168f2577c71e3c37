//! How kernels of two or three operands walk over a matrix. A formula is one short loop; rows, broadcasting and tails are the same
//! code for all of them, so that a formula stands in the module once.
use crate::lane::{LANES, U32x4};
use crate::walk::{Address, with_spare};

/// The loop of one formula over n elements, a multiple of four. An operand with step 0 repeats its first vector.
pub type Loop = fn(a: Address, a_step: usize, b: Address, b_step: usize, c: Address, out: Address, n: usize);

/// Where the elements of two operands lie: (i, j) is `i * row + j * col` elements behind the start; col is 0 or 1.
#[derive(Clone, Copy)]
pub struct Layout {
    pub a_row: u32,
    pub a_col: u32,
    pub b_row: u32,
    pub b_col: u32,
}

/// Both operands contiguous.
pub const SAME: Layout = Layout { a_row: 0, a_col: 1, b_row: 0, b_col: 1 };
/// One row and one number.
pub const SCALAR: Layout = Layout { a_row: 0, a_col: 1, b_row: 0, b_col: 0 };
/// Two numbers.
pub const NUMBERS: Layout = Layout { a_row: 0, a_col: 0, b_row: 0, b_col: 0 };

/// Writes a formula of three vectors as a `Loop`.
macro_rules! formula {
    (|$a:ident, $b:ident, $c:pat_param| $value:expr) => {{
        fn code(a: Address, a_step: usize, b: Address, b_step: usize, c: Address, out: Address, n: usize) {
            let mut i = 0;
            while i < n {
                let $a: F32x4 = a.load(i * a_step);
                let $b: F32x4 = b.load(i * b_step);
                let $c: F32x4 = c.load(i);
                out.store(i, $value);
                i += LANES;
            }
        }
        code as Loop
    }};
}
pub(super) use formula;

/// out[i, j] = f(a[i, j], b[i, j], c[i, j]) for rows × cols elements; c and out are contiguous.
#[inline(never)]
pub fn zip(code: Loop, [a, b, c, out]: [Address; 4], rows: u32, cols: u32, layout: Layout) {
    let Layout { mut a_row, mut a_col, mut b_row, mut b_col } = layout;
    let (mut rows, mut cols) = (rows as usize, cols as usize);
    // A matrix of one column is walked as one row.
    if cols == 1 && a_row <= 1 && b_row <= 1 {
        (cols, rows) = (rows, 1);
        (a_col, b_col) = (a_row, b_row);
        (a_row, b_row) = (0, 0);
    }
    if cols == 0 {
        return;
    }
    with_spare::<{ 6 * LANES }, _>(|spare| {
        let [a_repeated, b_repeated, a_tail, b_tail, c_tail, result] =
            [0, 1, 2, 3, 4, 5].map(|k| spare.offset(k * LANES));
        let (whole, tail) = (cols & !(LANES - 1), cols & (LANES - 1));
        for i in 0..rows {
            let (a, a_step) = operand(a, i * a_row as usize, a_col, a_repeated);
            let (b, b_step) = operand(b, i * b_row as usize, b_col, b_repeated);
            let (c, out) = (c.offset(i * cols), out.offset(i * cols));
            // Nothing behind the operands may be read or written. The last vector of a row is computed before the others, because
            // it overlaps them and `out` may be an operand; a row shorter than a vector is computed on copies.
            let last = cols.wrapping_sub(LANES);
            if whole == 0 {
                let short =
                    |from: Address, step: usize, to: Address| if step == 0 { from } else { copy_tail(from, to, tail) };
                let (a, b) = (short(a, a_step, a_tail), short(b, b_step, b_tail));
                code(a, a_step, b, b_step, copy_tail(c, c_tail, tail), result, LANES);
                out.store_first::<U32x4>(0, result.load(0), tail);
                continue;
            }
            if tail > 0 {
                let (a, b) = (a.offset(last * a_step), b.offset(last * b_step));
                code(a, a_step, b, b_step, c.offset(last), result, LANES);
            }
            code(a, a_step, b, b_step, c, out, whole);
            if tail > 0 {
                out.store::<U32x4>(last, result.load(0));
            }
        }
    });
}

/// Address and step of a row; a row that repeats one element is laid out as a vector in `repeated`.
#[inline(always)]
fn operand(start: Address, row: usize, col: u32, repeated: Address) -> (Address, usize) {
    let start = start.offset(row);
    if col != 0 {
        return (start, 1);
    }
    repeated.store::<U32x4>(0, start.splat(0));
    (repeated, 0)
}

/// Copies `count` elements to a vector of their own.
#[inline(never)]
fn copy_tail(from: Address, to: Address, count: usize) -> Address {
    to.store::<U32x4>(0, from.load_first(0, count));
    to
}

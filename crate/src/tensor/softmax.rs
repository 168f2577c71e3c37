//! Softmax and its logarithm over the last axis, with their gradients. Each row is shifted by its maximum, so that no exponential
//! overflows; sums along a row are plain sums. The exponentials of all rows are taken in one go, without a tail a row.
use super::arithmetic::{DIV, SUB};
use super::reduce::row_max;
use super::unary;
use super::zip::{Loop, SCALAR, formula, zip};
use crate::lane::{F32x4, LANES, U32x4};
use crate::walk::{self, Address, SUM_BLOCK, sum_of_blocks, sum_with, with_spare};

/// y = e / Σ e, e = exp(x − max x), a row of x each
#[inline(never)]
pub fn softmax(x: u32, out: u32, rows: u32, cols: u32) {
    each_row([x, out], rows, cols, |[x, out]| {
        let mut most = row_max(x, cols as usize, U32x4::splat(0)).lane::<0>();
        zip(SUB, [x, address(&mut most), out, out], 1, cols, SCALAR);
    });
    unary::exp(out, out, rows * cols);
    each_row([out], rows, cols, |[out]| {
        let mut sum = walk::sum(out, cols as usize);
        zip(DIV, [out, address(&mut sum), out, out], 1, cols, SCALAR);
    });
}

/// y = (x − max x) − log Σ exp(x − max x), a row of x each
#[inline(always)]
pub fn log_softmax(x: u32, out: u32, rows: u32, cols: u32) {
    each_row([x, out], rows, cols, |[x, out]| {
        let (mut most, mut log_sum) = log_sum_exp(x, cols);
        zip(SUB, [x, address(&mut most), out, out], 1, cols, SCALAR);
        zip(SUB, [out, address(&mut log_sum), out, out], 1, cols, SCALAR);
    });
}

/// dx = y · (dy − Σ y·dy), a row each, y the result of `softmax`
#[inline(always)]
pub fn softmax_grad(y: u32, dy: u32, dx: u32, rows: u32, cols: u32) {
    each_row([y, dy, dx], rows, cols, |[y, dy, dx]| {
        let along = |i, count| y.load_first::<F32x4>(i, count) * dy.load_first(i, count);
        let mut shared = sum_with(cols as usize, &along);
        let code = formula!(|y, shared, dy| y * (dy - shared));
        zip(code, [y, address(&mut shared), dy, dx], 1, cols, SCALAR);
    });
}

/// dx = dy − exp(y) · Σ dy, a row each, y the result of `log_softmax`
#[inline(always)]
pub fn log_softmax_grad(y: u32, dy: u32, dx: u32, rows: u32, cols: u32) {
    unary::exp(y, dx, rows * cols);
    each_row([dy, dx], rows, cols, |[dy, dx]| {
        let mut shared = walk::sum(dy, cols as usize);
        let code = formula!(|e, shared, dy| dy - e * shared);
        zip(code, [dx, address(&mut shared), dy, dx], 1, cols, SCALAR);
    });
}

/// Calls f(addresses of row i) for each row.
#[inline(always)]
fn each_row<const K: usize>(starts: [u32; K], rows: u32, cols: u32, f: impl Fn([Address; K])) {
    for i in 0..rows as usize {
        f(starts.map(|start| Address::from(start).offset(i * cols as usize)));
    }
}

/// A number as an operand of `zip`.
#[inline(always)]
pub fn address(number: &mut f32) -> Address {
    Address::from(&raw mut *number as u32)
}

/// max x and log Σ exp(x − max x) for a row of n.
#[inline(never)]
pub fn log_sum_exp(x: Address, n: u32) -> (f32, f32) {
    let mut most = row_max(x, n as usize, U32x4::splat(0)).lane::<0>();
    let most_at = address(&mut most);
    let mut sum = with_spare::<SUM_BLOCK, _>(|spare| {
        sum_of_blocks(n as usize, &|begin, end| {
            let length = (end - begin) as u32;
            zip(SUB, [x.offset(begin), most_at, spare, spare], 1, length, SCALAR);
            unary::exp(spare.into(), spare.into(), length);
            walk::sum(spare, end - begin)
        })
    });
    let sum_at = address(&mut sum).into();
    unary::log(sum_at, sum_at, 1);
    (most, sum)
}

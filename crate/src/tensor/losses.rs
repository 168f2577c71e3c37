//! Cross-entropies of logits and the squared error, one loss a row or an element, with their gradients. A mean loss is `mean` of
//! these; dy, the gradient that comes back, is then one number: step 0.
use super::arithmetic::{MUL, SUB};
use super::softmax::{address, log_sum_exp, softmax};
use super::zip::{Layout, Loop, SAME, SCALAR, formula, zip};
use super::{sigmoid, unary};
use crate::lane::{F32x4, LANES};
use crate::walk::{self, Address, sum_with};

/// losses[i] = log Σ exp(x − m) + (m − x[label]), x row i of logits, m its maximum; labels are words below cols
#[inline(always)]
pub fn cross_entropy(logits: u32, labels: u32, losses: u32, rows: u32, cols: u32) {
    let [logits, labels, losses] = [logits, labels, losses].map(Address::from);
    for i in 0..rows as usize {
        let x = logits.offset(i * cols as usize);
        let (most, log_sum) = log_sum_exp(x, cols);
        losses.set_f32(i, log_sum + (most - x.f32(labels.u32(i) as usize)));
    }
}

/// dx[i, j] = (softmax(x)[j] − (j = label ? 1 : 0)) · dy[i·dy_step]
#[inline(always)]
pub fn cross_entropy_grad(logits: u32, labels: u32, dy: u32, dx: u32, rows: u32, cols: u32, dy_step: u32) {
    softmax(logits, dx, rows, cols);
    let [labels, dy, dx] = [labels, dy, dx].map(Address::from);
    for i in 0..rows as usize {
        let label = i * cols as usize + labels.u32(i) as usize;
        dx.set_f32(label, dx.f32(label) - 1.0);
    }
    times_dy(dx, dy, rows, cols, dy_step);
}

/// losses[i] = Σⱼ t[j] · (log Σ exp(x − m) − (x[j] − m)), x and t rows i of logits and targets: −Σ t log softmax(x)
#[inline(always)]
pub fn cross_entropy_rows(logits: u32, targets: u32, losses: u32, rows: u32, cols: u32) {
    let [logits, targets, losses] = [logits, targets, losses].map(Address::from);
    for i in 0..rows as usize {
        let row = i * cols as usize;
        let (x, t) = (logits.offset(row), targets.offset(row));
        let (most, log_sum) = log_sum_exp(x, cols);
        let (most, log_sum) = (F32x4::splat(most), F32x4::splat(log_sum));
        let loss = sum_with(cols as usize, &|j, count| {
            t.load_first::<F32x4>(j, count) * (log_sum - (x.load_first::<F32x4>(j, count) - most))
        });
        losses.set_f32(i, loss);
    }
}

/// dx[i, j] = (softmax(x)[j] · Σ t − t[j]) · dy[i·dy_step]
#[inline(always)]
pub fn cross_entropy_rows_grad(logits: u32, targets: u32, dy: u32, dx: u32, rows: u32, cols: u32, dy_step: u32) {
    softmax(logits, dx, rows, cols);
    let [targets, dy, dx] = [targets, dy, dx].map(Address::from);
    for i in 0..rows as usize {
        let row = i * cols as usize;
        let mut total = walk::sum(targets.offset(row), cols as usize);
        let out = dx.offset(row);
        zip(MUL, [out, address(&mut total), out, out], 1, cols, SCALAR);
    }
    zip(SUB, [dx, targets, dx, dx], 1, rows * cols, SAME);
    times_dy(dx, dy, rows, cols, dy_step);
}

#[inline(always)]
fn times_dy(dx: Address, dy: Address, rows: u32, cols: u32, dy_step: u32) {
    zip(MUL, [dx, dy, dx, dx], rows, cols, Layout { a_row: cols, a_col: 1, b_row: dy_step, b_col: 0 });
}

/// out[i] = (max(x, 0) − x·t) + log(1 + e), e = exp(−|x|): binary cross-entropy of sigmoid(x) with the target t
#[inline(always)]
pub fn sigmoid_cross_entropy(x: u32, t: u32, out: u32, n: u32) {
    let [x_at, t_at, out_at] = [x, t, out].map(Address::from);
    zip(formula!(|x, _x, _out| -x.abs()), [x_at, x_at, out_at, out_at], 1, n, SAME);
    unary::exp(out, out, n);
    unary::log1p(out, out, n);
    let code = formula!(|x, t, rest| (x.max(F32x4::zero()) - x * t) + rest);
    zip(code, [x_at, t_at, out_at, out_at], 1, n, SAME);
}

/// dx[i] = (sigmoid(x) − t) · dy[i·dy_step], sigmoid(x) = 1 / (1 + e⁻ˣ)
#[inline(always)]
pub fn sigmoid_cross_entropy_grad(x: u32, t: u32, dy: u32, dx: u32, n: u32, dy_step: u32) {
    sigmoid::sigmoid(x, dx, n);
    let code = formula!(|y, dy, t| (y - t) * dy);
    zip(code, [dx, dy, t, dx].map(Address::from), 1, n, Layout { b_col: dy_step, ..SAME });
}

/// out[i] = (x − t)²
#[inline(always)]
pub fn squared_error(x: u32, t: u32, out: u32, n: u32) {
    let code = formula!(|x, t, _| (x - t) * (x - t));
    zip(code, [x, t, out, out].map(Address::from), 1, n, SAME);
}

/// dx[i] = 2 · (x − t) · dy[i·dy_step]; with x and t exchanged it is the gradient of t
#[inline(always)]
pub fn squared_error_grad(x: u32, t: u32, dy: u32, dx: u32, n: u32, dy_step: u32) {
    let code = formula!(|x, dy, t| F32x4::splat(2.0) * (x - t) * dy);
    zip(code, [x, dy, t, dx].map(Address::from), 1, n, Layout { b_col: dy_step, ..SAME });
}

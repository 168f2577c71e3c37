//! Arithmetic of two operands, with the broadcasting that a matrix can show: same shape, a row, a column, one number.
//!
//! out[i·cols + j] = a[i·a_row + j·a_col] ∘ b[i·b_row + j·b_col]; a_col and b_col are 0 or 1. `out` may be `a` or `b` where
//! that has the shape of `out`.
use super::zip::{Layout, Loop, formula, zip};
use crate::lane::{F32x4, LANES};
use crate::walk::Address;

/// a + b
pub const ADD: Loop = formula!(|a, b, _| a + b);
/// a − b
pub const SUB: Loop = formula!(|a, b, _| a - b);
/// a · b
pub const MUL: Loop = formula!(|a, b, _| a * b);
/// a / b
pub const DIV: Loop = formula!(|a, b, _| a / b);
/// The larger one; NaN wins, −0 < +0.
const MAXIMUM: Loop = formula!(|a, b, _| a.max(b));
/// The smaller one; NaN wins, −0 < +0.
const MINIMUM: Loop = formula!(|a, b, _| a.min(b));

macro_rules! arithmetic {
    ($($(#[$doc:meta])* $name:ident = $code:expr;)*) => {$(
        $(#[$doc])*
        #[allow(clippy::too_many_arguments)]
        #[inline(always)]
        pub fn $name(
            a: u32, b: u32, out: u32, rows: u32, cols: u32, a_row: u32, a_col: u32, b_row: u32, b_col: u32,
        ) {
            zip($code, [a, b, out, out].map(Address::from), rows, cols, Layout { a_row, a_col, b_row, b_col });
        }
    )*};
}
arithmetic! {
    /// a + b
    add = ADD;
    /// a − b
    sub = SUB;
    /// a · b
    mul = MUL;
    /// a / b
    div = DIV;
    /// The larger one; NaN wins, −0 < +0.
    maximum = MAXIMUM;
    /// The smaller one; NaN wins, −0 < +0.
    minimum = MINIMUM;
}

macro_rules! gradient {
    ($($(#[$doc:meta])* $name:ident = $code:expr;)*) => {$(
        $(#[$doc])*
        #[allow(clippy::too_many_arguments)]
        #[inline(always)]
        pub fn $name(
            a: u32, b: u32, dy: u32, da: u32, rows: u32, cols: u32, a_row: u32, a_col: u32, b_row: u32, b_col: u32,
        ) {
            zip($code, [a, b, dy, da].map(Address::from), rows, cols, Layout { a_row, a_col, b_row, b_col });
        }
    )*};
}
gradient! {
    /// da[i, j] = a < b ? 0 : a = b ? dy/2 : dy, the share of the first operand in the gradient of `maximum`. The second operand's
    /// is the same with a and b exchanged.
    maximum_grad = formula!(|a, b, dy| a.lt(b).select(F32x4::zero(), half_of_ties(a, b, dy)));
    /// da[i, j] = a > b ? 0 : a = b ? dy/2 : dy
    minimum_grad = formula!(|a, b, dy| a.gt(b).select(F32x4::zero(), half_of_ties(a, b, dy)));
}

#[inline(always)]
fn half_of_ties(a: F32x4, b: F32x4, dy: F32x4) -> F32x4 {
    a.eq(b).select(F32x4::splat(0.5) * dy, dy)
}

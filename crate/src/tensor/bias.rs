//! Adding one row to every row of a matrix, and the gradient of that: the sum of each column.

use crate::lane::{F32x4, LANES};
use crate::walk::{Address, map2, vectors};

/// Rows in one block of a column's sum: the block of k of the matrix product, of which this is the one with a row of ones.
const BLOCK: usize = 256;

/// Matrices with fewer columns are walked column by column.
const NARROW: usize = 32;

/// out[i, j] = x[i, j] + bias[j]; out may be x
#[inline(always)]
pub fn add_bias(x: u32, bias: u32, out: u32, rows: u32, cols: u32) {
    let (mut x, bias, mut out) = (Address::from(x), Address::from(bias), Address::from(out));
    let (rows, cols) = (rows as usize, cols as usize);
    if cols >= NARROW {
        for _ in 0..rows {
            map2(x, bias, out, cols, |x, bias| x + bias);
            (x, out) = (x.offset(cols), out.offset(cols));
        }
    } else {
        vectors(
            cols,
            |j| {
                let bias: F32x4 = bias.load(j);
                for i in 0..rows {
                    out.store(i * cols + j, x.load::<F32x4>(i * cols + j) + bias);
                }
            },
            |j, count| {
                let bias: F32x4 = bias.load_first(j, count);
                for i in 0..rows {
                    let sum = x.load_first::<F32x4>(i * cols + j, count) + bias;
                    out.store_first(i * cols + j, sum, count);
                }
            },
        );
    }
}

/// out[j] = Σᵢ x[i, j]: blocks of 256 rows, each added in ascending order from +0; block sums added in ascending order
#[inline(always)]
pub fn column_sum(x: u32, out: u32, rows: u32, cols: u32) {
    let (x, out, rows, cols) = (Address::from(x), Address::from(out), rows as usize, cols as usize);
    let mut j = 0;
    while j + 4 * LANES <= cols {
        let sums = sums::<4>(rows, cols, |i| [0, 1, 2, 3].map(|v| x.load(i + j + v * LANES)));
        for (v, sum) in sums.into_iter().enumerate() {
            out.store(j + v * LANES, sum);
        }
        j += 4 * LANES;
    }
    while j < cols {
        let count = LANES.min(cols - j);
        let [sum] = sums::<1>(rows, cols, |i| [x.load_first(i + j, count)]);
        out.store_first(j, sum, count);
        j += LANES;
    }
}

/// The sums of V vectors of columns; `load(i)` gives those of the row that begins at element i.
#[inline(always)]
fn sums<const V: usize>(rows: usize, cols: usize, load: impl Fn(usize) -> [F32x4; V]) -> [F32x4; V] {
    let mut total = [F32x4::zero(); V];
    let mut begin = 0;
    while begin < rows {
        let mut block = [F32x4::zero(); V];
        for i in begin..rows.min(begin + BLOCK) {
            let row = load(i * cols);
            for v in 0..V {
                block[v] = block[v] + row[v];
            }
        }
        for v in 0..V {
            total[v] = if begin == 0 { block[v] } else { total[v] + block[v] };
        }
        begin += BLOCK;
    }
    total
}

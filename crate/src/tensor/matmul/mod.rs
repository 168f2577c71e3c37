//! The matrix product C = A·B. Each element is one sum over k by the rule of the definition, whatever path computes it:
//! k is cut in blocks of 256; a block adds its rounded products one by one in ascending order from +0; C is the first block's
//! sum, to which the following blocks' sums are added in ascending order. Tiles pad m and n, never k.

mod pack;
mod tile;

use crate::lane::F32x4;
use crate::walk::{Address, vectors};
use pack::pack_panel;
use tile::{Place, tile};

/// Products in one block of k: a constant of the definition, not to be tuned.
const BLOCK: usize = 256;

/// Rows and columns of the tile whose sums stay in registers: 8 vectors of sums, 2 of B and 1 of A leave room in the 15
/// registers that engines have on x64, and 16 operations on 6 loads make the arithmetic the limit.
const TILE_ROWS: usize = 4;
const TILE_COLUMNS: usize = 8;
/// A single row is computed as tiles of one row and this many columns.
const ROW_COLUMNS: usize = 16;

/// Rows of A and columns of B that are packed at a time: 64 and 512 KiB at a whole block of k, for the second-level cache.
/// The panel of B in use, 8 KiB, stays in the first.
const PACKED_ROWS: usize = 64;
const PACKED_COLUMNS: usize = 512;

/// Elements of the scratch space where a tile lies that is not whole.
const SPARE: usize = TILE_ROWS * TILE_COLUMNS;

/// A matrix in memory: the element at (i, j) lies `i * row + j * column` elements behind `at`. One stride is 1.
#[derive(Clone, Copy)]
struct Matrix {
    at: Address,
    row: usize,
    column: usize,
}

impl Matrix {
    /// The part that begins at (i, j).
    #[inline(always)]
    fn from(self, i: usize, j: usize) -> Self {
        Self { at: self.at.offset(i * self.row + j * self.column), ..self }
    }
    #[inline(always)]
    fn transposed(self) -> Self {
        Self { at: self.at, row: self.column, column: self.row }
    }
}

/// out = A·B, A m×k with elements a[i·a_row + q·a_col], B k×n with elements b[q·b_row + j·b_col], out m×n row by row
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn matmul(
    a: u32,
    b: u32,
    out: u32,
    m: u32,
    n: u32,
    k: u32,
    a_row: u32,
    a_col: u32,
    b_row: u32,
    b_col: u32,
    scratch: u32,
) {
    let (mut m, mut n, k) = (m as usize, n as usize, k as usize);
    let mut a = Matrix { at: a.into(), row: a_row as usize, column: a_col as usize };
    let mut b = Matrix { at: b.into(), row: b_row as usize, column: b_col as usize };
    let (out, scratch) = (Address::from(out), Address::from(scratch));
    if k == 0 {
        let zero = F32x4::zero();
        return vectors(m * n, |i| out.store(i, zero), |i, count| out.store_first(i, zero, count));
    }
    // One column is computed as one row, Cᵀ = Bᵀ·Aᵀ, which lies in memory alike: vectors run over the longer side.
    if n == 1 {
        (m, n) = (1, m);
        (a, b) = (b.transposed(), a.transposed());
    }
    let packed = packs(m, n, k);
    let mut q = 0;
    while q < k {
        let depth = BLOCK.min(k - q);
        let place = Place { at: out, stride: n, rows: m, columns: n, first: q == 0 };
        let (a, b) = (a.from(0, q), b.from(q, 0));
        if packed {
            packed_block(a, b, place, depth, scratch);
        } else if m == 1 {
            direct_block::<1, ROW_COLUMNS>(a, b, place, depth, scratch);
        } else {
            direct_block::<TILE_ROWS, TILE_COLUMNS>(a, b, place, depth, scratch);
        }
        q += BLOCK;
    }
}

/// Whether both matrices are copied first, in the order in which the tiles read them. `matmulScratch` in TypeScript asks the same.
#[inline(always)]
fn packs(m: usize, n: usize, k: usize) -> bool {
    m >= 8 && n > 16 && m * k > 4096
}

/// Columns of the next panel of B when `left` are left: the tile's width while it fills more than half of it.
#[inline(always)]
fn panel_width(left: usize, most: usize) -> usize {
    if left > 12 && most >= 16 {
        16
    } else if left > 4 {
        8
    } else {
        4
    }
}

/// One block of k, both matrices packed.
#[inline(never)]
fn packed_block(a: Matrix, b: Matrix, place: Place, depth: usize, scratch: Address) {
    let (m, n) = (place.rows, place.columns);
    let (spare, scratch) = (scratch, scratch.offset(SPARE));
    let a_panels = scratch;
    let b_panels = scratch.offset(m.min(PACKED_ROWS).next_multiple_of(TILE_ROWS) * depth);
    let mut j0 = 0;
    while j0 < n {
        let columns = PACKED_COLUMNS.min(n - j0);
        let mut j = 0;
        while j < columns {
            let width = panel_width(columns - j, TILE_COLUMNS);
            pack_panel(b.from(0, j0 + j).transposed(), columns - j, depth, width, b_panels.offset(j * depth));
            j += width;
        }
        let mut i0 = 0;
        while i0 < m {
            let rows = PACKED_ROWS.min(m - i0);
            let mut i = 0;
            while i < rows {
                pack_panel(a.from(i0 + i, 0), rows - i, depth, TILE_ROWS, a_panels.offset(i * depth));
                i += TILE_ROWS;
            }
            let mut j = 0;
            while j < columns {
                let panel = b_panels.offset(j * depth);
                let width = panel_width(columns - j, TILE_COLUMNS);
                let mut i = 0;
                while i < rows {
                    let a = a_panels.offset(i * depth);
                    let a = [0, 1, 2, 3].map(|r| a.offset(r));
                    let place = place.from(i0 + i, j0 + j);
                    match width {
                        8 => tile::<4, 2>(a, TILE_ROWS, panel, 8, depth, place, spare),
                        _ => tile::<4, 1>(a, TILE_ROWS, panel, 4, depth, place, spare),
                    }
                    i += TILE_ROWS;
                }
                j += width;
            }
            i0 += rows;
        }
        j0 += columns;
    }
}

/// One block of k with A as it lies, and B as it lies where its rows are contiguous and fill the tile.
#[inline(never)]
fn direct_block<const ROWS: usize, const COLUMNS: usize>(
    a: Matrix,
    b: Matrix,
    place: Place,
    depth: usize,
    scratch: Address,
) {
    let (m, n) = (place.rows, place.columns);
    let (spare, scratch) = (scratch, scratch.offset(SPARE));
    // Rows far apart fall on the same lines of the cache: they are copied once if they are read often.
    let contiguous = b.column == 1 && (m <= ROWS || n * depth <= 4096);
    let mut j = 0;
    while j < n {
        let columns = n - j;
        let width = panel_width(columns, COLUMNS);
        let mut panel = b.from(0, j);
        if !(contiguous && columns >= width) {
            pack_panel(panel.transposed(), columns, depth, width, scratch);
            panel = Matrix { at: scratch, row: width, column: 1 };
        }
        let mut i = 0;
        while i < m {
            let place = place.from(i, j);
            // Rows that do not exist repeat the last one and are dropped.
            let mut rows = [a.at; ROWS];
            for (r, row) in rows.iter_mut().enumerate() {
                *row = a.from(i + r.min(place.rows - 1), 0).at;
            }
            match width {
                16 => tile::<ROWS, 4>(rows, a.column, panel.at, panel.row, depth, place, spare),
                8 => tile::<ROWS, 2>(rows, a.column, panel.at, panel.row, depth, place, spare),
                _ => tile::<ROWS, 1>(rows, a.column, panel.at, panel.row, depth, place, spare),
            }
            i += ROWS;
        }
        j += width;
    }
}

//! The tile of the matrix product: M rows times V vectors of sums that stay in registers over one block of k.

use crate::lane::{F32x4, LANES};
use crate::walk::{Address, vectors};

/// Where sums go: at most `rows` × `columns` of them, `stride` elements from row to row; stored if they are of the `first` block
/// of k, else added to what is there.
#[derive(Clone, Copy)]
pub struct Place {
    pub at: Address,
    pub stride: usize,
    pub rows: usize,
    pub columns: usize,
    pub first: bool,
}

impl Place {
    /// The part that begins at (i, j).
    #[inline(always)]
    pub fn from(self, i: usize, j: usize) -> Self {
        Self { at: self.at.offset(i * self.stride + j), rows: self.rows - i, columns: self.columns - j, ..self }
    }
}

/// The product of M rows of A, which begin at `a` and go on in steps of `a_step`, and V vectors of columns of B, whose rows
/// begin at `b` and lie `b_step` apart. Sums that have no place are dropped: then the tile goes through the space at `spare`.
#[inline(always)]
pub fn tile<const M: usize, const V: usize>(
    mut a: [Address; M],
    a_step: usize,
    mut b: Address,
    b_step: usize,
    depth: usize,
    place: Place,
    spare: Address,
) {
    let mut sums = [[F32x4::zero(); V]; M];
    // Not unrolled: the compiler would then load too much too early and run out of registers.
    for _ in 0..depth {
        let mut b_row = [F32x4::zero(); V];
        for (v, b_row) in b_row.iter_mut().enumerate() {
            *b_row = b.load(v * LANES);
        }
        for (a, sums) in a.iter_mut().zip(&mut sums) {
            let x: F32x4 = a.splat(0);
            for (sum, b) in sums.iter_mut().zip(b_row) {
                *sum = *sum + x * b;
            }
            *a = a.offset(a_step);
        }
        b = b.offset(b_step);
    }
    let whole = place.rows >= M && place.columns >= V * LANES;
    let target = if whole { place } else { Place { at: spare, stride: V * LANES, first: true, ..place } };
    for (r, sums) in sums.into_iter().enumerate() {
        for (v, sum) in sums.into_iter().enumerate() {
            let at = target.at.offset(r * target.stride + v * LANES);
            at.store(0, if target.first { sum } else { at.load::<F32x4>(0) + sum });
        }
    }
    if !whole {
        put(spare, V * LANES, M, place);
    }
}

/// Puts the sums of the tile at `spare`, `height` rows of `width`, in place as far as there are places.
#[inline(never)]
fn put(spare: Address, width: usize, height: usize, place: Place) {
    let columns = width.min(place.columns);
    let (mut sums, mut out) = (spare, place.at);
    for _ in 0..height.min(place.rows) {
        vectors(
            columns,
            |j| out.store(j, if place.first { sums.load(j) } else { out.load::<F32x4>(j) + sums.load(j) }),
            |j, count| {
                let sum: F32x4 = sums.load(j);
                let sum = if place.first { sum } else { out.load_first::<F32x4>(j, count) + sum };
                out.store_first(j, sum, count);
            },
        );
        (sums, out) = (sums.offset(width), out.offset(place.stride));
    }
}

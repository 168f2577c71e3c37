// The matrix product C = A·B: what each element is, whatever path computes it. k is cut in blocks of 256; a block adds its
// rounded products one by one in ascending order from +0; the blocks' sums are added in ascending order. No sum that began at +0 is −0,
// so C may begin at +0 or with the first block.

import {
  type BufferParameter,
  count,
  grid,
  type Kernel,
  kernel,
  reads,
  scratch,
  type Words,
  writes,
} from '../../signature.ts';

const f = Math.fround;

/** Products in one block of k: a constant of the definition, not to be tuned. */
const BLOCK = 256;

/** What the crate packs at a time, and the tile's space: the constants of matmul/mod.rs. */
const [PACKED_ROWS, PACKED_COLUMNS, SPARE] = [64, 512, 32];

const roundUp = (n: number): number => Math.ceil(n / 4) * 4;

/**
 * Elements of scratch space that `matmul` needs for an m×k by k×n product, in any transposes: what the crate packs of one block of
 * k. Small products leave the matrices where they lie and pack at most one panel of B.
 */
export function matmulScratch(m: number, n: number, k: number): number {
  const depth = Math.min(k, BLOCK);
  if (m >= 8 && n > 16 && m * k > 4096) {
    return SPARE + depth * (roundUp(Math.min(m, PACKED_ROWS)) + Math.min(roundUp(n), PACKED_COLUMNS));
  }
  const [columns, widest] = m === 1 || n === 1 ? [Math.max(m, n), 16] : [n, 8];
  return SPARE + depth * Math.min(roundUp(columns), widest);
}

/** The elements of a matrix, from the first to the last. */
const matrix = (rows: string, cols: string, row: string, col: string): BufferParameter =>
  reads((w) => (w[rows] * w[cols] === 0 ? 0 : (w[rows] - 1) * w[row] + (w[cols] - 1) * w[col] + 1));

/** Shapes for every path of the crate: tiles cut on either side, one row, one column, packed or not, blocks of k cut at each side. */
const shapes: readonly Words[] = [
  ...grid({ m: [1, 2, 3, 4, 5, 9], n: [1, 2, 3, 4, 5, 8, 11], k: [0, 1, 2, 7] }),
  ...grid({ m: [1, 6], n: [1, 13, 29], k: [255, 256, 257, 513] }),
  { m: 0, n: 3, k: 3 },
  { m: 3, n: 0, k: 3 },
  { m: 6, n: 40, k: 256 },
  { m: 37, n: 1, k: 300 },
  { m: 19, n: 10, k: 260 },
  { m: 33, n: 33, k: 33 },
  { m: 8, n: 17, k: 513 },
  { m: 9, n: 28, k: 769 },
  { m: 67, n: 22, k: 256 },
  { m: 130, n: 19, k: 257 },
  { m: 68, n: 518, k: 61 },
  { m: 9, n: 1030, k: 258 },
];

/** Each shape in the four transposes, its rows contiguous or parts of longer ones by turns. */
const cases: readonly Words[] = shapes.flatMap(({ m, n, k }, i) =>
  [0, 1, 2, 3].map((t) => {
    const [a_gap, b_gap] = [(i + t) % 3, (i + t) % 2];
    const [a_row, a_col] = t & 1 ? [1, m + a_gap] : [k + a_gap, 1];
    const [b_row, b_col] = t & 2 ? [1, k + b_gap] : [n + b_gap, 1];
    return { m, n, k, a_row, a_col, b_row, b_col };
  }),
);

/** out = A·B, A m×k with elements a[i·a_row + q·a_col], B k×n with elements b[q·b_row + j·b_col], out m×n row by row */
export const matmul: Kernel<'matmul'> = kernel('matmul', {
  parameters: {
    a: matrix('m', 'k', 'a_row', 'a_col'),
    b: matrix('k', 'n', 'b_row', 'b_col'),
    out: writes((w) => w.m * w.n),
    m: count,
    n: count,
    k: count,
    a_row: count,
    a_col: count,
    b_row: count,
    b_col: count,
    scratch: scratch((w) => matmulScratch(w.m, w.n, w.k)),
  },
  inPlace: false,
  cases,
  twin: (memory) => (a, b, out, m, n, k, a_row, a_col, b_row, b_col, _scratch) => {
    const { f32 } = memory;
    const [as, bs, outs] = [a >>> 2, b >>> 2, out >>> 2];
    f32.fill(0, outs, outs + m * n);
    for (let q = 0; q < k; q += BLOCK) {
      const depth = Math.min(BLOCK, k - q);
      for (let i = 0; i < m; i += 2) {
        for (let j = 0; j < n; j += 2) {
          const [rows, columns] = [as + i * a_row + q * a_col, bs + q * b_row + j * b_col];
          // The second row or column, where there is none, is the first again.
          const [row, column] = [i + 1 < m ? a_row : 0, j + 1 < n ? b_col : 0];
          addTile(f32, rows, row, a_col, columns, column, b_row, depth, outs + i * n + j, i + 1 < m ? n : 0, j + 1 < n);
        }
      }
    }
  },
});

/**
 * Adds one block's sums to the elements at out, out + 1 (if `beside`), out + below and out + below + 1 (if `below`): two rows and two
 * columns at a time, so that each number that is read serves two sums. A function of its own because engines optimize it whole.
 */
function addTile(
  f32: Float32Array,
  a: number,
  row: number,
  a_col: number,
  b: number,
  column: number,
  b_row: number,
  depth: number,
  out: number,
  below: number,
  beside: boolean,
): void {
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  for (let q = 0; q < depth; q++) {
    const x0 = f32[a];
    const x1 = f32[a + row];
    const y0 = f32[b];
    const y1 = f32[b + column];
    s00 = f(s00 + f(x0 * y0));
    s01 = f(s01 + f(x0 * y1));
    s10 = f(s10 + f(x1 * y0));
    s11 = f(s11 + f(x1 * y1));
    a += a_col;
    b += b_row;
  }
  f32[out] += s00;
  if (beside) f32[out + 1] += s01;
  if (below > 0) f32[out + below] += s10;
  if (below > 0 && beside) f32[out + below + 1] += s11;
}

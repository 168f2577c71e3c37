// Adding one row to every row of a matrix, and the gradient of that: the sum of each column.

import { count, grid, type Kernel, kernel, reads, type Words, writes } from '../../signature.ts';

const f = Math.fround;

/** Rows in one block of a column's sum: the block of k of the matrix product, of which this is the one with a row of ones. */
const BLOCK = 256;

const size = (w: Words): number => w.rows * w.cols;

/** out[i, j] = x[i, j] + bias[j]; out may be x */
export const add_bias: Kernel<'add_bias'> = kernel('add_bias', {
  parameters: { x: reads(size), bias: reads('cols'), out: writes(size), rows: count, cols: count },
  inPlace: true,
  cases: grid({ rows: [0, 1, 3, 17], cols: [0, 1, 3, 4, 5, 8, 31, 32, 33] }),
  twin: (memory) => (x, bias, out, rows, cols) => {
    const { f32 } = memory;
    const [xs, biases, outs] = [x >>> 2, bias >>> 2, out >>> 2];
    for (let i = 0; i < rows * cols; i += cols) {
      for (let j = 0; j < cols; j++) f32[outs + i + j] = f32[xs + i + j] + f32[biases + j];
    }
  },
});

/** out[j] = Σᵢ x[i, j]: blocks of 256 rows, each added in ascending order from +0; block sums added in ascending order */
export const column_sum: Kernel<'column_sum'> = kernel('column_sum', {
  parameters: { x: reads(size), out: writes('cols'), rows: count, cols: count },
  inPlace: false,
  cases: grid({ rows: [0, 1, 2, 255, 256, 257, 600], cols: [0, 1, 3, 4, 5, 15, 16, 17, 33] }),
  twin: (memory) => (x, out, rows, cols) => {
    const { f32 } = memory;
    const [xs, outs] = [x >>> 2, out >>> 2];
    for (let j = 0; j < cols; j++) {
      let total = 0;
      for (let begin = 0; begin < rows; begin += BLOCK) {
        let block = 0;
        for (let i = begin; i < Math.min(begin + BLOCK, rows); i++) block = f(block + f32[xs + i * cols + j]);
        total = begin === 0 ? block : f(total + block);
      }
      f32[outs + j] = total;
    }
  },
});

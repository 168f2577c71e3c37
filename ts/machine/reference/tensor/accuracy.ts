// The most probable class of each row, and how many of two lists of words agree.

import { count, grid, type Kernel, kernel, reads, writes } from '../../signature.ts';

/** out[i] = the first j with x[i, j] = maxⱼ x[i, j], a word; the first NaN where there is one; 0 for cols = 0 */
export const argmax: Kernel<'argmax'> = kernel('argmax', {
  parameters: {
    x: reads((w) => w.rows * w.cols),
    out: writes('rows', { type: 'u32' }),
    rows: count,
    cols: count,
  },
  cases: grid({ rows: [0, 1, 17], cols: [0, 1, 2, 3, 4, 5, 8, 10, 15, 16, 17, 100] }),
  twin: (memory) => (x, out, rows, cols) => {
    const { f32, u32 } = memory;
    for (let i = 0; i < rows; i++) {
      const start = (x >>> 2) + i * cols;
      let found = 0;
      for (let j = 1; j < cols && !Number.isNaN(f32[start + found]); j++) {
        if (f32[start + j] > f32[start + found] || Number.isNaN(f32[start + j])) found = j;
      }
      u32[(out >>> 2) + i] = found;
    }
  },
});

/** out = the number of i with a[i] = b[i], words */
export const count_equal: Kernel<'count_equal'> = kernel('count_equal', {
  parameters: {
    a: reads('n', { type: 'u32', below: 10 }),
    b: reads('n', { type: 'u32', below: 10 }),
    out: writes(1, { type: 'u32' }),
    n: count,
  },
  twin: (memory) => (a, b, out, n) => {
    const { u32 } = memory;
    let equal = 0;
    for (let i = 0; i < n; i++) equal += u32[(a >>> 2) + i] === u32[(b >>> 2) + i] ? 1 : 0;
    u32[out >>> 2] = equal;
  },
});

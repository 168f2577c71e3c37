// Rows chosen by index: the batch out of a data set, and the gradient of that choice.

import { count, grid, type Kernel, kernel, reads, type Words, writes } from '../../signature.ts';

const f = Math.fround;

const chosen = (w: Words): number => w.rows * w.width;
const total = (w: Words): number => w.total_rows * w.width;
const indices = reads('rows', { type: 'u32', below: 'total_rows' });
const shape = { rows: count, width: count, total_rows: count } as const;

const cases: readonly Words[] = [
  ...grid({ rows: [0, 1, 9], width: [0, 1, 3, 4, 5, 10, 16, 17, 100], total_rows: [1, 5] }),
  { rows: 64, width: 785, total_rows: 30 },
];

/** out[i, j] = x[indices[i], j], words of any type; x has total_rows rows */
export const gather_rows: Kernel<'gather_rows'> = kernel('gather_rows', {
  parameters: { x: reads(total, { type: 'u32' }), indices, out: writes(chosen, { type: 'u32' }), ...shape },
  cases,
  twin: (memory) => (x, indices, out, rows, width, _total_rows) => {
    const { u32 } = memory;
    for (const [i, row] of u32.subarray(indices >>> 2, (indices >>> 2) + rows).entries()) {
      const start = (x >>> 2) + row * width;
      u32.copyWithin((out >>> 2) + i * width, start, start + width);
    }
  },
});

/** out[i, j] = x[indices[i], j] · scale + offset, x of bytes, numbers: 0 scale, 1 offset */
export const gather_rows_u8: Kernel<'gather_rows_u8'> = kernel('gather_rows_u8', {
  parameters: { x: reads(total, { type: 'u8' }), indices, out: writes(chosen), ...shape, numbers: reads(2) },
  cases,
  twin: (memory) => (x, indices, out, rows, width, _total_rows, numbers) => {
    const { f32, u32, u8 } = memory;
    const [scale, offset] = [f32[numbers >>> 2], f32[(numbers >>> 2) + 1]];
    for (const [i, row] of u32.subarray(indices >>> 2, (indices >>> 2) + rows).entries()) {
      const [start, to] = [x + row * width, (out >>> 2) + i * width];
      for (let j = 0; j < width; j++) f32[to + j] = f(u8[start + j] * scale) + offset;
    }
  },
});

/** dx = 0, then dx[indices[i], j] += dy[i, j] for i in ascending order: the gradient of `gather_rows` */
export const scatter_add_rows: Kernel<'scatter_add_rows'> = kernel('scatter_add_rows', {
  parameters: { dy: reads(chosen), indices, dx: writes(total), ...shape },
  cases,
  twin: (memory) => (dy, indices, dx, rows, width, total_rows) => {
    const { f32, u32 } = memory;
    f32.fill(0, dx >>> 2, (dx >>> 2) + total_rows * width);
    for (const [i, row] of u32.subarray(indices >>> 2, (indices >>> 2) + rows).entries()) {
      const [to, from] = [(dx >>> 2) + row * width, (dy >>> 2) + i * width];
      for (let j = 0; j < width; j++) f32[to + j] += f32[from + j];
    }
  },
});

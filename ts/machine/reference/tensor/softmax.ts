// Softmax and its logarithm over the last axis, with their gradients. Each row is shifted by its maximum, so that no exponential
// overflows; sums along a row are plain sums.

import { count, grid, type Kernel, kernel, type Parameter, reads, type Words, writes } from '../../signature.ts';
import { exp, log } from '../math.ts';
import { sum, sumWith } from '../walk.ts';

const f = Math.fround;

const all = (w: Words): number => w.rows * w.cols;
const parameters: Readonly<Record<string, Parameter>> = { x: reads(all), out: writes(all), rows: count, cols: count };
const gradientParameters: Readonly<Record<string, Parameter>> = {
  y: reads(all),
  dy: reads(all),
  dx: writes(all),
  rows: count,
  cols: count,
};
const cases: readonly Words[] = [
  ...grid({ rows: [0, 1, 5], cols: [0, 1, 2, 3, 4, 5, 8, 10, 15, 16, 17, 100] }),
  ...grid({ rows: [1], cols: [4095, 4097, 9000] }),
];

/** y = e / Σ e, e = exp(x − max x), a row of x each */
export const softmax: Kernel<'softmax'> = kernel('softmax', {
  parameters,
  cases,
  twin: (memory) => (x, out, rows, cols) => {
    const { f32 } = memory;
    for (let i = 0; i < rows; i++) {
      const to = (out >>> 2) + i * cols;
      const total = exponentials(f32, (x >>> 2) + i * cols, to, cols);
      for (let j = 0; j < cols; j++) f32[to + j] /= total;
    }
  },
});

/** y = (x − max x) − log Σ exp(x − max x), a row of x each */
export const log_softmax: Kernel<'log_softmax'> = kernel('log_softmax', {
  parameters,
  cases,
  twin: (memory) => (x, out, rows, cols) => {
    const { f32 } = memory;
    for (let i = 0; i < rows; i++) {
      const [from, to] = [(x >>> 2) + i * cols, (out >>> 2) + i * cols];
      const [most, logSum] = logSumExp(f32, from, cols);
      for (let j = 0; j < cols; j++) f32[to + j] = f(f32[from + j] - most) - logSum;
    }
  },
});

/** dx = y · (dy − Σ y·dy), a row each, y the result of `softmax` */
export const softmax_grad: Kernel<'softmax_grad'> = kernel('softmax_grad', {
  parameters: gradientParameters,
  cases,
  twin: (memory) => (y, dy, dx, rows, cols) => {
    const { f32 } = memory;
    for (let i = 0; i < rows; i++) {
      const [ys, dys, dxs] = [y, dy, dx].map((start) => (start >>> 2) + i * cols);
      const shared = sumWith(cols, (j) => f(f32[ys + j] * f32[dys + j]));
      for (let j = 0; j < cols; j++) f32[dxs + j] = f32[ys + j] * f(f32[dys + j] - shared);
    }
  },
});

/** dx = dy − exp(y) · Σ dy, a row each, y the result of `log_softmax` */
export const log_softmax_grad: Kernel<'log_softmax_grad'> = kernel('log_softmax_grad', {
  parameters: gradientParameters,
  inPlace: false,
  cases,
  twin: (memory) => (y, dy, dx, rows, cols) => {
    const { f32 } = memory;
    for (let i = 0; i < rows; i++) {
      const [ys, dys, dxs] = [y, dy, dx].map((start) => (start >>> 2) + i * cols);
      const shared = sum(f32, dys, cols);
      for (let j = 0; j < cols; j++) f32[dxs + j] = f32[dys + j] - f(exp(f32[ys + j]) * shared);
    }
  },
});

function maximum(f32: Float32Array, start: number, n: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < n; j++) most = Math.max(most, f32[start + j]);
  return most;
}

/** out = exp(x − max x) for a row of n; returns Σ out. */
export function exponentials(f32: Float32Array, x: number, out: number, n: number): number {
  const most = maximum(f32, x, n);
  for (let j = 0; j < n; j++) f32[out + j] = exp(f(f32[x + j] - most));
  return sum(f32, out, n);
}

/** max x and log Σ exp(x − max x) for a row of n. */
export function logSumExp(f32: Float32Array, x: number, n: number): readonly [number, number] {
  const most = maximum(f32, x, n);
  return [most, log(sumWith(n, (j) => exp(f(f32[x + j] - most))))];
}

// Sums, means, maxima and minima over the middle axis of [outer, n, inner].
//
// inner = 1 is the plain sum of walk.ts. Else a column adds blocks of 256 elements, each from +0 in ascending order, and then
// the block sums in ascending order: the rule for sums of products, because bias gradients are summed here.

import type { Memory } from '../../machine.ts';
import { count, grid, type Kernel, kernel, type Parameter, reads, type Words, writes } from '../../signature.ts';
import { sum as plainSum } from '../walk.ts';

const f = Math.fround;

/** Elements in a block of a sum over columns or of products. */
const BLOCK = 256;

const all = (w: Words): number => w.outer * w.n * w.inner;
const kept = (w: Words): number => w.outer * w.inner;
const shape = { outer: count, n: count, inner: count } as const;
const parameters: Readonly<Record<string, Parameter>> = { x: reads(all), out: writes(kept), ...shape };

const cases: readonly Words[] = [
  ...grid({ outer: [1, 3], n: [0, 1, 3, 4, 5, 15, 16, 17, 257], inner: [1, 2, 4, 10, 16, 17, 37] }),
  ...grid({ outer: [1], n: [255, 256, 511, 513, 1000], inner: [1, 5, 20] }),
  ...grid({ outer: [1], n: [4095, 4096, 4097, 10_000, 70_000], inner: [1] }),
  ...grid({ outer: [0, 1], n: [3], inner: [0, 1] }),
];

type Twin = (x: number, out: number, outer: number, n: number, inner: number) => void;

/** out[o, j] = value(start, n, step): the elements x[o, i, j] are f32[start + i·step]. */
const overColumns =
  (value: (f32: Float32Array, start: number, n: number, step: number) => number): ((memory: Memory) => Twin) =>
  (memory) =>
  (x, out, outer, n, inner) => {
    const { f32 } = memory;
    for (let o = 0; o < outer; o++) {
      for (let j = 0; j < inner; j++) {
        f32[(out >>> 2) + o * inner + j] = value(f32, (x >>> 2) + o * n * inner + j, n, inner);
      }
    }
  };

function columnSum(f32: Float32Array, start: number, n: number, step: number): number {
  if (step === 1) return plainSum(f32, start, n);
  let total = 0;
  for (let begin = 0; begin < n; begin += BLOCK) {
    let block = 0;
    const end = Math.min(begin + BLOCK, n);
    for (let i = begin; i < end; i++) block = f(block + f32[start + i * step]);
    total = f(total + block);
  }
  return total;
}

/** out[o, j] = Σᵢ x[o, i, j] */
export const sum: Kernel<'sum'> = kernel('sum', { parameters, cases, twin: overColumns(columnSum) });

/** out[o, j] = (Σᵢ x[o, i, j]) / n, n rounded to f32 (exact up to 2²⁴) */
export const mean: Kernel<'mean'> = kernel('mean', {
  parameters,
  cases,
  twin: overColumns((f32, start, n, step) => columnSum(f32, start, n, step) / f(n)),
});

/** out[o, j] = maxᵢ x[o, i, j]; NaN wins, −0 < +0, −∞ for n = 0. */
export const max: Kernel<'max'> = kernel('max', {
  parameters,
  cases,
  twin: overColumns((f32, start, n, step) => {
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < n; i++) most = Math.max(most, f32[start + i * step]);
    return most;
  }),
});

/** out[o, j] = minᵢ x[o, i, j]; NaN wins, −0 < +0, +∞ for n = 0. */
export const min: Kernel<'min'> = kernel('min', {
  parameters,
  cases,
  twin: overColumns((f32, start, n, step) => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) least = Math.min(least, f32[start + i * step]);
    return least;
  }),
});

/** dx[o, i, j] = x = y[o, j] ? dy[o, j] / (number of i with x = y) : 0, the gradient of `max` and of `min`: equal extrema share evenly. */
export const extremum_grad: Kernel<'extremum_grad'> = kernel('extremum_grad', {
  parameters: { x: reads(all), y: reads(kept), dy: reads(kept), dx: writes(all), ...shape },
  cases,
  twin: (memory) => (x, y, dy, dx, outer, n, inner) => {
    const { f32 } = memory;
    const [xs, ys, dys, dxs] = [x >>> 2, y >>> 2, dy >>> 2, dx >>> 2];
    for (let o = 0; o < outer; o++) {
      for (let j = 0; j < inner; j++) {
        const start = o * n * inner + j;
        const yi = f32[ys + o * inner + j];
        let ties = 0;
        for (let i = 0; i < n; i++) ties += f32[xs + start + i * inner] === yi ? 1 : 0;
        const share = f32[dys + o * inner + j] / f(ties);
        for (let i = 0; i < n; i++) f32[dxs + start + i * inner] = f32[xs + start + i * inner] === yi ? share : 0;
      }
    }
  },
});

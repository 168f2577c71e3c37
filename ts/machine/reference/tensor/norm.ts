// What a training step asks of its gradients: sum of squares, Euclidean norm, largest magnitude, and whether all is finite.

import { count, type Kernel, kernel, type Parameter, reads, updates, type Words, writes } from '../../signature.ts';

const f = Math.fround;

/** Elements in a block of a sum of products. */
const BLOCK = 256;

/** Sums of squares from 2⁻⁶⁴ up are taken as they are: what underflowed in them cannot matter. */
const ORDINARY = 1 / 18446744073709551616;
/** 2⁹⁰ and 2⁻⁹⁰ take the square of any f32 that matters into range, and back. */
const UP = 1237940039285380274899124224;
const DOWN: number = 1 / UP;

const parameters: Readonly<Record<string, Parameter>> = { x: reads('n'), out: writes(1), n: count };
const sizes = [0, 1, 3, 4, 5, 15, 16, 17, 255, 256, 257, 1000, 1023, 1024, 1025, 4095, 4096, 4097, 5000, 13_000];
const cases: readonly Words[] = sizes.map((n) => ({ n }));
/** With one element often, because among many something is not finite, or nothing. */
const guardCases: readonly Words[] = [...cases, ...Array.from({ length: 40 }, () => ({ n: 1 }))];

/** Σ (x·scale)²: blocks of 256, each from +0 in ascending order, and the block sums in ascending order. */
function squares(f32: Float32Array, start: number, n: number, scale: number): number {
  let total = 0;
  for (let begin = 0; begin < n; begin += BLOCK) {
    let block = 0;
    const end = Math.min(begin + BLOCK, n);
    for (let i = begin; i < end; i++) {
      const scaled = f32[start + i] * scale; // a power of two: exact, or so small that its square is 0
      block = f(block + f(scaled * scaled));
    }
    total = f(total + block);
  }
  return total;
}

/** out = Σ x², by the rule for sums of products */
export const sum_squares: Kernel<'sum_squares'> = kernel('sum_squares', {
  parameters,
  cases,
  twin: (memory) => (x, out, n) => {
    const { f32 } = memory;
    f32[out >>> 2] = squares(f32, x >>> 2, n, 1);
  },
});

/** out = √(Σ x²), without overflow or underflow on the way: where Σ x² is infinite or below 2⁻⁶⁴, √(Σ (x·s)²) / s with s = 2⁻⁹⁰ or 2⁹⁰ */
export const norm: Kernel<'norm'> = kernel('norm', {
  parameters,
  cases,
  twin: (memory) => (x, out, n) => {
    const { f32 } = memory;
    const root = (scale: number): number => f(Math.sqrt(squares(f32, x >>> 2, n, scale)));
    const total = squares(f32, x >>> 2, n, 1);
    if (total === Number.POSITIVE_INFINITY) f32[out >>> 2] = root(DOWN) * UP;
    else if (total < ORDINARY) f32[out >>> 2] = root(UP) * DOWN;
    else f32[out >>> 2] = Math.sqrt(total);
  },
});

/** out = max |x|; NaN wins, 0 for n = 0 */
export const max_abs: Kernel<'max_abs'> = kernel('max_abs', {
  parameters,
  cases,
  twin: (memory) => (x, out, n) => {
    const { f32 } = memory;
    let most = 0;
    for (let i = 0; i < n; i++) most = Math.max(most, Math.abs(f32[(x >>> 2) + i]));
    f32[out >>> 2] = most;
  },
});

/** flag |= 1 if any x is infinite or NaN (x − x is +0 for all others); flag is a word */
export const check_finite: Kernel<'check_finite'> = kernel('check_finite', {
  parameters: { x: reads('n'), flag: updates(1, { type: 'u32' }), n: count },
  cases: guardCases,
  twin: (memory) => (x, flag, n) => {
    const { f32, u32 } = memory;
    for (let i = 0; i < n; i++) {
      if (f32[(x >>> 2) + i] - f32[(x >>> 2) + i] !== 0) {
        u32[flag >>> 2] |= 1;
        return;
      }
    }
  },
});

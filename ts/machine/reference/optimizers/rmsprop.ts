// RMSprop, plain or centered, with or without momentum, with coupled weight decay: Tieleman & Hinton 2012, Graves 2013. The numbers say
// whose: eps outside the root (PyTorch) or inside, the rate outside the buffer (PyTorch) or inside, and Nesterov's look ahead. A sign
// that is −1 stands in them too. v − a² is held at 0 or above before the root, because rounding can take it below.
//
// g ← g + pull·p,  pull = sign·weightDecay
// v ← α·v + (1−α)·g·g;  centered: a ← a + (1−α)(g − a)
// d = g / (√(v + inside) + outside);  centered: max(v − a·a, 0) in the place of v
// p ← p − carry·d;  with momentum: b ← μ·b + gain·d, p ← p − (ahead·d + carry·b)
// PyTorch: gain = 1, ahead = 0, carry = lr;  Keras, Optax: gain = lr, ahead = 0, carry = 1;  Nesterov: ahead = lr, carry times μ

import type { Memory } from '../../machine.ts';
import { type BufferParameter, count, type Kernel, kernel, reads, updates } from '../../signature.ts';
import { flush } from '../walk.ts';

const f = Math.fround;

/**
 * One row for the four kernels: 0 pull, 1 α, 2 1−α, 3 inside, 4 outside, 5 carry, 6 μ, 7 gain, 8 ahead, 9 flush (a word, 0 or 1).
 */
const numbers: BufferParameter = reads(10, { flags: [9] });
const p: BufferParameter = updates('n');
const g: BufferParameter = reads('n');
const state: BufferParameter = updates('n');

/** The rule's pieces over the numbers of one row. */
function rule({ f32, u32 }: Memory, address: number) {
  const row = address >>> 2;
  const [pull, alpha, oneMinusAlpha, inside, outside] = f32.subarray(row, row + 5);
  const [carry, momentum, gain, ahead] = f32.subarray(row + 5, row + 9);
  const keep = u32[row + 9] === 0 ? (x: number) => x : flush;
  const direction = (g: number, v: number): number => f(g / f(f(Math.sqrt(f(v + inside))) + outside));
  return {
    carry,
    gradient: (p: number, g: number): number => f(g + f(pull * p)),
    square: (v: number, g: number): number => f(f(alpha * v) + f(f(oneMinusAlpha * g) * g)),
    average: (a: number, g: number): number => f(a + f(oneMinusAlpha * f(g - a))),
    direction,
    centered: (g: number, v: number, a: number): number => direction(g, Math.max(f(v - f(a * a)), 0)),
    buffer: (b: number, d: number): number => f(f(momentum * b) + f(gain * d)),
    moved: (p: number, b: number, d: number): number => f(p - f(f(ahead * d) + f(carry * b))),
    keep,
  };
}

export const rmsprop: Kernel<'rmsprop'> = kernel('rmsprop', {
  parameters: { p, g, v: state, n: count, numbers },
  twin: (memory) => (p, g, v, n, numbers) => {
    const { f32 } = memory;
    const { carry, gradient, square, direction, keep } = rule(memory, numbers);
    const [ps, gs, vs] = [p >>> 2, g >>> 2, v >>> 2];
    for (let i = 0; i < n; i++) {
      const gi = gradient(f32[ps + i], f32[gs + i]);
      const vi = square(f32[vs + i], gi);
      f32[ps + i] = f(f32[ps + i] - f(carry * direction(gi, vi)));
      f32[vs + i] = keep(vi);
    }
  },
});

export const rmsprop_momentum: Kernel<'rmsprop_momentum'> = kernel('rmsprop_momentum', {
  parameters: { p, g, v: state, b: state, n: count, numbers },
  twin: (memory) => (p, g, v, b, n, numbers) => {
    const { f32 } = memory;
    const { gradient, square, direction, buffer, moved, keep } = rule(memory, numbers);
    const [ps, gs, vs, bs] = [p >>> 2, g >>> 2, v >>> 2, b >>> 2];
    for (let i = 0; i < n; i++) {
      const gi = gradient(f32[ps + i], f32[gs + i]);
      const vi = square(f32[vs + i], gi);
      const di = direction(gi, vi);
      const bi = buffer(f32[bs + i], di);
      f32[ps + i] = moved(f32[ps + i], bi, di);
      f32[vs + i] = keep(vi);
      f32[bs + i] = keep(bi);
    }
  },
});

export const rmsprop_centered: Kernel<'rmsprop_centered'> = kernel('rmsprop_centered', {
  parameters: { p, g, v: state, a: state, n: count, numbers },
  twin: (memory) => (p, g, v, a, n, numbers) => {
    const { f32 } = memory;
    const { carry, gradient, square, average, centered, keep } = rule(memory, numbers);
    const [ps, gs, vs, as] = [p >>> 2, g >>> 2, v >>> 2, a >>> 2];
    for (let i = 0; i < n; i++) {
      const gi = gradient(f32[ps + i], f32[gs + i]);
      const vi = square(f32[vs + i], gi);
      const ai = average(f32[as + i], gi);
      f32[ps + i] = f(f32[ps + i] - f(carry * centered(gi, vi, ai)));
      f32[vs + i] = keep(vi);
      f32[as + i] = keep(ai);
    }
  },
});

export const rmsprop_centered_momentum: Kernel<'rmsprop_centered_momentum'> = kernel('rmsprop_centered_momentum', {
  parameters: { p, g, v: state, a: state, b: state, n: count, numbers },
  twin: (memory) => (p, g, v, a, b, n, numbers) => {
    const { f32 } = memory;
    const { gradient, square, average, centered, buffer, moved, keep } = rule(memory, numbers);
    const [ps, gs, vs, as, bs] = [p >>> 2, g >>> 2, v >>> 2, a >>> 2, b >>> 2];
    for (let i = 0; i < n; i++) {
      const gi = gradient(f32[ps + i], f32[gs + i]);
      const vi = square(f32[vs + i], gi);
      const ai = average(f32[as + i], gi);
      const di = centered(gi, vi, ai);
      const bi = buffer(f32[bs + i], di);
      f32[ps + i] = moved(f32[ps + i], bi, di);
      f32[vs + i] = keep(vi);
      f32[as + i] = keep(ai);
      f32[bs + i] = keep(bi);
    }
  },
});

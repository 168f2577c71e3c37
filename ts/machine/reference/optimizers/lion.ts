// Lion with coupled (`l2`) or decoupled (`decay`) weight decay: Chen et al. 2023. A direction that is not a number stays one.
//
// g ← sign·g + l2·p;  c = β₁·m + (1−β₁)·g
// p ← decay·p − lr·sign(c);  m ← β₂·m + (1−β₂)·g

import { count, type Kernel, kernel, reads, updates } from '../../signature.ts';
import { flush } from '../walk.ts';

const f = Math.fround;

/** numbers: 0 sign, 1 l2, 2 decay, 3 β₁, 4 1−β₁, 5 β₂, 6 1−β₂, 7 lr, 8 −lr, 9 flush (a word, 0 or 1) */
export const lion: Kernel<'lion'> = kernel('lion', {
  parameters: { p: updates('n'), g: reads('n'), m: updates('n'), n: count, numbers: reads(10, { flags: [9] }) },
  twin: (memory) => (p, g, m, n, numbers) => {
    const { f32, u32 } = memory;
    const row = numbers >>> 2;
    const keep = u32[row + 9] === 0 ? (x: number) => x : flush;
    const [sign, l2, decay, beta1, oneMinusBeta1, beta2, oneMinusBeta2, up, down] = f32.subarray(row, row + 9);
    const [ps, gs, ms] = [p >>> 2, g >>> 2, m >>> 2];
    for (let i = 0; i < n; i++) {
      const gi = f(f(sign * f32[gs + i]) + f(l2 * f32[ps + i]));
      const c = f(f(beta1 * f32[ms + i]) + f(oneMinusBeta1 * gi));
      const step = c > 0 ? up : c < 0 ? down : c;
      f32[ps + i] = f(f(decay * f32[ps + i]) - step);
      f32[ms + i] = keep(f(f(beta2 * f32[ms + i]) + f(oneMinusBeta2 * gi)));
    }
  },
});

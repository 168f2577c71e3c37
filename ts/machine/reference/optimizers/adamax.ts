// Adamax with coupled (`l2`) or decoupled (`decay`) weight decay: Kingma & Ba 2015, section 7.1, with eps inside the maximum (PyTorch,
// Optax) or beside it (Keras).
//
// g ← sign·g + l2·p;  p ← decay·p
// m ← m + (1−β₁)(g − m);  u ← max(β₂·u, |g| + inside)
// p ← p − step · m / (u + outside),  step = lr/(1−β₁ᵗ)

import { count, type Kernel, kernel, reads, updates } from '../../signature.ts';
import { flush } from '../walk.ts';

const f = Math.fround;

/** numbers: 0 sign, 1 l2, 2 decay, 3 1−β₁, 4 β₂, 5 inside, 6 outside, 7 step, 8 flush (a word, 0 or 1) */
export const adamax: Kernel<'adamax'> = kernel('adamax', {
  parameters: {
    p: updates('n'),
    g: reads('n'),
    m: updates('n'),
    u: updates('n'),
    n: count,
    numbers: reads(9, { flags: [8] }),
  },
  twin: (memory) => (p, g, m, u, n, numbers) => {
    const { f32, u32 } = memory;
    const row = numbers >>> 2;
    const keep = u32[row + 8] === 0 ? (x: number) => x : flush;
    const [sign, l2, decay, oneMinusBeta1, beta2, inside, outside, step] = f32.subarray(row, row + 8);
    const [ps, gs, ms, us] = [p >>> 2, g >>> 2, m >>> 2, u >>> 2];
    for (let i = 0; i < n; i++) {
      const gi = f(f(sign * f32[gs + i]) + f(l2 * f32[ps + i]));
      const mi = f(f32[ms + i] + f(oneMinusBeta1 * f(gi - f32[ms + i])));
      const ui = Math.max(f(beta2 * f32[us + i]), f(Math.abs(gi) + inside));
      f32[ps + i] = f(f(decay * f32[ps + i]) - f(step * f(mi / f(ui + outside))));
      f32[ms + i] = keep(mi);
      f32[us + i] = keep(ui);
    }
  },
});

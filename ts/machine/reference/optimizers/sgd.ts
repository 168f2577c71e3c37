// Stochastic gradient descent, plain and with momentum (Polyak 1964; Nesterov 1983 as Sutskever et al. 2013 rewrite it), with
// dampening and coupled weight decay, as PyTorch computes it.
//
// sgd:           p ← p − step·(g + pull·p),  step = sign·lr, pull = sign·weightDecay
// sgd_momentum:  g ← g + pull·p;  b ← μ·b + gain·g,  gain = sign·(1 − dampening), in the first step sign
//                p ← p − lr·b;  Nesterov: p ← p − lr·(sign·g + μ·b)

import { count, type Kernel, kernel, reads, updates } from '../../signature.ts';
import { flush } from '../walk.ts';

const f = Math.fround;

/** numbers: 0 step, 1 pull, 2 decayed (a word, 0 or 1; 0 leaves pull·p out) */
export const sgd: Kernel<'sgd'> = kernel('sgd', {
  parameters: { p: updates('n'), g: reads('n'), n: count, numbers: reads(3, { flags: [2] }) },
  twin: (memory) => (p, g, n, numbers) => {
    const { f32, u32 } = memory;
    const row = numbers >>> 2;
    const [step, pull] = f32.subarray(row, row + 2);
    const decayed = u32[row + 2] !== 0;
    const [ps, gs] = [p >>> 2, g >>> 2];
    for (let i = 0; i < n; i++) {
      const gi = decayed ? f(f32[gs + i] + f(pull * f32[ps + i])) : f32[gs + i];
      f32[ps + i] = f(f32[ps + i] - f(step * gi));
    }
  },
});

/** numbers: 0 lr, 1 pull, 2 μ, 3 gain, 4 sign; words, 0 or 1: 5 decayed, 6 Nesterov, 7 flush */
export const sgd_momentum: Kernel<'sgd_momentum'> = kernel('sgd_momentum', {
  parameters: {
    p: updates('n'),
    g: reads('n'),
    b: updates('n'),
    n: count,
    numbers: reads(8, { flags: [5, 6, 7] }),
  },
  twin: (memory) => (p, g, b, n, numbers) => {
    const { f32, u32 } = memory;
    const row = numbers >>> 2;
    const [lr, pull, momentum, gain, sign] = f32.subarray(row, row + 5);
    const [decayed, nesterov] = [u32[row + 5] !== 0, u32[row + 6] !== 0];
    const keep = u32[row + 7] === 0 ? (x: number) => x : flush;
    const [ps, gs, bs] = [p >>> 2, g >>> 2, b >>> 2];
    for (let i = 0; i < n; i++) {
      const gi = decayed ? f(f32[gs + i] + f(pull * f32[ps + i])) : f32[gs + i];
      const bi = f(f(momentum * f32[bs + i]) + f(gain * gi));
      const direction = nesterov ? f(f(sign * gi) + f(momentum * bi)) : bi;
      f32[ps + i] = f(f32[ps + i] - f(lr * direction));
      f32[bs + i] = keep(bi);
    }
  },
});

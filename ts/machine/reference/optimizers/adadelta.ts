// Adadelta with coupled weight decay: Zeiler 2012, as PyTorch computes it (the two roots taken as one root of the quotient).
//
// g ← sign·g + l2·p
// v ← ρ·v + (1−ρ)·g·g
// d = √((u + eps) / (v + eps)) · g
// u ← ρ·u + (1−ρ)·d·d
// p ← p − lr·d

import { count, type Kernel, kernel, reads, updates } from '../../signature.ts';
import { flush } from '../walk.ts';

const f = Math.fround;

/** numbers: 0 sign, 1 l2, 2 lr, 3 ρ, 4 1−ρ, 5 eps, 6 flush (a word, 0 or 1) */
export const adadelta: Kernel<'adadelta'> = kernel('adadelta', {
  parameters: {
    p: updates('n'),
    g: reads('n'),
    v: updates('n'),
    u: updates('n'),
    n: count,
    numbers: reads(7, { flags: [6] }),
  },
  twin: (memory) => (p, g, v, u, n, numbers) => {
    const { f32, u32 } = memory;
    const row = numbers >>> 2;
    const keep = u32[row + 6] === 0 ? (x: number) => x : flush;
    const [sign, l2, lr, rho, oneMinusRho, eps] = f32.subarray(row, row + 6);
    const [ps, gs, vs, us] = [p >>> 2, g >>> 2, v >>> 2, u >>> 2];
    for (let i = 0; i < n; i++) {
      const gi = f(f(sign * f32[gs + i]) + f(l2 * f32[ps + i]));
      const vi = f(f(rho * f32[vs + i]) + f(f(oneMinusRho * gi) * gi));
      const d = f(f(Math.sqrt(f(f(f32[us + i] + eps) / f(vi + eps)))) * gi);
      f32[us + i] = keep(f(f(rho * f32[us + i]) + f(f(oneMinusRho * d) * d)));
      f32[ps + i] = f(f32[ps + i] - f(lr * d));
      f32[vs + i] = keep(vi);
    }
  },
});

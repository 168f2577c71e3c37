// NAdam with coupled (`l2`) or decoupled (`decay`) weight decay: Dozat 2016. How much gradient and average weigh says whose; with
// ahead = 0 it is Adam with eps inside the root.
//
// g ← sign·g + l2·p;  p ← decay·p
// m ← m + (1−β₁)(g − m);  v ← β₂·v + (1−β₂)·g·g
// p ← p − (ahead·g + carry·m) / (√(v + inside) · root + eps),  root = 1/√(1−β₂ᵗ)
// PyTorch, Keras: ahead = lr·(1−μₜ)/(1−Πμ),  carry = lr·μₜ₊₁/(1−μₜ₊₁·Πμ),  μₜ = β₁(1 − ½·0.96^(t·momentumDecay)),  Πμ = μ₁·…·μₜ
// Optax: ahead = lr·(1−β₁)/(1−β₁ᵗ),  carry = lr·β₁/(1−β₁ᵗ⁺¹);  Ruder 2016: 1−β₁ᵗ there too

import { count, type Kernel, kernel, reads, updates } from '../../signature.ts';
import { flush } from '../walk.ts';

const f = Math.fround;

/** numbers: 0 sign, 1 l2, 2 decay, 3 1−β₁, 4 β₂, 5 1−β₂, 6 inside, 7 root, 8 eps, 9 ahead, 10 carry, 11 flush (a word, 0 or 1) */
export const nadam: Kernel<'nadam'> = kernel('nadam', {
  parameters: {
    p: updates('n'),
    g: reads('n'),
    m: updates('n'),
    v: updates('n'),
    n: count,
    numbers: reads(12, { flags: [11] }),
  },
  twin: (memory) => (p, g, m, v, n, numbers) => {
    const { f32, u32 } = memory;
    const row = numbers >>> 2;
    const keep = u32[row + 11] === 0 ? (x: number) => x : flush;
    const [sign, l2, decay, oneMinusBeta1, beta2, oneMinusBeta2] = f32.subarray(row, row + 6);
    const [inside, root, eps, ahead, carry] = f32.subarray(row + 6, row + 11);
    const [ps, gs, ms, vs] = [p >>> 2, g >>> 2, m >>> 2, v >>> 2];
    for (let i = 0; i < n; i++) {
      const gi = f(f(sign * f32[gs + i]) + f(l2 * f32[ps + i]));
      const mi = f(f32[ms + i] + f(oneMinusBeta1 * f(gi - f32[ms + i])));
      const vi = f(f(beta2 * f32[vs + i]) + f(f(oneMinusBeta2 * gi) * gi));
      const update = f(f(f(ahead * gi) + f(carry * mi)) / f(f(f(Math.sqrt(f(vi + inside))) * root) + eps));
      f32[ps + i] = f(f(decay * f32[ps + i]) - update);
      f32[ms + i] = keep(mi);
      f32[vs + i] = keep(vi);
    }
  },
});

// AMSGrad: Adam whose second moment never falls (Reddi, Kale & Kumar 2018). PyTorch and Keras keep the maximum of v as it is, Optax that
// of v corrected for its start at zero.
//
// g ← sign·g + l2·p;  p ← decay·p
// m ← m + (1−β₁)(g − m);  v ← β₂·v + (1−β₂)·g·g;  x ← max(x, correction·v)
// p ← p − step · m / (√(x + inside) · root + eps)

import { count, type Kernel, kernel, reads, updates } from '../../signature.ts';
import { flush } from '../walk.ts';

const f = Math.fround;

/** numbers: 0 sign, 1 l2, 2 decay, 3 1−β₁, 4 β₂, 5 1−β₂, 6 inside, 7 root, 8 eps, 9 correction, 10 step, 11 flush (a word, 0 or 1) */
export const amsgrad: Kernel<'amsgrad'> = kernel('amsgrad', {
  parameters: {
    p: updates('n'),
    g: reads('n'),
    m: updates('n'),
    v: updates('n'),
    x: updates('n'),
    n: count,
    numbers: reads(12, { flags: [11] }),
  },
  twin: (memory) => (p, g, m, v, x, n, numbers) => {
    const { f32, u32 } = memory;
    const row = numbers >>> 2;
    const keep = u32[row + 11] === 0 ? (x: number) => x : flush;
    const [sign, l2, decay, oneMinusBeta1, beta2, oneMinusBeta2] = f32.subarray(row, row + 6);
    const [inside, root, eps, correction, step] = f32.subarray(row + 6, row + 11);
    const [ps, gs, ms, vs, xs] = [p >>> 2, g >>> 2, m >>> 2, v >>> 2, x >>> 2];
    for (let i = 0; i < n; i++) {
      const gi = f(f(sign * f32[gs + i]) + f(l2 * f32[ps + i]));
      const mi = f(f32[ms + i] + f(oneMinusBeta1 * f(gi - f32[ms + i])));
      const vi = f(f(beta2 * f32[vs + i]) + f(f(oneMinusBeta2 * gi) * gi));
      const xi = Math.max(f32[xs + i], f(correction * vi));
      f32[ps + i] = f(f(decay * f32[ps + i]) - f(step * f(mi / f(f(f(Math.sqrt(f(xi + inside))) * root) + eps))));
      f32[ms + i] = keep(mi);
      f32[vs + i] = keep(vi);
      f32[xs + i] = keep(xi);
    }
  },
});

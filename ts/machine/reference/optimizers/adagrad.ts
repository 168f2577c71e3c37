// Adagrad with coupled weight decay: Duchi, Hazan & Singer 2011, with eps outside the root (PyTorch) or inside (Keras, Optax).
//
// g ← g + pull·p,  pull = sign·weightDecay
// a ← a + g·g
// p ← p − step · (g / (√(a + inside) + outside)),  step = sign·lr/(1 + (t−1)·lrDecay)

import { count, type Kernel, kernel, reads, updates } from '../../signature.ts';

const f = Math.fround;

/** numbers: 0 pull, 1 step, 2 inside, 3 outside */
export const adagrad: Kernel<'adagrad'> = kernel('adagrad', {
  parameters: { p: updates('n'), g: reads('n'), a: updates('n'), n: count, numbers: reads(4) },
  twin: (memory) => (p, g, a, n, numbers) => {
    const { f32 } = memory;
    const [pull, step, inside, outside] = f32.subarray(numbers >>> 2, (numbers >>> 2) + 4);
    const [ps, gs, as] = [p >>> 2, g >>> 2, a >>> 2];
    for (let i = 0; i < n; i++) {
      const gi = f(f32[gs + i] + f(pull * f32[ps + i]));
      const ai = f(f32[as + i] + f(gi * gi));
      f32[ps + i] = f(f32[ps + i] - f(step * f(gi / f(f(Math.sqrt(f(ai + inside))) + outside))));
      f32[as + i] = ai;
    }
  },
});

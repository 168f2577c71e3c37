// Adagrad, with PyTorch's options. Keras and Optax begin at 0.1 and put eps inside the root.

import { coupled, epsilon, maximize, rate } from './options.ts';
import { type Factory, factory, type Layout } from './rule.ts';

/** Options of {@link adagrad}. */
export type AdagradOptions = {
  /** Learning rate, ≥ 0. Default 1e-2; in keras 1e-3. */
  readonly lr: number;
  /** The rate of step t is lr/(1 + (t−1)·lrDecay), ≥ 0. Only torch has it. Default 0. */
  readonly lrDecay: number;
  /** Times the parameters is added to the gradient; in keras lr times this of the parameters goes at each step. ≥ 0. Default 0. */
  readonly weightDecay: number;
  /** What the sum of squares begins with, ≥ 0. Default 0; in keras and optax 0.1. */
  readonly initialAccumulatorValue: number;
  /** Added to the root (dialect torch) or under it, ≥ 0. Default 1e-10; in keras and optax 1e-7. */
  readonly eps: number;
  /** Go up the gradient. Default false. */
  readonly maximize: boolean;
};

/** 2⁻¹²⁶ */
const SMALLEST_NORMAL = 1.1754943508222875e-38;

const layout: Layout = { kernel: 'adagrad', slots: ['sum'], numbers: 4, flags: 0 };

/**
 * Adagrad (Duchi, Hazan & Singer 2011) as PyTorch's `Adagrad`: the rate falls with the sum of squared gradients. Throws
 * `option`.
 *
 * @example
 * ```js
 * import { adagrad, createEngine } from 'downhill';
 * const engine = await createEngine();
 * const x = Float32Array.of(1);
 * const optimizer = engine.optimizer(adagrad({ lr: 0.1 }), x);
 * optimizer.step(Float32Array.of(2)); // the gradient
 * optimizer.step(Float32Array.of(2));
 * console.log(x[0].toFixed(4)); // 0.8293
 * ```
 */
export const adagrad: Factory<'adagrad', AdagradOptions> = factory<'adagrad', AdagradOptions>({
  name: 'adagrad',
  summary: 'a rate for each parameter that falls with the sum of its squared gradients',
  formula: 'g ← g + λp;  a ← a + g²;  p ← p − lr/(1 + (t−1)η) · g/(√a + ε)',
  source: 'Duchi, Hazan & Singer 2011',
  options: {
    lr: rate(1e-2),
    lrDecay: { type: 'number', default: 0, min: 0, text: 'the rate of step t is lr/(1 + (t−1)·lrDecay)' },
    weightDecay: coupled,
    initialAccumulatorValue: { type: 'number', default: 0, min: 0, text: 'what the sum of squares begins with' },
    eps: epsilon(1e-10),
    maximize,
  },
  dialects: {
    torch: { names: { Adagrad: {} } },
    keras: {
      names: { Adagrad: {} },
      defaults: { lr: 1e-3, initialAccumulatorValue: 0.1, eps: 1e-7, decayMode: 'decoupled' },
      without: ['lrDecay'],
    },
    optax: {
      names: { adagrad: {} },
      defaults: { initialAccumulatorValue: 0.1, eps: 1e-7 },
      without: ['lrDecay'],
    },
  },
  variants: {
    adagrad: { lr: 0.1, lrDecay: 0.01, initialAccumulatorValue: 0.1 },
    'Keras, decay': { dialect: 'keras', lr: 0.1, weightDecay: 0.01 },
  },
  slots: { sum: 'sum of squared gradients' },
  laws: { elementwise: true, scalesWithLr: true },
  layout: () => layout,
  initial: (_, { initialAccumulatorValue }) => initialAccumulatorValue,
  numbers({ lr, lrDecay, weightDecay, eps, maximize, dialect }, t, row) {
    const sign = maximize ? -1 : 1;
    row[0] = sign * weightDecay;
    row[1] = (sign * lr) / (1 + (t - 1) * lrDecay);
    // Optax leaves alone what never had a gradient, also with eps 0: then 0 must not be divided by 0.
    row[2] = dialect === 'torch' ? 0 : dialect === 'keras' ? eps : Math.max(eps, SMALLEST_NORMAL);
    row[3] = dialect === 'torch' ? eps : 0;
  },
});

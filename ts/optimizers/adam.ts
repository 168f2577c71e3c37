// Adam, with PyTorch's options and numbers.

import { powInt } from '../numeric.ts';
import { coupled, decayRates, epsilon, maximize, rate } from './options.ts';
import { type Factory, factory, flushAt, type Layout } from './rule.ts';

/** Options of {@link adam}. */
export type AdamOptions = {
  /** Learning rate, ≥ 0. Default 1e-3. */
  readonly lr: number;
  /** Shares of the past that the first and second moment keep, each 0 to below 1. Default [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Added to the root of the corrected second moment, ≥ 0. Default 1e-8. */
  readonly eps: number;
  /** Times the parameters is added to the gradient (L2), ≥ 0. Default 0. For decay beside the gradient take `adamw`. */
  readonly weightDecay: number;
  /** Go up the gradient. Default false. */
  readonly maximize: boolean;
};

/** Kernel and state of Adam and AdamW. */
export const adamLayout: Layout = { kernel: 'adam', slots: ['exp_avg', 'exp_avg_sq'], numbers: 9, flags: 1 };

/** The row of Adam and AdamW: they differ in how the decay enters. */
export function adamRow(options: AdamOptions, t: number, l2: number, decay: number, row: Float64Array): void {
  const { lr, betas, eps, maximize } = options;
  const [beta1, beta2] = betas;
  row[0] = maximize ? -1 : 1;
  row[1] = l2;
  row[2] = decay;
  row[3] = 1 - beta1;
  row[4] = beta2;
  row[5] = 1 - beta2;
  row[6] = 1 / Math.sqrt(1 - powInt(beta2, t));
  row[7] = eps;
  row[8] = lr / (1 - powInt(beta1, t));
  row[9] = flushAt(t);
}

/**
 * Adam (Kingma & Ba 2015) as PyTorch's `Adam`: momentum divided by a moving root mean square, both corrected for their
 * start at zero, so the first step is lr long whatever the gradient's size. Throws `option`.
 *
 * @example
 * ```js
 * import { adam, createEngine } from 'downhill';
 * const engine = await createEngine();
 * const x = Float32Array.of(1);
 * const optimizer = engine.optimizer(adam({ lr: 0.1 }), x);
 * optimizer.step(Float32Array.of(2)); // the gradient
 * console.log(x[0].toFixed(4)); // 0.9000
 * ```
 */
export const adam: Factory<'adam', AdamOptions> = factory({
  name: 'adam',
  summary: 'momentum divided by a moving root mean square, both corrected for their start at zero',
  formula:
    'g ← g + λp;  m ← β₁m + (1−β₁)g;  v ← β₂v + (1−β₂)g²;  p ← p − lr · m̂/(√v̂ + ε),  m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ)',
  source: 'Kingma & Ba 2015',
  options: {
    lr: rate(1e-3),
    betas: decayRates(0.9, 0.999),
    eps: epsilon(1e-8),
    weightDecay: coupled,
    maximize,
  },
  slots: { exp_avg: 'moving average of gradients', exp_avg_sq: 'moving average of squared gradients' },
  laws: { elementwise: true, scalesWithLr: true },
  layout: () => adamLayout,
  numbers: (options, t, row) => adamRow(options, t, options.weightDecay, 1, row),
});

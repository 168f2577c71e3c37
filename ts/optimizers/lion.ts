// Lion: steps of one length, in the direction that momentum and gradient have together. PyTorch has none; Optax and Keras do.

import { keptOf, l2Of } from './common.ts';
import { decayRates, maximize, rate, weightDecay } from './options.ts';
import { type Factory, factory, flushAt, type Layout } from './rule.ts';

/** Options of {@link lion}. */
export type LionOptions = {
  /** Length of every step, ≥ 0. Default 1e-4, as the paper advises; in keras 1e-3. */
  readonly lr: number;
  /** Shares of the past in the direction and in the momentum, each 0 to below 1. Default [0.9, 0.99]. */
  readonly betas: readonly [number, number];
  /** Weight decay, ≥ 0, decoupled unless `decayMode` says otherwise. Default 1e-3; in keras 0. */
  readonly weightDecay: number;
  /** Go up the gradient. Default false. */
  readonly maximize: boolean;
};

const layout: Layout = { kernel: 'lion', slots: ['exp_avg'], numbers: 9, flags: 1 };

/**
 * Lion (Chen et al. 2023): each parameter moves by lr, up or down, as the sign of momentum and gradient together says.
 * Dialects `optax` (the default) and `keras`. Throws `option`.
 *
 * @example
 * ```js
 * import { createEngine, lion } from 'downhill';
 * const engine = await createEngine();
 * const x = Float32Array.of(1, 1);
 * const optimizer = engine.optimizer(lion({ lr: 0.1, weightDecay: 0 }), x);
 * optimizer.step(Float32Array.of(2, -0.001)); // the gradient
 * console.log(x[0].toFixed(4), x[1].toFixed(4)); // 0.9000 1.1000
 * ```
 */
export const lion: Factory<'lion', LionOptions> = factory<'lion', LionOptions>({
  name: 'lion',
  summary: 'steps of one length, in the sign of momentum and gradient together',
  formula: 'p ← p(1 − lr·λ) − lr · sign(β₁m + (1−β₁)g);  m ← β₂m + (1−β₂)g',
  source: 'Chen et al. 2023',
  options: {
    lr: rate(1e-4),
    betas: decayRates(0.9, 0.99),
    weightDecay: weightDecay(1e-3, 'lr times this share of the parameters goes at each step'),
    maximize,
  },
  dialects: {
    optax: { names: { lion: {} } },
    keras: { names: { Lion: {} }, defaults: { lr: 1e-3, weightDecay: 0 } },
  },
  decayMode: 'decoupled',
  ownDecay: ['coupled', 'decoupled', 'independent'],
  variants: { lion: { lr: 0.01 }, 'Keras, coupled': { dialect: 'keras', weightDecay: 0.01, decayMode: 'coupled' } },
  slots: { exp_avg: 'moving average of gradients' },
  laws: { elementwise: true, scalesWithLr: true },
  layout: () => layout,
  numbers(options, t, row) {
    const { lr, betas, maximize } = options;
    const [beta1, beta2] = betas;
    row[0] = maximize ? -1 : 1;
    row[1] = l2Of(options);
    row[2] = keptOf(options);
    row[3] = beta1;
    row[4] = 1 - beta1;
    row[5] = beta2;
    row[6] = 1 - beta2;
    row[7] = lr;
    row[8] = -lr;
    row[9] = flushAt(t);
  },
});

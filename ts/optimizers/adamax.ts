// Adamax: Adam with the largest gradient of the recent past in place of the root mean square. PyTorch and Optax keep eps inside the
// maximum, Keras adds it to the denominator.

import { powInt } from '../numeric.ts';
import { keptOf, l2Of } from './common.ts';
import { coupled, decayRates, epsilon, maximize, rate } from './options.ts';
import { type Factory, factory, flushAt, type Layout } from './rule.ts';

/** Options of {@link adamax}. */
export type AdamaxOptions = {
  /** Learning rate, ≥ 0. Default 2e-3; in keras and optax 1e-3. */
  readonly lr: number;
  /** Shares of the past that the moment and the maximum keep, each 0 to below 1. Default [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Added to the size of the gradient, or (dialect keras) to the maximum, ≥ 0. Default 1e-8; in keras 1e-7. */
  readonly eps: number;
  /** Weight decay, ≥ 0, as `decayMode` has it. Default 0. */
  readonly weightDecay: number;
  /** Go up the gradient. Default false. */
  readonly maximize: boolean;
};

const layout: Layout = { kernel: 'adamax', slots: ['exp_avg', 'exp_inf'], numbers: 8, flags: 1 };

/**
 * Adamax (Kingma & Ba 2015, section 7.1): momentum divided by a fading maximum of the gradient's size, so that no step is
 * much longer than lr. Throws `option`.
 *
 * @example
 * ```js
 * import { adamax, createEngine } from 'downhill';
 * const engine = await createEngine();
 * const x = Float32Array.of(1);
 * const optimizer = engine.optimizer(adamax({ lr: 0.1 }), x);
 * optimizer.step(Float32Array.of(2)); // the gradient
 * console.log(x[0].toFixed(4)); // 0.9000
 * ```
 */
export const adamax: Factory<'adamax', AdamaxOptions> = factory<'adamax', AdamaxOptions>({
  name: 'adamax',
  summary: 'momentum divided by a fading maximum of the gradient’s size',
  formula: 'g ← g + λp;  m ← β₁m + (1−β₁)g;  u ← max(β₂u, |g| + ε);  p ← p − lr/(1−β₁ᵗ) · m/u',
  source: 'Kingma & Ba 2015',
  options: {
    lr: rate(2e-3),
    betas: decayRates(0.9, 0.999),
    eps: epsilon(1e-8),
    weightDecay: coupled,
    maximize,
  },
  dialects: {
    torch: { names: { Adamax: {} } },
    keras: { names: { Adamax: {} }, defaults: { lr: 1e-3, eps: 1e-7, decayMode: 'decoupled' } },
    optax: {
      names: { adamax: {}, adamaxw: { weightDecay: 1e-4 } },
      defaults: { lr: 1e-3, decayMode: 'decoupled' },
    },
  },
  ownDecay: ['coupled', 'decoupled', 'independent'],
  variants: {
    adamax: { lr: 0.01, weightDecay: 0.01 },
    'Keras, decay': { dialect: 'keras', lr: 0.01, weightDecay: 0.01 },
  },
  slots: { exp_avg: 'moving average of gradients', exp_inf: 'fading maximum of the gradient’s size' },
  laws: { elementwise: true, scalesWithLr: true },
  layout: () => layout,
  numbers(options, t, row) {
    const { lr, betas, eps, dialect, maximize } = options;
    const [beta1, beta2] = betas;
    row[0] = maximize ? -1 : 1;
    row[1] = l2Of(options);
    row[2] = keptOf(options);
    row[3] = 1 - beta1;
    row[4] = beta2;
    row[5] = dialect === 'keras' ? 0 : eps;
    row[6] = dialect === 'keras' ? eps : 0;
    row[7] = lr / (1 - powInt(beta1, t));
    row[8] = flushAt(t);
  },
});

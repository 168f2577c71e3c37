// Adadelta, with PyTorch's options. The frameworks have one rule and different defaults.

import { coupled, epsilon, maximize, rate, share } from './options.ts';
import { type Factory, factory, flushAt, type Layout } from './rule.ts';

/** Options of {@link adadelta}. */
export type AdadeltaOptions = {
  /** Learning rate, ≥ 0. Default 1, as the paper has it; in keras 1e-3. */
  readonly lr: number;
  /** Share of the past in both averages, 0 to 1. Default 0.9; in keras 0.95. */
  readonly rho: number;
  /** Added to both averages under the root, ≥ 0. Default 1e-6; in keras 1e-7. */
  readonly eps: number;
  /** Times the parameters is added to the gradient; in keras lr times this of the parameters goes at each step. ≥ 0. Default 0. */
  readonly weightDecay: number;
  /** Go up the gradient. Default false. */
  readonly maximize: boolean;
};

const layout: Layout = { kernel: 'adadelta', slots: ['square_avg', 'acc_delta'], numbers: 6, flags: 1 };

/**
 * Adadelta (Zeiler 2012) as PyTorch's `Adadelta`: steps in the units of the parameters, without a rate to choose; they
 * begin small. Throws `option`.
 *
 * @example
 * ```js
 * import { adadelta, createEngine } from 'downhill';
 * const engine = await createEngine();
 * const x = Float32Array.of(1);
 * const optimizer = engine.optimizer(adadelta(), x);
 * optimizer.step(Float32Array.of(2)); // the gradient
 * console.log(x[0].toFixed(4)); // 0.9968
 * ```
 */
export const adadelta: Factory<'adadelta', AdadeltaOptions> = factory<'adadelta', AdadeltaOptions>({
  name: 'adadelta',
  summary: 'steps as large as the last ones were, against the root mean square of the gradient',
  formula: 'g ← g + λp;  v ← ρv + (1−ρ)g²;  d = √(u + ε)/√(v + ε) · g;  u ← ρu + (1−ρ)d²;  p ← p − lr·d',
  source: 'Zeiler 2012',
  options: {
    lr: rate(1),
    rho: share(0.9, 'share of the past in both averages'),
    eps: epsilon(1e-6),
    weightDecay: coupled,
    maximize,
  },
  dialects: {
    torch: { names: { Adadelta: {} } },
    keras: { names: { Adadelta: {} }, defaults: { lr: 1e-3, rho: 0.95, eps: 1e-7, decayMode: 'decoupled' } },
    optax: {
      // Without a rate Optax takes the step as it is, and so goes up.
      names: { adadelta: { maximize: true } },
      words: { learning_rate: (lr) => ({ lr, maximize: false }) },
    },
  },
  variants: { adadelta: {}, 'Keras, decay': { dialect: 'keras', lr: 1, weightDecay: 0.01 } },
  slots: { square_avg: 'moving average of squared gradients', acc_delta: 'moving average of squared steps' },
  laws: { elementwise: true, scalesWithLr: true },
  layout: () => layout,
  numbers({ lr, rho, eps, weightDecay, maximize }, t, row) {
    row[0] = maximize ? -1 : 1;
    row[1] = weightDecay;
    row[2] = lr;
    row[3] = rho;
    row[4] = 1 - rho;
    row[5] = eps;
    row[6] = flushAt(t);
  },
});

// RAdam: Adam that moves like momentum until its second moment has seen enough to be trusted. PyTorch adds eps to the root that is not
// corrected, Optax to the corrected one. It runs in Adam's kernel.

import { powInt } from '../numeric.ts';
import { keptOf, l2Of } from './common.ts';
import { coupled, decayRates, epsilon, maximize, rate } from './options.ts';
import { type Factory, factory, flushAt, type Layout } from './rule.ts';

/** Options of {@link radam}. */
export type RadamOptions = {
  /** Learning rate, ≥ 0. Default 1e-3. */
  readonly lr: number;
  /** Shares of the past that the first and second moment keep, each 0 to below 1. Default [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Added to the root of the second moment, ≥ 0. Default 1e-8. */
  readonly eps: number;
  /** Weight decay, ≥ 0, as `decayMode` has it. Default 0. */
  readonly weightDecay: number;
  /** Length of the averages from which on the second moment is used, ≥ 4. Default 5; PyTorch asks for more, Optax for as much. */
  readonly threshold: number;
  /** Go up the gradient. Default false. */
  readonly maximize: boolean;
};

const layout: Layout = { kernel: 'adam', slots: ['exp_avg', 'exp_avg_sq'], numbers: 9, flags: 1 };

/**
 * RAdam (Liu et al. 2020): while the average of squared gradients is short, and its variance large, the step is that of
 * momentum; from then on it is Adam's, rectified. Throws `option`.
 *
 * @example
 * ```js
 * import { createEngine, radam } from 'downhill';
 * const engine = await createEngine();
 * const x = Float32Array.of(1);
 * const optimizer = engine.optimizer(radam({ lr: 0.1 }), x);
 * optimizer.step(Float32Array.of(2)); // the gradient
 * console.log(x[0].toFixed(4)); // 0.8000
 * ```
 */
export const radam: Factory<'radam', RadamOptions> = factory<'radam', RadamOptions>({
  name: 'radam',
  summary: 'Adam that moves like momentum until its second moment is known well enough',
  formula:
    'ρₜ = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ), ρ∞ = 2/(1−β₂) − 1;  ρₜ > 5: p ← p − lr·r·m̂/(√v̂ + ε), r² = (ρₜ−4)(ρₜ−2)ρ∞/((ρ∞−4)(ρ∞−2)ρₜ);  else p ← p − lr·m̂',
  source: 'Liu et al. 2020',
  options: {
    lr: rate(1e-3),
    betas: decayRates(0.9, 0.999),
    eps: epsilon(1e-8),
    weightDecay: coupled,
    threshold: {
      type: 'number',
      default: 5,
      min: 4,
      text: 'length of the averages from which the second moment is used',
    },
    maximize,
  },
  dialects: {
    torch: {
      names: { RAdam: {} },
      without: ['threshold'],
      words: {
        decoupled_weight_decay: (value: unknown): Readonly<Record<string, unknown>> =>
          value === true ? { decayMode: 'decoupled' } : {},
      },
    },
    optax: { names: { radam: {} } },
  },
  ownDecay: ['coupled', 'decoupled', 'independent'],
  variants: {
    radam: { lr: 0.01, weightDecay: 0.01 },
    Optax: { dialect: 'optax', lr: 0.01, betas: [0.9, 0.95], threshold: 6 },
  },
  slots: { exp_avg: 'moving average of gradients', exp_avg_sq: 'moving average of squared gradients' },
  laws: { elementwise: true, scalesWithLr: true },
  layout: () => layout,
  numbers(options, t, row) {
    const { lr, betas, eps, threshold, dialect, maximize } = options;
    const [beta1, beta2] = betas;
    const power = powInt(beta2, t);
    const longest = 2 / (1 - beta2) - 1;
    const length = longest - (2 * t * power) / (1 - power);
    const adapted = dialect === 'torch' ? length > threshold : length >= threshold;
    const corrected = Math.sqrt(1 - power);
    const step = lr / (1 - powInt(beta1, t));
    const rectified = (): number =>
      Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length));
    row[0] = maximize ? -1 : 1;
    row[1] = l2Of(options);
    row[2] = keptOf(options);
    row[3] = 1 - beta1;
    row[4] = beta2;
    row[5] = 1 - beta2;
    row[6] = adapted ? (dialect === 'torch' ? 1 : 1 / corrected) : 0; // m/(√v·0 + 1) is m
    row[7] = adapted ? eps : 1;
    row[8] = adapted ? step * rectified() * (dialect === 'torch' ? corrected : 1) : step;
    row[9] = flushAt(t);
  },
});

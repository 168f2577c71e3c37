// NAdam, with PyTorch's options and numbers: Adam with Nesterov's look ahead under Dozat's momentum schedule.

import { exp, powInt } from '../numeric.ts';
import { decayRates, epsilon, maximize, rate, weightDecay } from './options.ts';
import { type Factory, factory, flushAt, type Layout } from './rule.ts';

/** Options of {@link nadam}. */
export type NadamOptions = {
  /** Learning rate, ≥ 0. Default 2e-3. */
  readonly lr: number;
  /** Shares of the past that the first and second moment keep, each 0 to below 1. Default [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Added to the root of the corrected second moment, ≥ 0. Default 1e-8. */
  readonly eps: number;
  /** Times the parameters is added to the gradient, ≥ 0. Default 0. */
  readonly weightDecay: number;
  /** How fast the momentum of step t, β₁(1 − ½·0.96^(t·momentumDecay)), rises from about β₁/2 to β₁, ≥ 0. Default 4e-3. */
  readonly momentumDecay: number;
  /** Go up the gradient. Default false. */
  readonly maximize: boolean;
};

const layout: Layout = { kernel: 'nadam', slots: ['exp_avg', 'exp_avg_sq'], numbers: 10, flags: 1 };

/** ln 0.96 */
const LN_096 = -0.040821994520255166;
/** 1 − x is 1 for every 0 ≤ x below this. */
const NOTHING = 1 / 1152921504606846976; // 2⁻⁶⁰

/** Πμ = μ₁·…·μₜ, where μᵢ = β₁(1 − ½cⁱ); 0 when it is too small to change 1 − Πμ, so that the loop is short for every t. */
function momentumProduct(beta1: number, c: number, t: number): number {
  if (powInt(beta1, t) < NOTHING) return 0;
  let product = 1;
  let power = 1;
  for (let i = 1; i <= t; i++) {
    power *= c;
    product *= beta1 * (1 - 0.5 * power);
  }
  return product;
}

/**
 * NAdam (Dozat 2016) as PyTorch's `NAdam`: Adam with Nesterov's look ahead under a momentum schedule. Throws `option`.
 *
 * @example
 * ```js
 * import { createEngine, nadam } from 'downhill';
 * const engine = await createEngine();
 * const x = Float32Array.of(1);
 * const optimizer = engine.optimizer(nadam({ lr: 0.1 }), x);
 * optimizer.step(Float32Array.of(2)); // the gradient
 * console.log(x[0].toFixed(4)); // 0.8944
 * ```
 */
export const nadam: Factory<'nadam', NadamOptions> = factory<'nadam', NadamOptions>({
  name: 'nadam',
  summary: 'Adam with Nesterov’s look ahead',
  formula:
    'm, v as Adam;  p ← p − lr · ((1−μₜ)/(1−Πμ)·g + μₜ₊₁/(1−μₜ₊₁Πμ)·m)/(√v̂ + ε),  μₜ = β₁(1 − ½·0.96^(tψ)), Πμ = μ₁·…·μₜ',
  source: 'Dozat 2016',
  options: {
    lr: rate(2e-3),
    betas: decayRates(0.9, 0.999),
    eps: epsilon(1e-8),
    weightDecay: weightDecay(0, 'this times the parameters is added to the gradient (L2), or see decayMode'),
    momentumDecay: { type: 'number', default: 4e-3, min: 0, text: 'how fast the momentum rises to β₁' },
    maximize,
  },
  dialects: {
    torch: {
      names: { NAdam: {} },
      words: {
        decoupled_weight_decay: (value: unknown): Readonly<Record<string, unknown>> =>
          value === true ? { decayMode: 'decoupled' } : {},
      },
    },
    keras: {
      names: { Nadam: {} },
      defaults: { lr: 1e-3, eps: 1e-7, momentumDecay: 1, decayMode: 'decoupled' },
      without: ['momentumDecay'],
    },
    optax: {
      names: { nadam: {}, nadamw: { weightDecay: 1e-4 } },
      defaults: { lr: 1e-3, decayMode: 'decoupled' },
      without: ['momentumDecay'],
    },
  },
  ownDecay: ['coupled', 'decoupled', 'independent'],
  variants: {
    nadam: { lr: 0.01 },
    decoupled: { lr: 0.01, weightDecay: 0.01, decayMode: 'decoupled' },
    Keras: { dialect: 'keras', lr: 0.01 },
    Optax: { dialect: 'optax', lr: 0.01, weightDecay: 0.01 },
  },
  slots: { exp_avg: 'moving average of gradients', exp_avg_sq: 'moving average of squared gradients' },
  laws: { elementwise: true, scalesWithLr: true },
  layout: () => layout,
  numbers({ lr, betas: [beta1, beta2], eps, weightDecay, momentumDecay, decayMode, dialect, maximize }, t, row) {
    const c = exp(momentumDecay * LN_096);
    const power = powInt(c, t);
    const momentum = beta1 * (1 - 0.5 * power);
    const next = beta1 * (1 - 0.5 * power * c);
    const product = momentumProduct(beta1, c, t);
    row[0] = maximize ? -1 : 1;
    row[1] = decayMode === 'coupled' ? weightDecay : 0;
    row[2] = decayMode === 'coupled' ? 1 : 1 - (decayMode === 'decoupled' ? lr : 1) * weightDecay;
    row[3] = 1 - beta1;
    row[4] = beta2;
    row[5] = 1 - beta2;
    row[6] = 1 / Math.sqrt(1 - powInt(beta2, t));
    row[7] = eps;
    if (dialect === 'optax') {
      row[8] = (lr * (1 - beta1)) / (1 - powInt(beta1, t));
      row[9] = (lr * beta1) / (1 - powInt(beta1, t + 1));
    } else {
      row[8] = (lr * (1 - momentum)) / (1 - product);
      row[9] = (lr * next) / (1 - product * next);
    }
    row[10] = flushAt(t);
  },
});

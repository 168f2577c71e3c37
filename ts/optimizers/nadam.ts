// NAdam: Adam with Nesterov's look ahead, in the four forms that go by the name. PyTorch and Keras have Dozat's momentum schedule, Optax
// and Ruder's overview none.

import { exp, powInt } from '../numeric.ts';
import { epsRoot } from './adam.ts';
import { keptOf, l2Of } from './common.ts';
import { decayRates, epsilon, maximize, rate, weightDecay } from './options.ts';
import { type Factory, factory, flushAt, type Layout } from './rule.ts';

/** Options of {@link nadam}. */
export type NadamOptions = {
  /** Learning rate, ≥ 0. Default 2e-3; in keras and optax 1e-3. */
  readonly lr: number;
  /** Shares of the past that the first and second moment keep, each 0 to below 1. Default [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Added to the root of the corrected second moment, ≥ 0. Default 1e-8; in keras 1e-7. */
  readonly eps: number;
  /** Added to the corrected second moment, under the root, ≥ 0. Not in keras and paper. Default 0. */
  readonly epsRoot: number;
  /** Times the parameters is added to the gradient; in keras and optax lr times this of the parameters goes at each step. ≥ 0. Default 0. */
  readonly weightDecay: number;
  /** How fast the momentum of step t, β₁(1 − ½·0.96^(t·momentumDecay)), rises from about β₁/2 to β₁, ≥ 0. Default 4e-3; 1 in keras; not in optax and paper. */
  readonly momentumDecay: number;
  /** Go up the gradient. Default false. */
  readonly maximize: boolean;
};

const layout: Layout = { kernel: 'nadam', slots: ['exp_avg', 'exp_avg_sq'], numbers: 11, flags: 1 };

/** ln 0.96 */
const LN_096 = -0.040821994520255166;
/** 1 − x is 1 for every 0 ≤ x below this. */
const NOTHING = 1 / 1152921504606846976; // 2⁻⁶⁰

/** The momentum of step t: β₁(1 − ½cᵗ). */
const momentumAt = (beta1: number, c: number, t: number): number => beta1 * (1 - 0.5 * powInt(c, t));

/**
 * Πμ = μ₁·…·μₜ for a momentum that has no other schedule than its own. The loop is short for every t: where the product is too
 * small to change 1 − Πμ it is 0, and where cᵗ is, all further factors are β₁.
 */
function momentumProduct(beta1: number, c: number, t: number): number {
  let product = 1;
  for (let i = 1; i <= t; i++) {
    if (powInt(c, i) < NOTHING) return product * powInt(beta1, t - i + 1);
    product *= momentumAt(beta1, c, i);
    if (product < NOTHING) return 0;
  }
  return product;
}

/**
 * NAdam (Dozat 2016) as PyTorch's `NAdam`: Adam with Nesterov's look ahead under a momentum schedule. With
 * `decayMode: 'decoupled'` it is NAdamW. The dialects are four methods: `keras` has Dozat's schedule as it was first
 * written (momentumDecay 1), `optax` and `paper` have none, β₁·m/(1−β₁ᵗ⁺¹) + (1−β₁)·g/(1−β₁ᵗ) and, as Ruder 2016 gives
 * it, (β₁·m + (1−β₁)·g)/(1−β₁ᵗ) in the place of m̂. Throws `option`.
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
    epsRoot,
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
      without: ['momentumDecay', 'epsRoot'],
    },
    optax: {
      names: { nadam: {}, nadamw: { weightDecay: 1e-4 } },
      defaults: { lr: 1e-3, decayMode: 'decoupled' },
      without: ['momentumDecay'],
    },
    paper: { names: { Nadam: {} }, without: ['momentumDecay', 'epsRoot'] },
  },
  ownDecay: ['coupled', 'decoupled', 'independent'],
  variants: {
    nadam: { lr: 0.01 },
    decoupled: { lr: 0.01, weightDecay: 0.01, decayMode: 'decoupled' },
    Keras: { dialect: 'keras', lr: 0.01 },
    Optax: { dialect: 'optax', lr: 0.01, weightDecay: 0.01, epsRoot: 1e-3 },
    paper: { dialect: 'paper', lr: 0.01 },
  },
  slots: { exp_avg: 'moving average of gradients', exp_avg_sq: 'moving average of squared gradients' },
  laws: { elementwise: true, scalesWithLr: true },
  layout: () => layout,
  memory: { step: 0, product: 1 },
  numbers(options, t, row, memory) {
    const { lr, betas, eps, epsRoot, momentumDecay, dialect, maximize } = options;
    const [beta1, beta2] = betas;
    const correction1 = 1 - powInt(beta1, t);
    const correction2 = 1 - powInt(beta2, t);
    row[0] = maximize ? -1 : 1;
    row[1] = l2Of(options);
    row[2] = keptOf(options);
    row[3] = 1 - beta1;
    row[4] = beta2;
    row[5] = 1 - beta2;
    row[6] = epsRoot * correction2;
    row[7] = 1 / Math.sqrt(correction2);
    row[8] = eps;
    row[11] = flushAt(t);
    if (dialect === 'optax' || dialect === 'paper') {
      row[9] = (lr * (1 - beta1)) / correction1;
      row[10] = (lr * beta1) / (dialect === 'optax' ? 1 - powInt(beta1, t + 1) : correction1);
      return;
    }
    const c = exp(momentumDecay * LN_096);
    const momentum = momentumAt(beta1, c, t);
    const next = momentumAt(beta1, c, t + 1);
    // The momenta of former steps may have been others; a step that was entered directly knows only these options.
    const product = memory.step === t - 1 ? memory.product * momentum : momentumProduct(beta1, c, t);
    memory.step = t;
    memory.product = product;
    row[9] = (lr * (1 - momentum)) / (1 - product);
    row[10] = (lr * next) / (1 - product * next);
  },
});

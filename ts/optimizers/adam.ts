// Adam, with PyTorch's options, and AMSGrad as an option of it. Keras adds eps to the root that is not corrected; Optax corrects the
// second moment before it takes AMSGrad's maximum.

import { powInt } from '../numeric.ts';
import type { BooleanOption } from '../options.ts';
import { coupled, decayRates, epsilon, maximize, rate } from './options.ts';
import { type Complete, type Factory, factory, flushAt, type Layout } from './rule.ts';

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
  /** AMSGrad (Reddi, Kale & Kumar 2018): divide by the largest second moment so far. Default false. */
  readonly amsgrad: boolean;
  /** Go up the gradient. Default false. */
  readonly maximize: boolean;
};

const plain: Layout = { kernel: 'adam', slots: ['exp_avg', 'exp_avg_sq'], numbers: 9, flags: 1 };
const largest: Layout = {
  kernel: 'amsgrad',
  slots: ['exp_avg', 'exp_avg_sq', 'max_exp_avg_sq'],
  numbers: 10,
  flags: 1,
};

/** Kernel and state of Adam and AdamW. */
export const adamLayout = ({ amsgrad }: AdamOptions): Layout => (amsgrad ? largest : plain);

/** State of Adam and AdamW. */
export const adamSlots = {
  exp_avg: 'moving average of gradients',
  exp_avg_sq: 'moving average of squared gradients',
  max_exp_avg_sq: 'the largest of these so far, for AMSGrad',
} as const;

export const amsgrad: BooleanOption & { readonly default: boolean } = {
  type: 'boolean',
  default: false,
  text: 'divide by the largest second moment so far',
};

/** The row of Adam and AdamW. */
export function adamRow(options: Complete<AdamOptions>, t: number, row: Float64Array): void {
  const { lr, betas, eps, weightDecay, decayMode, dialect, maximize } = options;
  const [beta1, beta2] = betas;
  row[0] = maximize ? -1 : 1;
  row[1] = decayMode === 'coupled' ? weightDecay : 0;
  row[2] = decayMode === 'coupled' ? 1 : 1 - (decayMode === 'decoupled' ? lr : 1) * weightDecay;
  row[3] = 1 - beta1;
  row[4] = beta2;
  row[5] = 1 - beta2;
  const corrected = Math.sqrt(1 - powInt(beta2, t));
  const step = lr / (1 - powInt(beta1, t));
  const early = options.amsgrad && dialect === 'optax';
  row[6] = dialect === 'keras' || early ? 1 : 1 / corrected;
  row[7] = eps;
  row[8] = dialect === 'keras' ? step * corrected : step;
  if (!options.amsgrad) {
    row[9] = flushAt(t);
    return;
  }
  row[9] = early ? 1 / (1 - powInt(beta2, t)) : 1;
  row[10] = flushAt(t);
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
export const adam: Factory<'adam', AdamOptions> = factory<'adam', AdamOptions>({
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
    amsgrad,
    maximize,
  },
  dialects: {
    torch: { names: { Adam: {} } },
    keras: { names: { Adam: {} }, defaults: { eps: 1e-7, decayMode: 'decoupled' } },
    optax: { names: { adam: {}, amsgrad: { amsgrad: true } } },
  },
  ownDecay: ['coupled', 'decoupled', 'independent'],
  variants: {
    adam: { lr: 0.01, weightDecay: 0.01 },
    AMSGrad: { lr: 0.01, weightDecay: 0.01, amsgrad: true },
    Keras: { dialect: 'keras', lr: 0.01, weightDecay: 0.01 },
    'Optax, AMSGrad': { dialect: 'optax', lr: 0.01, amsgrad: true },
  },
  slots: adamSlots,
  laws: { elementwise: true, scalesWithLr: true },
  layout: adamLayout,
  numbers: adamRow,
});

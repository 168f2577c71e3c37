// Adam, with PyTorch's options, and AMSGrad as an option of it. Keras adds eps to the root that is not corrected; Optax corrects the
// second moment before it takes AMSGrad's maximum.

import { powInt } from '../numeric.ts';
import type { BooleanOption, NumberOption, OptionSpecs } from '../options.ts';
import { keptOf, l2Of } from './common.ts';
import { coupled, decayRates, epsilon, maximize, rate } from './options.ts';
import { type Complete, type DialectSpec, type Factory, factory, flushAt, type Layout } from './rule.ts';

/** Options of {@link adam}. */
export type AdamOptions = {
  /** Learning rate, ≥ 0. Default 1e-3. */
  readonly lr: number;
  /** Shares of the past that the first and second moment keep, each 0 to below 1. Default [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Added to the root of the corrected second moment, in keras to that of the uncorrected one, ≥ 0. Default 1e-8; in keras 1e-7. */
  readonly eps: number;
  /** Added to the corrected second moment, under the root, ≥ 0. Not in keras and paper. Default 0. */
  readonly epsRoot: number;
  /** Times the parameters is added to the gradient (L2); in keras lr times this of the parameters goes at each step, as in `adamw`. ≥ 0. Default 0. */
  readonly weightDecay: number;
  /** AMSGrad (Reddi, Kale & Kumar 2018): divide by the largest second moment so far. Not in paper. Default false. */
  readonly amsgrad: boolean;
  /** Correct the first moment for its start at zero. Default true; only torch and optax can leave it out. */
  readonly biasCorrectionMu: boolean;
  /** Correct the second moment for its start at zero. Default true; only torch and optax can leave it out. */
  readonly biasCorrectionNu: boolean;
  /** Go up the gradient. Default false. */
  readonly maximize: boolean;
};

const slots = ['exp_avg', 'exp_avg_sq'] as const;
const plain: Layout = { kernel: 'adam', slots, numbers: 9, flags: 1 };
/** With epsRoot: the kernel of NAdam, which has it, without looking ahead. */
const rooted: Layout = { kernel: 'nadam', slots, numbers: 11, flags: 1 };
const largest: Layout = { kernel: 'amsgrad', slots: [...slots, 'max_exp_avg_sq'], numbers: 11, flags: 1 };

/** Kernel and state of Adam and AdamW. */
export const adamLayout = ({ amsgrad, epsRoot }: AdamOptions): Layout =>
  amsgrad ? largest : epsRoot === 0 ? plain : rooted;

/** State of Adam and AdamW. */
export const adamSlots = {
  exp_avg: 'moving average of gradients',
  exp_avg_sq: 'moving average of squared gradients',
  max_exp_avg_sq: 'the largest of these so far, for AMSGrad',
} as const;

/** eps under the root. */
export const epsRoot: NumberOption & { readonly default: number } = {
  ...epsilon(0),
  default: 0,
  text: 'added to the corrected second moment, under the root',
};

const flag = (value: boolean, text: string): BooleanOption => ({ type: 'boolean', default: value, text });

/** Options of Adam; AdamW has other weight decay. */
export const adamOptions: OptionSpecs<AdamOptions> = {
  lr: rate(1e-3),
  betas: decayRates(0.9, 0.999),
  eps: epsilon(1e-8),
  weightDecay: coupled,
  epsRoot,
  amsgrad: flag(false, 'divide by the largest second moment so far'),
  biasCorrectionMu: flag(true, 'correct the first moment for its start at zero'),
  biasCorrectionNu: flag(true, 'correct the second moment for its start at zero'),
  maximize,
};

/** What Keras does not have, of Adam and AdamW. */
export const notInKeras: NonNullable<DialectSpec<AdamOptions>['without']> = [
  'epsRoot',
  'biasCorrectionMu',
  'biasCorrectionNu',
];

/** The row of Adam and AdamW. */
export function adamRow(
  options: Complete<AdamOptions>,
  t: number,
  row: Float64Array,
  _memory: object,
  layout: Layout,
): void {
  const { lr, betas, eps, epsRoot, dialect, maximize } = options;
  const [beta1, beta2] = betas;
  const correction1 = options.biasCorrectionMu ? 1 - powInt(beta1, t) : 1;
  const correction2 = options.biasCorrectionNu ? 1 - powInt(beta2, t) : 1;
  const early = options.amsgrad && dialect === 'optax'; // the correction, before the maximum
  const bare = dialect === 'keras' || early; // a root that the kernel has not to correct
  const root = bare ? 1 : 1 / Math.sqrt(correction2);
  const step = ((dialect === 'keras' ? Math.sqrt(correction2) : 1) * lr) / correction1;
  row[0] = maximize ? -1 : 1;
  row[1] = l2Of(options);
  row[2] = keptOf(options);
  row[3] = 1 - beta1;
  row[4] = beta2;
  row[5] = 1 - beta2;
  if (layout === plain) {
    row[6] = root;
    row[7] = eps;
    row[8] = step;
    row[9] = flushAt(t);
    return;
  }
  row[6] = bare ? epsRoot : epsRoot * correction2;
  row[7] = root;
  row[8] = eps;
  row[9] = layout === rooted ? 0 : early ? 1 / correction2 : 1;
  row[10] = step;
  row[11] = flushAt(t);
}

/**
 * Adam (Kingma & Ba 2015) as PyTorch's `Adam`: momentum divided by a moving root mean square, both corrected for their
 * start at zero, so the first step is lr long whatever the gradient's size. In the dialect `keras` ε is added to the
 * root that is not corrected, which makes early steps shorter; `optax` is `torch`, but AMSGrad's maximum is that of the
 * corrected moment; `paper` is `torch` with the paper's options alone. Throws `option`.
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
  options: adamOptions,
  dialects: {
    torch: { names: { Adam: {} } },
    keras: { names: { Adam: {} }, defaults: { eps: 1e-7, decayMode: 'decoupled' }, without: notInKeras },
    optax: { names: { adam: {}, amsgrad: { amsgrad: true } } },
    paper: { names: { Adam: {} }, without: ['amsgrad', ...notInKeras] },
  },
  ownDecay: ['coupled', 'decoupled', 'independent'],
  variants: {
    adam: { lr: 0.01, weightDecay: 0.01 },
    AMSGrad: { lr: 0.01, weightDecay: 0.01, amsgrad: true },
    'eps in the root': { lr: 0.01, epsRoot: 1e-3 },
    Keras: { dialect: 'keras', lr: 0.01, weightDecay: 0.01 },
    'Optax, AMSGrad': { dialect: 'optax', lr: 0.01, amsgrad: true, epsRoot: 1e-3 },
    'Optax, AMSGrad, not corrected': {
      dialect: 'optax',
      lr: 0.01,
      amsgrad: true,
      biasCorrectionMu: false,
      biasCorrectionNu: false,
    },
  },
  slots: adamSlots,
  laws: { elementwise: true, scalesWithLr: true },
  layout: adamLayout,
  numbers: adamRow,
});

// AdamW, with PyTorch's options and numbers: Adam whose weight decay stands beside the gradient, not in it.

import { type AdamOptions, adamLayout, adamOptions, adamRow, adamSlots, notInKeras } from './adam.ts';
import { weightDecay } from './options.ts';
import { type Factory, factory } from './rule.ts';

/** Options of {@link adamw}: those of Adam; `weightDecay` (default 1e-2; in keras 4e-3, in optax 1e-4) takes lr·weightDecay of the parameters at each step. */
export type AdamwOptions = AdamOptions;

/**
 * AdamW (Loshchilov & Hutter 2019) as PyTorch's `AdamW`: first lr·weightDecay of the parameters go, then Adam takes its
 * step. Throws `option`.
 *
 * @example
 * ```js
 * import { adamw, createEngine } from 'downhill';
 * const engine = await createEngine();
 * const x = Float32Array.of(1);
 * const optimizer = engine.optimizer(adamw({ lr: 0.1, weightDecay: 0.1 }), x);
 * optimizer.step(Float32Array.of(2)); // the gradient
 * console.log(x[0].toFixed(4)); // 0.8900
 * ```
 */
export const adamw: Factory<'adamw', AdamwOptions> = factory<'adamw', AdamwOptions>({
  name: 'adamw',
  summary: 'Adam with weight decay beside the gradient',
  formula: 'p ← p(1 − lr·λ);  then Adam without decay: p ← p − lr · m̂/(√v̂ + ε)',
  source: 'Loshchilov & Hutter 2019',
  options: {
    ...adamOptions,
    weightDecay: weightDecay(1e-2, 'lr times this share of the parameters goes at each step'),
  },
  dialects: {
    torch: { names: { AdamW: {} } },
    keras: { names: { AdamW: {} }, defaults: { weightDecay: 4e-3, eps: 1e-7 }, without: notInKeras },
    optax: {
      names: { adamw: {} },
      defaults: { weightDecay: 1e-4 },
      without: ['amsgrad', 'biasCorrectionMu', 'biasCorrectionNu'],
    },
  },
  decayMode: 'decoupled',
  ownDecay: ['coupled', 'decoupled', 'independent'],
  variants: {
    adamw: { lr: 0.01 },
    AMSGrad: { lr: 0.01, amsgrad: true },
    independent: { lr: 0.01, decayMode: 'independent', noDecay: ['*.bias'] },
  },
  slots: adamSlots,
  laws: { elementwise: true, scalesWithLr: true },
  layout: adamLayout,
  numbers: adamRow,
});

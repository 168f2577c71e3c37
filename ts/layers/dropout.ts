// Dropout (Srivastava et al. 2014), inverted: what is kept in training is scaled by 1 / (1 − rate), so prediction needs no change.

import { resolveOptions } from '../options.ts';
import { elementwise, type LayerDefinition } from './layer.ts';

/** What {@link dropout} makes. */
export interface Dropout {
  readonly kind: 'dropout';
  /** Share of elements that go, in [0, 1). */
  readonly rate: number;
}

export const dropoutLayer: LayerDefinition<Dropout> = elementwise(
  'dropout',
  { rate: { type: 'number', min: 0, below: 1, text: 'share of elements set to zero in training' } },
  (x, { rate }, { training }) => (training && rate > 0 ? x.dropout(rate) : x),
  ({ rate }) => String(rate),
);

/**
 * Sets each element to zero with probability `rate` in [0, 1) while training, and scales the others by 1 / (1 − rate)
 * (Srivastava et al. 2014, inverted); does nothing otherwise. Which elements go is decided by the trainer's seed.
 * Throws `option` for another rate.
 *
 * @example
 * ```js
 * import { createEngine, dropout, Model, sequential } from 'downhill';
 * const engine = await createEngine({ seed: 3 });
 * const model = new Model(engine, sequential([1000], dropout(0.2)));
 * const kept = engine.scope(() => model.forward(engine.tensor([Array(1000).fill(1)]), { training: true }).read());
 * console.log([...new Set(kept)].sort()); // [ 0, 1.25 ]
 * ```
 */
export function dropout(rate: number): Dropout {
  return resolveOptions({ kind: 'dropout', rate }, dropoutLayer.options, { owner: 'dropout', path: '' });
}

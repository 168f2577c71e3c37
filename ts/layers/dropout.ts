// Dropout (Srivastava et al. 2014), inverted: what is kept in training is scaled by 1 / (1 − rate), so prediction needs no change.

import { resolveOptions } from '../options.ts';
import { elementwise, type LayerDefinition } from './layer.ts';

export interface Dropout {
  readonly kind: 'dropout';
  readonly rate: number;
}

export const dropoutLayer: LayerDefinition<Dropout> = elementwise(
  'dropout',
  { rate: { type: 'number', min: 0, below: 1, text: 'share of elements set to zero in training' } },
  (x, { rate }, { training }) => (training && rate > 0 ? x.dropout(rate) : x),
  ({ rate }) => String(rate),
);

/** Sets each element to zero with probability `rate` in [0, 1) while training. Throws `option` for another rate. */
export function dropout(rate: number): Dropout {
  return resolveOptions({ kind: 'dropout', rate }, dropoutLayer.options, { owner: 'dropout', path: '' });
}

// Exponential linear unit (Clevert, Unterthiner & Hochreiter 2015).

import { resolveOptions } from '../options.ts';
import { elementwise, type LayerDefinition } from './layer.ts';

/** Options of {@link elu}. */
export interface EluOptions {
  /** The output goes to −alpha for x → −∞; > 0. Default 1. */
  readonly alpha?: number;
}

/** What {@link elu} makes. */
export interface Elu extends EluOptions {
  readonly kind: 'elu';
}

export const eluLayer: LayerDefinition<Elu> = elementwise(
  'elu',
  { alpha: { type: 'number', default: 1, above: 0, text: 'the output goes to −alpha far below zero' } },
  (x, { alpha }) => x.elu(alpha),
  ({ alpha }) => String(alpha),
);

/**
 * x for x > 0, alpha · (eˣ − 1) below, element by element. Throws `option` for an alpha that is not above 0.
 * Source: Clevert, Unterthiner & Hochreiter 2015.
 */
export function elu(options: EluOptions = {}): Elu {
  return resolveOptions({ ...options, kind: 'elu' }, eluLayer.options, { owner: 'elu', path: '' });
}

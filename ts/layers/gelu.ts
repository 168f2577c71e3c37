// Gaussian error linear unit (Hendrycks & Gimpel 2016), exact or in its tanh approximation.

import { resolveOptions } from '../options.ts';
import { elementwise, type LayerDefinition } from './layer.ts';

/** Options of {@link gelu}. */
export interface GeluOptions {
  /** `'none'`: x·Φ(x) by erf. `'tanh'`: the approximation that GPT-2 was trained with. Default `'none'`, as in PyTorch. */
  readonly approximate?: 'none' | 'tanh';
}

/** What {@link gelu} makes. */
export interface Gelu extends GeluOptions {
  readonly kind: 'gelu';
}

export const geluLayer: LayerDefinition<Gelu> = elementwise(
  'gelu',
  { approximate: { type: 'choice', values: ['none', 'tanh'], default: 'none', text: 'exact or by tanh' } },
  (x, { approximate }) => x.gelu({ approximate }),
  ({ approximate }) => (approximate === 'none' ? '' : approximate),
);

/**
 * x · Φ(x), Φ the distribution function of the standard normal distribution, element by element. Throws `option`.
 * Source: Hendrycks & Gimpel 2016.
 */
export function gelu(options: GeluOptions = {}): Gelu {
  return resolveOptions({ ...options, kind: 'gelu' }, geluLayer.options, { owner: 'gelu', path: '' });
}

// Rectifier with a small slope below zero (Maas, Hannun & Ng 2013), so that no unit is without a gradient.

import { resolveOptions } from '../options.ts';
import { elementwise, type LayerDefinition } from './layer.ts';

/** Options of {@link leakyRelu}. */
export interface LeakyReluOptions {
  /** Slope below zero, ≥ 0. Default 0.01, PyTorch's. */
  readonly slope?: number;
}

/** What {@link leakyRelu} makes. */
export interface LeakyRelu extends LeakyReluOptions {
  readonly kind: 'leakyRelu';
}

export const leakyReluLayer: LayerDefinition<LeakyRelu> = elementwise(
  'leakyRelu',
  { slope: { type: 'number', default: 0.01, min: 0, text: 'slope below zero' } },
  (x, { slope }) => x.leakyRelu(slope),
  ({ slope }) => String(slope),
);

/** x for x ≥ 0, slope · x below, element by element. Throws `option` for a slope below 0. Source: Maas, Hannun & Ng 2013. */
export function leakyRelu(options: LeakyReluOptions = {}): LeakyRelu {
  return resolveOptions({ ...options, kind: 'leakyRelu' }, leakyReluLayer.options, { owner: 'leakyRelu', path: '' });
}

// Hyperbolic tangent: the classical activation, centred at zero.

import { elementwise, type LayerDefinition } from './layer.ts';

export interface Tanh {
  readonly kind: 'tanh';
}

/** tanh x, in (−1, 1). */
export const tanh = (): Tanh => ({ kind: 'tanh' });

export const tanhLayer: LayerDefinition<Tanh> = elementwise('tanh', {}, (x) => x.tanh());

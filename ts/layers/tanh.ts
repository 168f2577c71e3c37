// Hyperbolic tangent: the classical activation, centred at zero.

import { elementwise, type LayerDefinition } from './layer.ts';

/** What {@link tanh} makes. */
export interface Tanh {
  readonly kind: 'tanh';
}

/** tanh x, from −1 to 1, element by element. */
export const tanh = (): Tanh => ({ kind: 'tanh' });

export const tanhLayer: LayerDefinition<Tanh> = elementwise('tanh', {}, (x) => x.tanh());

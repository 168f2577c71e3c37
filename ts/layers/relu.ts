// Rectifier (Nair & Hinton 2010): the standard activation of hidden layers.

import { elementwise, type LayerDefinition } from './layer.ts';

/** What {@link relu} makes. */
export interface Relu {
  readonly kind: 'relu';
}

/** x for x > 0, otherwise 0 (NaN stays NaN), element by element. Source: Nair & Hinton 2010. */
export const relu = (): Relu => ({ kind: 'relu' });

export const reluLayer: LayerDefinition<Relu> = elementwise('relu', {}, (x) => x.relu());

// Rectifier (Nair & Hinton 2010): the standard activation of hidden layers.

import { elementwise, type LayerDefinition } from './layer.ts';

export interface Relu {
  readonly kind: 'relu';
}

/** max(x, 0), element by element. */
export const relu = (): Relu => ({ kind: 'relu' });

export const reluLayer: LayerDefinition<Relu> = elementwise('relu', {}, (x) => x.relu());

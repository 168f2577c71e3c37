// Logistic function: turns a number into a probability.

import { elementwise, type LayerDefinition } from './layer.ts';

export interface Sigmoid {
  readonly kind: 'sigmoid';
}

/** 1 / (1 + e⁻ˣ), in (0, 1). */
export const sigmoid = (): Sigmoid => ({ kind: 'sigmoid' });

export const sigmoidLayer: LayerDefinition<Sigmoid> = elementwise('sigmoid', {}, (x) => x.sigmoid());

// Logistic function: turns a number into a probability.

import { elementwise, type LayerDefinition } from './layer.ts';

/** What {@link sigmoid} makes. */
export interface Sigmoid {
  readonly kind: 'sigmoid';
}

/** 1 / (1 + e⁻ˣ), from 0 to 1, element by element. A model that is trained with sigmoidCrossEntropy ends before it. */
export const sigmoid = (): Sigmoid => ({ kind: 'sigmoid' });

export const sigmoidLayer: LayerDefinition<Sigmoid> = elementwise('sigmoid', {}, (x) => x.sigmoid());

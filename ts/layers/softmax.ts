// Probabilities over the last axis. Not for the end of a model that is trained with crossEntropy, which takes logits.

import type { LayerDefinition } from './layer.ts';

/** What {@link softmax} makes. */
export interface Softmax {
  readonly kind: 'softmax';
}

/** eˣ / Σ eˣ over the last axis: positive numbers that sum to 1. A model that is trained with crossEntropy ends before it. */
export const softmax = (): Softmax => ({ kind: 'softmax' });

export const softmaxLayer: LayerDefinition<Softmax> = {
  kind: 'softmax',
  options: {},
  argument: () => '',
  output: (_, input) => input,
  parameters: () => [],
  forward: (x) => x.softmax(),
};

// Binary cross-entropy of logits, for yes or no, once or several times an example.

import type { LossDefinition } from './loss.ts';

export interface SigmoidCrossEntropy {
  readonly kind: 'sigmoidCrossEntropy';
}

/**
 * Mean of −t·log σ(z) − (1 − t)·log(1 − σ(z)) over all numbers. The model ends in logits z, without sigmoid. Targets: the shape of the
 * outputs, from 0 to 1.
 */
export const sigmoidCrossEntropy = (): SigmoidCrossEntropy => ({ kind: 'sigmoidCrossEntropy' });

export const sigmoidCrossEntropyLoss: LossDefinition<SigmoidCrossEntropy> = {
  kind: 'sigmoidCrossEntropy',
  options: {},
  targets: (_, output) => ({ values: { shape: output, min: 0, max: 1 } }),
  decision: () => ({ above: 0 }),
  contains: ['sigmoid'],
  forward: (outputs, targets) => outputs.sigmoidCrossEntropy(targets),
};

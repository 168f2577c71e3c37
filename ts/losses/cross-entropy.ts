// Softmax cross-entropy of logits, for one class of several.

import { cannotTake, type LossDefinition } from './loss.ts';

export interface CrossEntropy {
  readonly kind: 'crossEntropy';
}

/**
 * Mean of −log softmax(logits)[label]. The model ends in one logit a class, without softmax. Targets: labels from 0, or rows of
 * probabilities.
 */
export const crossEntropy = (): CrossEntropy => ({ kind: 'crossEntropy' });

export const crossEntropyLoss: LossDefinition<CrossEntropy> = {
  kind: 'crossEntropy',
  options: {},
  targets: (_, output) => {
    if (output.length !== 1 || output[0] < 2)
      throw cannotTake(
        'crossEntropy',
        'one logit a class, two classes or more (for one logit take sigmoidCrossEntropy())',
        output,
      );
    return { classes: output[0], values: { shape: output, min: 0, max: 1, distribution: true } };
  },
  decision: () => 'largest',
  contains: ['softmax'],
  forward: (outputs, targets) => outputs.crossEntropy(targets),
};

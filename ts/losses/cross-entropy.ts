// Softmax cross-entropy of logits, for one class of several.

import { cannotTake, type LossDefinition } from './loss.ts';

/** What {@link crossEntropy} makes. */
export interface CrossEntropy {
  readonly kind: 'crossEntropy';
}

/**
 * Mean of −log softmax(logits)[label] over the batch, in nats. The model ends in one logit a class [classes], classes ≥
 * 2, without softmax. Targets: labels from 0 to classes − 1, or rows of probabilities that sum to 1. As PyTorch's
 * `CrossEntropyLoss`.
 *
 * @example
 * ```js
 * import { createTrainer, crossEntropy, dense, sequential, sgd } from 'downhill';
 * import { zeros } from 'downhill/initializers';
 * const model = sequential([2], dense(4, { kernelInitializer: zeros(), biasInitializer: zeros() }));
 * const trainer = await createTrainer({ model, loss: crossEntropy(), optimizer: sgd() });
 * const data = await trainer.load({ x: [[1, 2], [3, 4]], y: [0, 3] });
 * const { loss } = await trainer.evaluate(data);
 * console.log(Math.abs(loss - Math.log(4)) < 1e-6); // true
 * await trainer.dispose();
 * ```
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

// Binary cross-entropy of logits, for yes or no, once or several times an example.

import type { LossDefinition } from './loss.ts';

/** What {@link sigmoidCrossEntropy} makes. */
export interface SigmoidCrossEntropy {
  readonly kind: 'sigmoidCrossEntropy';
}

/**
 * Mean of −t·log σ(z) − (1 − t)·log(1 − σ(z)) over all numbers of the batch, in nats. The model ends in logits z,
 * without sigmoid. Targets t: the shape of the outputs, from 0 to 1. As PyTorch's `BCEWithLogitsLoss`.
 *
 * @example
 * ```js
 * import { createTrainer, dense, sequential, sgd, sigmoidCrossEntropy } from 'downhill';
 * import { zeros } from 'downhill/initializers';
 * const model = sequential([2], dense(1, { kernelInitializer: zeros(), biasInitializer: zeros() }));
 * const trainer = await createTrainer({ model, loss: sigmoidCrossEntropy(), optimizer: sgd() });
 * const data = await trainer.load({ x: [[1, 2], [3, 4]], y: [0, 1] });
 * const { loss } = await trainer.evaluate(data);
 * console.log(Math.abs(loss - Math.log(2)) < 1e-6); // true
 * await trainer.dispose();
 * ```
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

// Squared distance between outputs and targets, for numbers.

import type { LossDefinition } from './loss.ts';

/** What {@link meanSquaredError} makes. */
export interface MeanSquaredError {
  readonly kind: 'meanSquaredError';
}

/**
 * Mean of (output − target)² over all numbers of the batch. Targets: the shape of the outputs, any finite numbers. As
 * PyTorch's `MSELoss`. Also a metric.
 *
 * @example
 * ```js
 * import { createTrainer, dense, meanSquaredError, sequential, sgd } from 'downhill';
 * import { zeros } from 'downhill/initializers';
 * const model = sequential([1], dense(1, { kernelInitializer: zeros(), biasInitializer: zeros() }));
 * const trainer = await createTrainer({ model, loss: meanSquaredError(), optimizer: sgd() });
 * const data = await trainer.load({ x: [[1], [2]], y: [[3], [4]] });
 * console.log((await trainer.evaluate(data)).loss); // 12.5
 * await trainer.dispose();
 * ```
 */
export const meanSquaredError = (): MeanSquaredError => ({ kind: 'meanSquaredError' });

export const meanSquaredErrorLoss: LossDefinition<MeanSquaredError> = {
  kind: 'meanSquaredError',
  options: {},
  targets: (_, output) => ({ values: { shape: output } }),
  decision: (_, output) => (output.length === 1 && output[0] > 1 ? 'largest' : { above: 0.5 }),
  contains: [],
  forward: (outputs, targets) => outputs.meanSquaredError(targets),
};

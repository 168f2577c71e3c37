// The list of losses: what a model may be trained to make small.

import { type CrossEntropy, crossEntropyLoss } from './cross-entropy.ts';
import type { LossDefinition } from './loss.ts';
import { type MeanSquaredError, meanSquaredErrorLoss } from './mean-squared-error.ts';
import { type SigmoidCrossEntropy, sigmoidCrossEntropyLoss } from './sigmoid-cross-entropy.ts';

export { crossEntropy } from './cross-entropy.ts';
export { meanSquaredError } from './mean-squared-error.ts';
export { sigmoidCrossEntropy } from './sigmoid-cross-entropy.ts';

/** A loss: plain data. */
export type Loss = CrossEntropy | MeanSquaredError | SigmoidCrossEntropy;

/** Every loss by its kind. */
export const losses: { readonly [K in Loss['kind']]: LossDefinition<Extract<Loss, { kind: K }>> } = {
  crossEntropy: crossEntropyLoss,
  meanSquaredError: meanSquaredErrorLoss,
  sigmoidCrossEntropy: sigmoidCrossEntropyLoss,
};

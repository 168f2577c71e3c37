// Squared distance between outputs and targets, for numbers.

import type { LossDefinition } from './loss.ts';

export interface MeanSquaredError {
  readonly kind: 'meanSquaredError';
}

/** Mean of (output − target)² over all numbers. Targets: the shape of the outputs. */
export const meanSquaredError = (): MeanSquaredError => ({ kind: 'meanSquaredError' });

export const meanSquaredErrorLoss: LossDefinition<MeanSquaredError> = {
  kind: 'meanSquaredError',
  options: {},
  targets: (_, output) => ({ values: { shape: output } }),
  decision: (_, output) => (output.length === 1 && output[0] > 1 ? 'largest' : { above: 0.5 }),
  contains: [],
  forward: (outputs, targets) => outputs.meanSquaredError(targets),
};

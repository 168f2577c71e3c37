// Distance between outputs and targets, as a figure beside the loss.

import type { MeanSquaredError } from '../losses/mean-squared-error.ts';
import type { MetricBatch, MetricDefinition } from './metric.ts';

export interface MeanAbsoluteError {
  readonly kind: 'meanAbsoluteError';
}

/** Mean of |output − target|. */
export const meanAbsoluteError = (): MeanAbsoluteError => ({ kind: 'meanAbsoluteError' });

/** Sum over the rows of the mean over a row. Labels are no numbers to be near to: the session refuses these metrics for them. */
const sumOf = ({ outputs, targets, rows, width }: MetricBatch, distance: (difference: number) => number): number => {
  let sum = 0;
  for (let i = 0; i < rows * width; i++) sum += distance(outputs[i] - targets[i]);
  return sum / width;
};

export const meanAbsoluteErrorMetric: MetricDefinition<MeanAbsoluteError> = {
  kind: 'meanAbsoluteError',
  options: {},
  labels: false,
  sum: (_, batch) => sumOf(batch, Math.abs),
};

export const meanSquaredErrorMetric: MetricDefinition<MeanSquaredError> = {
  kind: 'meanSquaredError',
  options: {},
  labels: false,
  sum: (_, batch) => sumOf(batch, (difference) => difference * difference),
};

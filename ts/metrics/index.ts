// The list of metrics: what is counted beside the loss.

import type { MeanSquaredError } from '../losses/mean-squared-error.ts';
import { type Accuracy, accuracyMetric } from './accuracy.ts';
import { type MeanAbsoluteError, meanAbsoluteErrorMetric, meanSquaredErrorMetric } from './errors.ts';
import type { MetricDefinition } from './metric.ts';

export { accuracy } from './accuracy.ts';
export { meanAbsoluteError } from './errors.ts';

/** A metric: plain data. `meanSquaredError()` is a loss and a metric. */
export type Metric = Accuracy | MeanAbsoluteError | MeanSquaredError;

/** Every metric by its kind. */
export const metrics: { readonly [K in Metric['kind']]: MetricDefinition<Extract<Metric, { kind: K }>> } = {
  accuracy: accuracyMetric,
  meanAbsoluteError: meanAbsoluteErrorMetric,
  meanSquaredError: meanSquaredErrorMetric,
};

// Share of right answers.

import type { MetricBatch, MetricDefinition } from './metric.ts';

export interface Accuracy {
  readonly kind: 'accuracy';
}

/**
 * Share of right answers, from 0 to 1. With crossEntropy the answer is the class of the largest output; with one output, or several
 * yes-or-no outputs, each is compared with the threshold between yes and no (a logit of 0, or 0.5 for meanSquaredError).
 */
export const accuracy = (): Accuracy => ({ kind: 'accuracy' });

export const accuracyMetric: MetricDefinition<Accuracy> = {
  kind: 'accuracy',
  options: {},
  labels: true,
  sum: (_, batch) => (batch.decision === 'largest' ? rightClasses(batch) : rightBits(batch, batch.decision.above)),
};

function rightClasses({ outputs, targets, rows, width }: MetricBatch): number {
  const labels = targets instanceof Int32Array;
  let right = 0;
  for (let row = 0; row < rows; row++) {
    const wanted = labels ? targets[row] : largest(targets, row * width, width);
    if (largest(outputs, row * width, width) === wanted) right++;
  }
  return right;
}

/** Position of the first largest of `width` numbers. */
function largest(x: ArrayLike<number>, start: number, width: number): number {
  let found = 0;
  for (let j = 1; j < width; j++) if (x[start + j] > x[start + found]) found = j;
  return found;
}

function rightBits({ outputs, targets, rows, width }: MetricBatch, threshold: number): number {
  let right = 0;
  for (let i = 0; i < rows * width; i++) if (outputs[i] > threshold === targets[i] > 0.5) right++;
  return right / width;
}

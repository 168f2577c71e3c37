// What a metric is: a sum over examples, in f64, that divided by their number gives the value. Sums are added batch by batch in order, so
// they do not depend on how training is sliced.

import type { Decision } from '../losses/loss.ts';
import type { OptionSpecs } from '../options.ts';

/** One batch as a metric sees it. `targets` are one label a row, or as many numbers a row as `outputs`. */
export interface MetricBatch {
  readonly outputs: Float32Array;
  readonly targets: Float32Array | Int32Array;
  readonly rows: number;
  /** Numbers a row of `outputs`. */
  readonly width: number;
  readonly decision: Decision;
}

/** One metric of the list. */
export interface MetricDefinition<D extends { readonly kind: string }> {
  readonly kind: D['kind'];
  readonly options: OptionSpecs<D>;
  /** Whether it can be counted when the targets are class labels. */
  readonly labels: boolean;
  /** Sum over the rows of the batch. */
  sum(metric: Required<D>, batch: MetricBatch): number;
}

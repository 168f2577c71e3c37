// What a session is told: its description, and the options of its calls, each with its bounds.

import type { DataInput } from '../data/dataset.ts';
import type { Sequential } from '../layers/sequential.ts';
import type { Loss } from '../losses/index.ts';
import type { Metric } from '../metrics/index.ts';
import type { OptimizerDescription } from '../optimizers/rules.ts';
import type { OptionSpecs } from '../options.ts';
import type { Shape } from '../tensor/shape.ts';
import { EVALUATION_BATCH } from './evaluate.ts';

/** What is trained, and how: plain data. */
export interface SessionDescription {
  readonly model: Sequential;
  readonly loss: Loss;
  readonly optimizer: OptimizerDescription;
  /** What is counted beside the loss. Default: nothing. */
  readonly metrics?: readonly Metric[];
  /** Decides first weights, dropout, the order of the examples and the split; a whole number ≥ 0. Default 0. */
  readonly seed?: number;
}

/** Loaded data, as plain data that crosses to a worker and back. */
export interface DataHandle {
  readonly kind: 'data';
  readonly id: number;
  /** Number of examples. */
  readonly rows: number;
}

/** Options of {@link Session.fit}. */
export interface FitOptions {
  /** Times that every example is seen, ≥ 0. Default 1. */
  readonly epochs?: number;
  /** Examples a step, ≥ 1; the last batch of an epoch may be shorter. Default 32. */
  readonly batchSize?: number;
  /** A new order in each epoch. Default true. */
  readonly shuffle?: boolean;
  /** Share of the examples that is set aside (by the seed), above 0 and below 1; or other data. Default: none. */
  readonly validation?: number | DataInput | DataHandle;
  /** Epochs between snapshots that the listener is given; 0: none. Default: every epoch, but at most one a second, and the last. */
  readonly snapshotEvery?: number;
  /** Whether an interrupted fit goes on where it was. Default: true after `restore`, otherwise false. */
  readonly resume?: boolean;
  /** Begin paused. Default false. */
  readonly paused?: boolean;
}

/** Options of {@link Session.evaluate}. */
export interface EvaluateOptions {
  /** Examples computed at once, ≥ 1. Default 256. */
  readonly batchSize?: number;
}

/** Outputs for examples. */
export interface Prediction {
  readonly values: Float32Array;
  /** [examples, …output]. */
  readonly shape: Shape;
}

const anything = { type: 'checked', check: () => {}, optional: true, text: '' } as const;
export const descriptionOptions: OptionSpecs<SessionDescription> = {
  model: { ...anything, text: 'what is trained' },
  loss: { ...anything, text: 'what is made small' },
  optimizer: { ...anything, text: 'how' },
  metrics: { type: 'checked', check: () => {}, default: [], text: 'what is counted beside the loss' },
  seed: { type: 'integer', min: 0, default: 0, text: 'seed' },
};
export const fitOptions: OptionSpecs<FitOptions> = {
  epochs: { type: 'integer', min: 0, default: 1, text: 'times that every example is seen' },
  batchSize: { type: 'integer', min: 1, default: 32, text: 'examples a step' },
  shuffle: { type: 'boolean', default: true, text: 'a new order in each epoch' },
  validation: anything,
  snapshotEvery: { type: 'integer', min: 0, optional: true, text: 'epochs between snapshots' },
  resume: { type: 'boolean', optional: true, text: 'go on with an interrupted fit' },
  paused: { type: 'boolean', default: false, text: 'begin paused' },
};
export const evaluateOptions: OptionSpecs<EvaluateOptions> = {
  batchSize: { type: 'integer', min: 1, default: EVALUATION_BATCH, text: 'examples computed at once' },
};

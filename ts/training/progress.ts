// How far a session has come: everything that decides what the next step is, beside parameters and optimizer state. Plain data, so that a
// snapshot can hold it; nothing in it comes from a clock or from how training was sliced.

import { DownhillError } from '../errors.ts';
import type { EpochRecord, Evaluation } from './report.ts';
import type { Sums, Task } from './task.ts';

/** A fit that has begun and not ended. */
export interface FitPosition {
  /** Epochs of the whole fit, and how many are finished. */
  epochs: number;
  done: number;
  /** Batches done in the epoch that is under way. */
  batch: number;
  readonly batchSize: number;
  /** Examples trained on, and set aside. */
  readonly rows: number;
  readonly validationRows: number;
  readonly shuffle: boolean;
  /** Of the epoch that is under way. */
  sums: Sums;
}

/** How far a session has come. */
export interface Progress {
  /** Decides the order of the examples and the split. */
  seed: number;
  /** Steps over all fits. */
  step: number;
  /** Epochs finished or given up over all fits: the number of the order in which the next epoch takes the examples. */
  epoch: number;
  readonly history: EpochRecord[];
  /** The fit that a snapshot interrupted, or that was stopped. */
  fit: FitPosition | undefined;
}

/** As text for a file's metadata. JSON has no NaN: numbers that are not finite become words. */
export function encode(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item) ? String(item) : item,
  );
}

/** Reads {@link encode}'s text of a progress. Throws `file` for anything else. */
export function decodeProgress(text: string): Progress {
  const wrong = (what: string): DownhillError =>
    new DownhillError('file', `this snapshot is damaged: its progress has no valid ${what}`);
  const root = record(parse(text), 'content');
  return {
    seed: count(root.seed, 'seed'),
    step: count(root.step, 'step'),
    epoch: count(root.epoch, 'epoch'),
    history: list(root.history, 'history').map(epochRecord),
    fit: root.fit === undefined ? undefined : position(record(root.fit, 'fit')),
  };

  function parse(json: string): unknown {
    try {
      return JSON.parse(json);
    } catch {
      throw wrong('JSON');
    }
  }
  function record(value: unknown, what: string): { readonly [name: string]: unknown } {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(what);
    return { ...value };
  }
  function list(value: unknown, what: string): readonly unknown[] {
    if (!Array.isArray(value)) throw wrong(what);
    return value;
  }
  function count(value: unknown, what: string): number {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wrong(what);
    return value;
  }
  function real(value: unknown, what: string): number {
    if (typeof value === 'number') return value;
    if (value !== 'NaN' && value !== 'Infinity' && value !== '-Infinity') throw wrong(what);
    return Number(value);
  }
  function reals(value: unknown, what: string): Record<string, number> {
    return Object.fromEntries(Object.entries(record(value, what)).map(([name, item]) => [name, real(item, what)]));
  }
  function epochRecord(value: unknown): EpochRecord {
    const { epoch, loss, metrics, validation } = record(value, 'history');
    return {
      epoch: count(epoch, 'history'),
      loss: real(loss, 'history'),
      metrics: reals(metrics, 'history'),
      ...(validation === undefined ? {} : { validation: evaluation(validation) }),
    };
  }
  function evaluation(value: unknown): Evaluation {
    const { loss, ...metrics } = reals(value, 'validation');
    if (loss === undefined) throw wrong('validation');
    return { loss, ...metrics };
  }
  function position(value: { readonly [name: string]: unknown }): FitPosition {
    const sums = record(value.sums, 'sums');
    if (typeof value.shuffle !== 'boolean') throw wrong('shuffle');
    return {
      epochs: count(value.epochs, 'epochs'),
      done: count(value.done, 'done'),
      batch: count(value.batch, 'batch'),
      batchSize: count(value.batchSize, 'batchSize'),
      rows: count(value.rows, 'rows'),
      validationRows: count(value.validationRows, 'validationRows'),
      shuffle: value.shuffle,
      sums: {
        examples: count(sums.examples, 'sums'),
        values: list(sums.values, 'sums').map((item) => real(item, 'sums')),
      },
    };
  }
}

/** What a call of fit asks for. */
export type Asked = Pick<FitPosition, 'epochs' | 'batchSize' | 'rows' | 'validationRows' | 'shuffle'>;

/**
 * Where a fit begins: with `resume` where the interrupted one was, else at a new first epoch. Throws `state` when an epoch is to be
 * continued in its middle with other data or another batch size.
 */
export function begin(progress: Progress, task: Task, asked: Asked, resume: boolean): FitPosition {
  const { epochs, batchSize, rows, validationRows, shuffle } = asked;
  const before = progress.fit;
  const position = { epochs, done: 0, batch: 0, batchSize, rows, validationRows, shuffle, sums: task.start() };
  if (before !== undefined && resume) {
    if (before.batch > 0) expectSame(before, asked);
    Object.assign(position, { done: before.done, batch: before.batch, sums: before.sums });
  } else if (before !== undefined && before.batch > 0) progress.epoch++; // given up: its order is not taken again
  progress.fit = position;
  return position;
}

function expectSame(fit: FitPosition, asked: Asked): void {
  const names = {
    batchSize: 'a batchSize',
    rows: 'a number of training rows',
    validationRows: 'a number of validation rows',
    shuffle: 'shuffle',
  };
  for (const name of ['batchSize', 'rows', 'validationRows', 'shuffle'] as const) {
    if (fit[name] === asked[name]) continue;
    throw new DownhillError(
      'state',
      `this fit continues one that was interrupted in the middle of an epoch, with ${names[name]} of ${fit[name]}: got ${asked[name]}. ` +
        'Give the same data and options, or begin a new fit with fit(data, { resume: false })',
      { path: name, expected: String(fit[name]), received: String(asked[name]) },
    );
  }
}

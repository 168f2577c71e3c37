// What a fit says while it runs and when it has ended: plain data, merged when the reader is slower than the fit.

/** Loss and metrics over a data set: `{ loss: 0.21, accuracy: 0.94 }`. */
export type Evaluation = { readonly loss: number } & { readonly [metric: string]: number };

/** One finished epoch. */
export interface EpochRecord {
  /** Epoch of the fit, from 0, as in {@link Report}. */
  readonly epoch: number;
  /** Mean over the epoch's examples, each seen by the parameters of its step. */
  readonly loss: number;
  /** Metrics by name, counted the same way. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly validation?: Evaluation;
}

/** Where a fit is, at most 60 times a second. */
export interface Report {
  /** Steps that the session has made, over all its fits. */
  readonly step: number;
  /** Epoch of the fit that the last step belongs to, from 0. */
  readonly epoch: number;
  /** Epochs of the whole fit. */
  readonly epochs: number;
  /** Batches done in the epoch, and in all of it. */
  readonly batch: number;
  readonly batches: number;
  /** Whether an epoch has ended since the report before. */
  readonly epochEnd: boolean;
  /** Loss of the last step. */
  readonly loss: number;
  /** Loss of every step since the report before, oldest first; the oldest are left out when there are more than 65,536. */
  readonly losses: Float32Array;
  /** Metrics over the examples of the epoch so far. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Over the last second or so, pauses left out. */
  readonly stepsPerSecond: number;
  /** With the mean batch of an epoch: a last short one counts for what it holds. */
  readonly examplesPerSecond: number;
  /** Seconds to the end of the fit at this speed; Infinity for as long as no speed is known. */
  readonly timeLeft: number;
  /** The epoch that ended last, when it ended since the report before: mean loss and metrics over all of it, and validation. */
  readonly finished?: EpochRecord;
  /** `finished.validation`, if there is one. */
  readonly validation?: Evaluation;
}

/** How a fit ended. */
export interface Summary {
  /** Steps of this call of `fit`. */
  readonly steps: number;
  /** Finished epochs of the fit, those before a restored snapshot included. */
  readonly epochs: number;
  /** Mean loss and metrics of the last finished epoch; of the begun one when none is finished. */
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Of the last epoch that has one. */
  readonly validation?: Evaluation;
  /** Every finished epoch of the fit. */
  readonly history: readonly EpochRecord[];
  /** True when it ended before its last epoch. */
  readonly stopped: boolean;
  /** Why it ended: `finished`, or what `stop` was given. */
  readonly reason: string;
  /** 16 hex digits over parameters and optimizer state. */
  readonly hash: string;
}

/** Most losses that a report holds: the oldest go first. */
const MOST_LOSSES = 65_536;

/** Two reports as one, `later` being the newer. */
export function mergeReports(earlier: Report, later: Report): Report {
  const losses = new Float32Array(Math.min(MOST_LOSSES, earlier.losses.length + later.losses.length));
  const kept = losses.length - later.losses.length;
  losses.set(earlier.losses.subarray(earlier.losses.length - kept));
  losses.set(later.losses, kept);
  const finished = later.finished ?? earlier.finished;
  const validation = finished?.validation;
  return {
    ...later,
    losses,
    epochEnd: earlier.epochEnd || later.epochEnd,
    ...(finished === undefined ? {} : { finished }),
    ...(validation === undefined ? {} : { validation }),
  };
}

/** The losses since the last report: a ring of the newest. */
export class LossLog {
  #values: Float32Array = new Float32Array(256);
  #count = 0;
  last: number = Number.NaN;

  add(loss: number): void {
    if (this.#count === this.#values.length && this.#count < MOST_LOSSES) {
      const grown = new Float32Array(this.#count * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#count % this.#values.length] = loss;
    this.#count++;
    this.last = loss;
  }

  /** All of them in an array of their own; then there are none. */
  take(): Float32Array {
    const { length } = this.#values;
    const start = this.#count > length ? this.#count % length : 0;
    const losses = new Float32Array(Math.min(this.#count, length));
    losses.set(this.#values.subarray(start, start + losses.length));
    if (start > 0) losses.set(this.#values.subarray(0, start), length - start);
    this.#count = 0;
    return losses;
  }
}

/** Steps a second over the last second or two of the time that counts. */
export class Speed {
  #steps = 0;
  #ms = 0;
  #before: { readonly steps: number; readonly ms: number } | undefined;

  add(steps: number, ms: number): void {
    this.#steps += steps;
    this.#ms += ms;
    if (this.#ms < 1000) return;
    this.#before = { steps: this.#steps, ms: this.#ms };
    this.#steps = 0;
    this.#ms = 0;
  }

  get stepsPerSecond(): number {
    const ms = this.#ms + (this.#before?.ms ?? 0);
    return ms === 0 ? 0 : ((this.#steps + (this.#before?.steps ?? 0)) * 1000) / ms;
  }
}

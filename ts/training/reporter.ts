// Collects what a fit has to say and tells it at most once a frame, so that a reader can draw each report.

import type { FitPosition, Progress } from './progress.ts';
import { type EpochRecord, LossLog, type Report, Speed } from './report.ts';
import type { Task } from './task.ts';

/** Milliseconds between two reports: a frame. */
const FRAME = 16;

/** Makes the reports of one fit. */
export class Reporter {
  readonly #progress: Progress;
  readonly #position: FitPosition;
  readonly #task: Task;
  readonly #batches: number;
  readonly #listener: ((report: Report) => void) | undefined;
  readonly #speed: Speed = new Speed();
  readonly #losses: LossLog = new LossLog();
  #mark: number = performance.now();
  /** Steps since the mark. */
  #steps = 0;
  #reported: number = Number.NEGATIVE_INFINITY;
  #news = false;
  #finished: EpochRecord | undefined;

  constructor(
    progress: Progress,
    position: FitPosition,
    task: Task,
    batches: number,
    listener: ((report: Report) => void) | undefined,
  ) {
    this.#progress = progress;
    this.#position = position;
    this.#task = task;
    this.#batches = batches;
    this.#listener = listener;
  }

  /** A step was made. */
  step(loss: number): void {
    this.#losses.add(loss);
    this.#steps++;
    this.#news = true;
  }

  /** An epoch has ended. */
  endEpoch(record: EpochRecord): void {
    this.#finished = record;
    this.#news = true;
  }

  /** Milliseconds that do not count as training. */
  waited(ms: number): void {
    this.#mark += ms;
  }

  /** Reports when there is something new, and a frame has passed or it is to be told `now`. */
  tell(now: boolean): void {
    const time = performance.now();
    this.#speed.add(this.#steps, time - this.#mark);
    this.#steps = 0;
    this.#mark = time;
    if (!this.#news || !(now || time - this.#reported >= FRAME)) return;
    this.#reported = time;
    this.#news = false;
    if (this.#listener === undefined) return;
    const report = this.#make();
    this.#finished = undefined;
    this.#listener(report);
  }

  #make(): Report {
    const { step, history } = this.#progress;
    const { epochs, done, batch, sums, rows } = this.#position;
    const { stepsPerSecond } = this.#speed;
    const finished = this.#finished;
    // After the end of an epoch, and before the next one's first step, the sums are empty: what is told is the epoch that ended.
    const between = sums.examples === 0 && done > 0;
    const stepsLeft = (epochs - done) * this.#batches - batch;
    return {
      step,
      epoch: between ? done - 1 : done,
      epochs,
      batch: between ? this.#batches : batch,
      batches: this.#batches,
      epochEnd: finished !== undefined,
      loss: this.#losses.last,
      losses: this.#losses.take(),
      metrics: between ? (history.at(-1)?.metrics ?? {}) : this.#task.metricsIn(sums),
      stepsPerSecond,
      examplesPerSecond: (stepsPerSecond * rows) / this.#batches,
      timeLeft: stepsLeft === 0 ? 0 : stepsLeft / stepsPerSecond,
      ...(finished === undefined ? {} : { finished }),
      ...(finished?.validation === undefined ? {} : { validation: finished.validation }),
    };
  }
}

// The loop of a fit: epochs of compiled steps, made as many at a time as fit between two yields. How many that are decides when things
// happen, never what happens.

import type { Dataset } from '../data/dataset.ts';
import { shuffled } from '../data/shuffle.ts';
import { type Key, streamKey } from '../data/streams.ts';
import type { Engine } from '../engine.ts';
import { DownhillError } from '../errors.ts';
import { type Control, Pace } from './control.ts';
import { EVALUATION_BATCH, evaluateRows } from './evaluate.ts';
import type { Model } from './model.ts';
import type { FitPosition, Progress } from './progress.ts';
import { type EpochRecord, type Evaluation, LossLog, type Report, Speed } from './report.ts';
import { type Stepper, TrainingStep } from './step.ts';
import type { Task } from './task.ts';

/** Milliseconds between two reports: a frame. */
const FRAME = 16;
/** Milliseconds between two snapshots that nobody asked for. */
const SNAPSHOT_PAUSE = 1000;

/** Rows of a data set. */
export interface DataRows {
  readonly data: Dataset;
  readonly rows: Uint32Array;
}

/** What a fit works with. */
export interface FitContext {
  readonly engine: Engine;
  readonly model: Model;
  readonly task: Task;
  readonly optimizer: Stepper;
  readonly progress: Progress;
  readonly control: Control;
}

/** Who hears what a fit says. */
export interface FitListener {
  /** At most 60 times a second, and at the end. */
  readonly onReport?: (report: Report) => void;
  /** At the end of epochs. */
  readonly onSnapshot?: (file: Uint8Array) => void;
}

/** When snapshots are taken: every so many epochs (0: never); left out: every epoch, but at most once a second. */
export interface SnapshotRule {
  readonly every: number | undefined;
  readonly take: () => Uint8Array;
}

/** One fit under way. */
export class Fit {
  /** Steps made by this fit. */
  steps = 0;
  readonly #context: FitContext;
  readonly #position: FitPosition;
  readonly #training: DataRows;
  readonly #validation: DataRows | undefined;
  readonly #listener: FitListener;
  readonly #snapshots: SnapshotRule;
  readonly #orderKey: Key;
  readonly #step: TrainingStep;
  /** For the last batch of an epoch, when it is shorter. */
  readonly #lastStep: TrainingStep | undefined;
  readonly #fullBatches: number;
  readonly #batches: number;
  readonly #pace: Pace = new Pace();
  readonly #speed: Speed = new Speed();
  readonly #losses: LossLog = new LossLog();
  #mark: number = performance.now();
  #reported: number = Number.NEGATIVE_INFINITY;
  #snapshotted: number = Number.NEGATIVE_INFINITY;
  #unreported = false;
  #epochEnd = false;
  #newValidation: Evaluation | undefined;

  constructor(
    context: FitContext,
    position: FitPosition,
    training: DataRows,
    validation: DataRows | undefined,
    listener: FitListener,
    snapshots: SnapshotRule,
  ) {
    this.#context = context;
    this.#position = position;
    this.#training = training;
    this.#validation = validation;
    this.#listener = listener;
    this.#snapshots = snapshots;
    this.#orderKey = streamKey(context.progress.seed, 'order');
    const { engine, model, task, optimizer } = context;
    const { batchSize, rows } = position;
    const rest = rows % batchSize;
    this.#fullBatches = Math.floor(rows / batchSize);
    this.#batches = this.#fullBatches + (rest > 0 ? 1 : 0);
    const first = this.#fullBatches > 0 ? batchSize : rest;
    this.#step = new TrainingStep(engine, model, task, optimizer, training.data, first);
    this.#lastStep = rest > 0 && first !== rest ? new TrainingStep(engine, model, task, optimizer, training.data, rest) : undefined;
  }

  /** Trains to the last epoch, or until it is stopped. Throws `not-finite`, leaving the parameters of the step before. */
  async run(): Promise<void> {
    const { control } = this.#context;
    const position = this.#position;
    try {
      await control.breathe();
      this.#mark = performance.now();
      while (position.done < position.epochs && control.stopReason === undefined) await this.#epoch();
      if (position.done >= position.epochs) this.#context.progress.fit = undefined;
    } finally {
      this.#step.dispose();
      this.#lastStep?.dispose();
      control.end();
      if (this.#unreported) this.#report();
    }
  }

  /** Goes on with the epoch that is under way, to its end or to a stop. */
  async #epoch(): Promise<void> {
    const { progress, control } = this.#context;
    const { rows } = this.#training;
    const order = this.#position.shuffle ? shuffled(rows, this.#orderKey, progress.epoch) : rows;
    while (this.#position.batch < this.#batches) {
      if (control.stopReason !== undefined) return;
      const made = this.#slice(order);
      await this.#rest(made);
    }
    const validation = await this.#validate();
    if (this.#validation === undefined || validation !== undefined) this.#finishEpoch(validation);
  }

  /** Makes as many steps as may be made now; returns their number. */
  #slice(order: Uint32Array): number {
    const { control } = this.#context;
    const { batch, batchSize } = this.#position;
    const short = this.#lastStep !== undefined && batch >= this.#fullBatches;
    const step = short && this.#lastStep !== undefined ? this.#lastStep : this.#step;
    const most = short ? 1 : (this.#lastStep === undefined ? this.#batches : this.#fullBatches) - batch;
    const steps = control.allowed(this.#pace.steps(control.left, most));
    if (steps === 0) return 0;
    const start = performance.now();
    const made = step.run(order, batch * batchSize, steps, (rows, { loss, outputs, targets }) => {
      const value = loss.item();
      this.#context.progress.step++;
      this.#context.task.add(this.#position.sums, rows, value, outputs, targets);
      this.#losses.add(value);
    });
    this.#position.batch += made;
    this.steps += made;
    this.#unreported ||= made > 0;
    control.made(made);
    if (made < steps) throw this.#refused(step);
    this.#pace.learn(made, performance.now() - start);
    return made;
  }

  /** Reports when it is time, and lets others run. */
  async #rest(made: number): Promise<void> {
    const { control } = this.#context;
    const now = performance.now();
    this.#speed.add(made, now - this.#mark);
    this.#mark = now;
    if (this.#unreported && (control.waits || now - this.#reported >= FRAME)) this.#report();
    this.#mark += await control.breathe();
  }

  /** Loss and metrics over the validation rows; undefined when there are none, or the fit was stopped. */
  async #validate(): Promise<Evaluation | undefined> {
    if (this.#validation === undefined) return undefined;
    const { engine, model, task, control } = this.#context;
    const { data, rows } = this.#validation;
    const sums = await evaluateRows(engine, model, task, data, rows, EVALUATION_BATCH, async () => {
      await this.#rest(0);
      return control.stopReason === undefined;
    });
    return sums === undefined ? undefined : task.evaluation(sums);
  }

  #finishEpoch(validation: Evaluation | undefined): void {
    const { progress, task } = this.#context;
    const position = this.#position;
    const record: EpochRecord = {
      epoch: progress.epoch,
      loss: task.lossIn(position.sums),
      metrics: task.metricsIn(position.sums),
      ...(validation === undefined ? {} : { validation }),
    };
    this.#epochEnd = true;
    this.#newValidation = validation ?? this.#newValidation;
    if (performance.now() - this.#reported >= FRAME || this.#listener.onReport === undefined) this.#report();
    else this.#unreported = true;
    progress.history.push(record);
    progress.epoch++;
    position.done++;
    position.batch = 0;
    position.sums = task.start();
    if (position.done >= position.epochs) progress.fit = undefined;
    this.#snapshot();
  }

  #snapshot(): void {
    const { onSnapshot } = this.#listener;
    const { every, take } = this.#snapshots;
    if (onSnapshot === undefined || every === 0) return;
    const now = performance.now();
    const due = every === undefined ? now - this.#snapshotted >= SNAPSHOT_PAUSE : this.#position.done % every === 0;
    if (!due) return;
    this.#snapshotted = now;
    onSnapshot(take());
  }

  #report(): void {
    const { progress, task } = this.#context;
    const { epochs, done, batch, sums, rows, batchSize } = this.#position;
    this.#unreported = false;
    this.#reported = performance.now();
    const { onReport } = this.#listener;
    if (onReport === undefined) return;
    const { stepsPerSecond } = this.#speed;
    const { history } = progress;
    // After the end of an epoch, and before the next one's first step, the sums are empty: what is told is the epoch that ended.
    const between = sums.examples === 0 && done > 0;
    const stepsLeft = (epochs - done) * this.#batches - batch;
    const validation = this.#newValidation;
    onReport({
      step: progress.step,
      epoch: between ? done - 1 : done,
      epochs,
      batch: between ? this.#batches : batch,
      batches: this.#batches,
      epochEnd: this.#epochEnd,
      loss: this.#losses.last,
      losses: this.#losses.take(),
      metrics: between ? (history.at(-1)?.metrics ?? {}) : task.metricsIn(sums),
      stepsPerSecond,
      examplesPerSecond: stepsPerSecond * Math.min(batchSize, rows),
      timeLeft: stepsPerSecond === 0 ? Number.POSITIVE_INFINITY : stepsLeft / stepsPerSecond,
      ...(validation === undefined ? {} : { validation }),
    });
    this.#epochEnd = false;
    this.#newValidation = undefined;
  }

  #refused(step: TrainingStep): DownhillError {
    const { code, message, path, expected, received } = step.diagnose();
    const { done, batch } = this.#position;
    const where = `step ${this.#context.progress.step + 1} (epoch ${done + 1}, batch ${batch + 1})`;
    return new DownhillError(code, `${where}: ${message}. The parameters are those before that step; a lower learning rate may help`, {
      ...(path === undefined ? {} : { path }),
      ...(expected === undefined ? {} : { expected }),
      ...(received === undefined ? {} : { received }),
    });
  }
}

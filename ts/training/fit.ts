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
import type { EpochRecord, Evaluation, Report } from './report.ts';
import { Reporter } from './reporter.ts';
import { type Stepper, TrainingStep } from './step.ts';
import type { Task } from './task.ts';

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

/** When snapshots are taken: every so many epochs (0: never); left out: every epoch, but at most once a second, and the last. */
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
  readonly #reporter: Reporter;
  #snapshotted: number = Number.NEGATIVE_INFINITY;

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
    this.#reporter = new Reporter(context.progress, position, task, this.#batches, listener.onReport);
    const first = this.#fullBatches > 0 ? batchSize : rest;
    this.#step = new TrainingStep(engine, model, task, optimizer, training.data, first);
    try {
      this.#lastStep =
        rest > 0 && first !== rest ? new TrainingStep(engine, model, task, optimizer, training.data, rest) : undefined;
    } catch (error) {
      this.#step.dispose();
      throw error;
    }
  }

  /** Trains to the last epoch, or until it is stopped. Throws `not-finite`, leaving the parameters of the step before. */
  async run(): Promise<void> {
    const { control } = this.#context;
    const position = this.#position;
    try {
      this.#reporter.waited(await control.breathe());
      while (position.done < position.epochs && control.stopReason === undefined) await this.#epoch();
      if (position.done >= position.epochs) this.#context.progress.fit = undefined;
    } finally {
      this.#step.dispose();
      this.#lastStep?.dispose();
      control.end();
      this.#reporter.tell(true);
    }
  }

  /** Goes on with the epoch that is under way, to its end or to a stop. */
  async #epoch(): Promise<void> {
    const { progress, control } = this.#context;
    const { rows } = this.#training;
    const order = this.#position.shuffle ? shuffled(rows, this.#orderKey, progress.epoch) : rows;
    while (this.#position.batch < this.#batches) {
      if (control.stopReason !== undefined) return;
      this.#slice(order);
      if (this.#position.batch < this.#batches) await this.#rest();
    }
    const validation = await this.#validate();
    if (this.#validation !== undefined && validation === undefined) return;
    this.#finishEpoch(validation);
    if (this.#position.done < this.#position.epochs) await this.#rest();
  }

  /** Makes as many steps as may be made now. */
  #slice(order: Uint32Array): void {
    const { control } = this.#context;
    const { batch, batchSize } = this.#position;
    const short = this.#lastStep !== undefined && batch >= this.#fullBatches;
    const step = short && this.#lastStep !== undefined ? this.#lastStep : this.#step;
    const most = short ? 1 : (this.#lastStep === undefined ? this.#batches : this.#fullBatches) - batch;
    const steps = control.allowed(this.#pace.steps(control.left, most));
    if (steps === 0) return;
    const start = performance.now();
    const made = step.run(order, batch * batchSize, steps, (rows, { loss, outputs, targets }) => {
      const value = loss.item();
      this.#context.progress.step++;
      this.#context.task.add(this.#position.sums, rows, value, outputs, targets);
      this.#reporter.step(value);
    });
    this.#position.batch += made;
    this.steps += made;
    control.made(made);
    if (made < steps) throw this.#refused(step);
    this.#pace.learn(made, performance.now() - start);
  }

  /** Reports when it is time, and lets others run; a fit that is paused waits here. */
  async #rest(): Promise<void> {
    const { control } = this.#context;
    this.#reporter.tell(control.paused);
    this.#reporter.waited(await control.breathe());
  }

  /**
   * Loss and metrics over the validation rows; undefined when there are none, or the fit was stopped. A fit that is paused comes to the end
   * of its epoch before it stands still: it belongs to the epoch's last step.
   */
  async #validate(): Promise<Evaluation | undefined> {
    if (this.#validation === undefined) return undefined;
    const { engine, model, task, control } = this.#context;
    const { data, rows } = this.#validation;
    const sums = await evaluateRows(engine, model, task, data, rows, EVALUATION_BATCH, async () => {
      this.#reporter.waited(await control.breathe({ throughPause: true }));
      return control.stopReason === undefined;
    });
    return sums === undefined ? undefined : task.evaluation(sums);
  }

  #finishEpoch(validation: Evaluation | undefined): void {
    const { progress, task } = this.#context;
    const position = this.#position;
    const record: EpochRecord = {
      epoch: position.done,
      loss: task.lossIn(position.sums),
      metrics: task.metricsIn(position.sums),
      ...(validation === undefined ? {} : { validation }),
    };
    this.#reporter.endEpoch(record);
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
    const { done, epochs } = this.#position;
    const due = every === undefined ? done === epochs || now - this.#snapshotted >= SNAPSHOT_PAUSE : done % every === 0;
    if (!due) return;
    this.#snapshotted = now;
    onSnapshot(take());
  }

  #refused(step: TrainingStep): DownhillError {
    const { code, message, path, expected, received } = step.diagnose();
    const { done, batch } = this.#position;
    const where = `step ${this.#context.progress.step + 1} (epoch ${done + 1}, batch ${batch + 1})`;
    return new DownhillError(
      code,
      `${where}: ${message}. The parameters are those before that step; a lower learning rate may help`,
      {
        ...(path === undefined ? {} : { path }),
        ...(expected === undefined ? {} : { expected }),
        ...(received === undefined ? {} : { received }),
      },
    );
  }
}

// One training session: a model, its optimizer and its data in one engine, in whatever thread it was made. The worker layer hands calls
// through to it; it knows nothing of workers.

import { checkExamples, type DataInput, type PredictInput, toPredictInput } from '../data/dataset.ts';
import { rowsUpTo } from '../data/shuffle.ts';
import { streamKey } from '../data/streams.ts';
import type { Engine } from '../engine.ts';
import { DownhillError } from '../errors.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { OptimizerDescription } from '../optimizers/rules.ts';
import { expectSerialisable } from '../optimizers/scheduled.ts';
import { resolveOptions } from '../options.ts';
import { Control, Slice, type Yield, yieldByMessage } from './control.ts';
import { evaluateRows, predictRows, type Tick } from './evaluate.ts';
import { Fit, type FitListener } from './fit.ts';
import { hashWords } from './hash.ts';
import { Model } from './model.ts';
import {
  type DataHandle,
  descriptionOptions,
  type EvaluateOptions,
  evaluateOptions,
  type FitOptions,
  fitOptions,
  type Prediction,
  type SessionDescription,
} from './options.ts';
import { begin, type Progress } from './progress.ts';
import type { Evaluation, Summary } from './report.ts';
import { Shelf } from './shelf.ts';
import { Snapshots } from './snapshot.ts';
import { summarize } from './summary.ts';
import { Task } from './task.ts';

export type { DataInput, PredictInput } from '../data/dataset.ts';
export type { FitListener } from './fit.ts';
export type { DataHandle, EvaluateOptions, FitOptions, Prediction, SessionDescription } from './options.ts';
export type { EpochRecord, Evaluation, Report, Summary } from './report.ts';

/** Trains one model. Every failure is a DownhillError, and after all but a trap the session can go on. */
export class Session {
  readonly model: Model;
  readonly optimizer: Optimizer<Model>;
  readonly task: Task;
  readonly #engine: Engine;
  readonly #yieldToHost: Yield;
  readonly #shelf: Shelf;
  readonly #snapshots: Snapshots;
  readonly #progress: Progress;
  #control: Control | undefined;
  /** Calls that read the parameters bit by bit: none may move meanwhile. */
  readonly #readers: Set<{ release: (() => void) | undefined }> = new Set();
  #restored = false;
  #disposed = false;

  /** Makes model and optimizer in the engine. Throws `option` or `shape` for a description that is not right. */
  constructor(engine: Engine, description: SessionDescription, yieldToHost: Yield = yieldByMessage) {
    const place = { owner: 'trainer', path: '' };
    const resolved = resolveOptions<SessionDescription>(description, descriptionOptions, place);
    const { model, loss, optimizer, metrics, seed } = resolved;
    expectSerialisable(optimizer?.options, 'optimizer');
    this.#engine = engine;
    this.#yieldToHost = yieldToHost;
    this.#progress = { seed, step: 0, epoch: 0, history: [], fit: undefined };
    this.model = new Model(engine, model, { seed });
    try {
      this.task = new Task(this.model, loss, metrics);
      this.optimizer = engine.optimizer(optimizer, this.model);
    } catch (error) {
      this.model.dispose();
      throw error;
    }
    engine.runtime.random.state = [...streamKey(seed, 'dropout'), 0, 0];
    this.#shelf = new Shelf(engine, this.model, this.task);
    this.#snapshots = new Snapshots(engine, this.model, this.task, this.optimizer);
  }

  /** Whether a fit is under way, paused or not. */
  get fitting(): boolean {
    return this.#control !== undefined;
  }

  /** Seed, steps, epochs and every finished epoch's figures, over all fits. */
  get progress(): Pick<Progress, 'seed' | 'step' | 'epoch' | 'history'> {
    return this.#progress;
  }

  /** Copies data into the engine's memory, for any number of fits. Throws `data`, `option` or `memory`. */
  load(data: DataInput): DataHandle {
    this.#check();
    const { handle, dataset } = this.#shelf.add(data);
    this.#snapshots.bytes = dataset.bytes ?? this.#snapshots.bytes;
    return handle;
  }

  /** Frees loaded data. Throws `state` while a call that is under way uses it. */
  unload(handle: DataHandle): void {
    this.#check();
    this.#shelf.remove(handle);
  }

  /**
   * Trains on loaded data; resolves when the last epoch has ended or it was stopped. Rejects with `state` while another fit is under way,
   * with `not-finite`, naming the tensor, when a loss or gradient is not finite: then the parameters are those before that step.
   */
  async fit(handle: DataHandle, options: FitOptions = {}, listener: FitListener = {}): Promise<Summary> {
    this.#check();
    if (this.#control !== undefined)
      throw new DownhillError(
        'state',
        'fit() was called while another fit is under way: await its end, or stop() it first',
      );
    const resolved = resolveOptions<FitOptions>(options, fitOptions, { owner: 'fit', path: '' });
    const { training, validation, release } = this.#shelf.divide(handle, options.validation, this.#progress.seed);
    const control = new Control(this.#yieldToHost, resolved.paused);
    this.#control = control;
    for (const reader of this.#readers) reader.release = control.hold();
    try {
      const asked = { ...resolved, rows: training.rows.length, validationRows: validation?.rows.length ?? 0 };
      const position = begin(this.#progress, this.task, asked, options.resume ?? this.#restored);
      this.#restored = false;
      const { model, task, optimizer } = this;
      const context = { engine: this.#engine, model, task, optimizer, progress: this.#progress, control };
      const snapshots = { every: options.snapshotEvery, take: () => this.snapshot() };
      const fit = new Fit(context, position, training, validation, listener, snapshots);
      await fit.run();
      return summarize(this.#progress, position, this.task, fit.steps, control.stopReason, this.hash());
    } finally {
      this.#control = undefined;
      release();
    }
  }

  /** Holds the fit after the slice that runs now. Without a fit nothing happens. */
  pause(): void {
    this.#check();
    this.#control?.pause();
  }

  /** Goes on after {@link pause}. */
  resume(): void {
    this.#check();
    this.#control?.resume();
  }

  /** Makes `count` steps of a paused fit; resolves when they are made, or the fit has ended. Throws `state` when no fit is paused. */
  async step(count = 1): Promise<void> {
    this.#check();
    if (this.#control === undefined)
      throw new DownhillError('state', 'step() needs a fit that is paused, and none is under way');
    await this.#control.step(count);
  }

  /** Ends the fit after the slice that runs now; its promise resolves with `stopped: true` and the reason. Without a fit nothing happens. */
  stop(reason = 'stopped'): void {
    this.#check();
    this.#control?.stop(reason);
  }

  /** Sets the optimizer's options, `{ lr: 1e-4 }`, from the next step on. Throws `option`. */
  set(options: OptimizerDescription['options']): void {
    this.#check();
    expectSerialisable(options, 'optimizer');
    this.optimizer.set(options);
  }

  /** Loss and metrics over loaded data, without dropout. A fit that is under way waits meanwhile. */
  async evaluate(handle: DataHandle, options: EvaluateOptions = {}): Promise<Evaluation> {
    this.#check();
    const { batchSize } = resolveOptions<EvaluateOptions>(options, evaluateOptions, { owner: 'evaluate', path: '' });
    const data = this.#shelf.find(handle);
    this.task.expectCountable(data.labelled);
    const release = this.#shelf.use(data);
    try {
      return await this.#whileHeld(async (tick) => {
        const sums = await evaluateRows(
          this.#engine,
          this.model,
          this.task,
          data,
          rowsUpTo(data.rows),
          batchSize,
          tick,
        );
        return this.task.evaluation(sums ?? this.task.start());
      });
    } finally {
      release();
    }
  }

  /**
   * The model's outputs, without dropout, for one example or rows of them. Bytes are scaled like the bytes that were loaded last, unless
   * `{ x, scale, offset }` says otherwise. A fit that is under way waits meanwhile.
   */
  async predict(given: PredictInput['x'] | PredictInput): Promise<Prediction> {
    this.#check();
    const examples = checkExamples(toPredictInput(given), this.model.input, this.#snapshots.bytes);
    return await this.#whileHeld(async (tick) => ({
      values: await predictRows(this.#engine, this.model, examples, tick),
      shape: [examples.rows, ...this.model.output],
    }));
  }

  /** Everything that is needed to go on, as one safetensors file: the same state is the same bytes. */
  snapshot(): Uint8Array {
    this.#check();
    return this.#snapshots.take(this.#progress);
  }

  /**
   * Takes over a snapshot of the same model, loss and optimizer; the next `fit` with the same data and options goes on where it was taken,
   * bit for bit. Throws `file`, changing nothing, for any other file, and `state` while a fit, `evaluate` or `predict` is under way.
   */
  restore(file: Uint8Array): void {
    this.#check();
    if (this.#control !== undefined)
      throw new DownhillError('state', 'restore() was called while a fit is under way: stop() it first');
    if (this.#readers.size > 0)
      throw new DownhillError(
        'state',
        'restore() was called while evaluate() or predict() is under way: await its result first',
      );
    Object.assign(this.#progress, this.#snapshots.restore(file));
    this.#restored = this.#progress.fit !== undefined;
  }

  /** 16 hex digits over parameters and optimizer state: equal wherever the same run was made. */
  hash(): string {
    this.#check();
    return hashWords(this.#snapshots.words());
  }

  /** Ends a fit that is under way (it rejects with `disposed`) and frees everything; the engine stays. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#control?.stop('disposed');
    this.#shelf.dispose();
    this.optimizer.dispose();
    this.model.dispose();
  }

  /** Runs `work` while a fit that is under way, or begins meanwhile, waits. Its ticks let messages in, and throw when the session was disposed meanwhile. */
  async #whileHeld<T>(work: (tick: Tick) => Promise<T>): Promise<T> {
    const reader = { release: this.#control?.hold() };
    this.#readers.add(reader);
    const slice = new Slice();
    try {
      return await work(async () => {
        if (slice.left <= 0) {
          await this.#yieldToHost();
          slice.begin();
        }
        this.#check();
        return true;
      });
    } finally {
      this.#readers.delete(reader);
      reader.release?.();
    }
  }

  #check(): void {
    if (this.#disposed)
      throw new DownhillError('disposed', 'this trainer was disposed: make a new one with createTrainer()');
    this.#engine.runtime.check();
  }
}

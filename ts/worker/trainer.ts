// The trainer: a session behind one class, in a worker that it owns or in this thread. It checks that calls fit its state, hands AbortSignals and
// iterators over as messages, and settles every promise when the worker ends.

import { expectNumbers } from '../data/plain.ts';
import type { EngineInfo } from '../engine.ts';
import { DownhillError, show } from '../errors.ts';
import type { OptimizerDescription } from '../optimizers/rules.ts';
import { resolveOptions } from '../options.ts';
import type {
  DataHandle,
  DataInput,
  EvaluateOptions,
  Evaluation,
  FitOptions,
  Prediction,
} from '../training/session.ts';
import type { Link } from './link.ts';
import type { PredictArgument } from './protocol.ts';
import { type Run, RunHandle } from './run.ts';

/** Options of {@link Trainer.fit}: those of the session, and an AbortSignal. */
export interface TrainerFitOptions extends FitOptions {
  /** Aborting it stops the fit like `run.stop()`; one that is aborted already makes `fit` reject with `aborted`. */
  readonly signal?: AbortSignal;
}

const loadOptions = {
  transfer: { type: 'boolean', default: false, text: 'give the arrays away instead of copying them' },
} as const;

const disposed = (): DownhillError =>
  new DownhillError('disposed', 'this trainer was disposed: make a new one with createTrainer()');

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** An AbortSignal of this realm or another. */
const isSignal = (value: unknown): value is AbortSignal =>
  isObject(value) && 'aborted' in value && 'addEventListener' in value && 'removeEventListener' in value;

/** Trains one model. Made by `createTrainer`. */
export class Trainer {
  readonly #link: Link;
  #running: RunHandle | undefined;
  #disposed = false;
  #lastSnapshot: Uint8Array | undefined;

  /** @internal Use `createTrainer`. */
  constructor(link: Link) {
    this.#link = link;
  }

  /** Which machine trains, and which were refused and why. */
  get info(): EngineInfo {
    return this.#link.info;
  }

  /** The last snapshot that a fit has posted (every epoch, or as `snapshotEvery` says): what is left when a worker dies. */
  get lastSnapshot(): Uint8Array | undefined {
    return this.#lastSnapshot;
  }

  /** Whether a fit is under way, running or paused. */
  get running(): boolean {
    return this.#running !== undefined;
  }

  /**
   * Copies data into the session's memory, once for any number of fits; with `{ transfer: true }` the typed arrays go to the
   * worker without a copy, and are empty here from then on. Rejects with `data` (NaN, labels out of range, rows of different
   * lengths, more or fewer targets than examples), `option` or `memory`.
   */
  async load(data: DataInput, options: { readonly transfer?: boolean } = {}): Promise<DataHandle> {
    this.#check();
    const { transfer } = resolveOptions<{ readonly transfer?: boolean }>(options, loadOptions, {
      owner: 'load',
      path: '',
    });
    expectNumbers(data);
    return await this.#link.load(data, transfer);
  }

  /** Frees loaded data. Rejects with `state` while a call that is under way uses it. */
  async unload(data: DataHandle): Promise<void> {
    this.#check();
    await this.#link.unload(data);
  }

  /**
   * Starts to train and returns at once. Bad options (`option`), a second fit while one runs (`state`), and whatever
   * fails on the way (`not-finite`, `worker`, `disposed`) reject `run.result`, and are thrown into a loop over the run.
   *
   * @example
   * ```js
   * import { adam, createTrainer, dense, meanSquaredError, sequential } from 'downhill';
   * const model = sequential([1], dense(1));
   * const trainer = await createTrainer({ model, loss: meanSquaredError(), optimizer: adam({ lr: 0.1 }) });
   * const data = await trainer.load({ x: [[0], [1], [2]], y: [[1], [3], [5]] });
   * for await (const { finished } of trainer.fit(data, { epochs: 100, validation: data })) {
   *   if (finished?.validation.loss < 0.01) break; // early stopping
   * }
   * console.log((await trainer.evaluate(data)).loss < 0.1); // true
   * await trainer.dispose();
   * ```
   */
  fit(data: DataHandle, options: TrainerFitOptions = {}): Run {
    const refusal = this.#whyNoFit(options);
    if (refusal !== undefined)
      return new RunHandle(
        () => Promise.reject(refusal),
        () => {},
      );
    const { signal, ...fitOptions } = options;
    const stop = (reason: string): void => {
      if (this.#running === run) this.#link.stop(reason).catch(() => undefined); // a dead worker has settled the result already
    };
    const onSnapshot = (file: Uint8Array): void => {
      this.#lastSnapshot = file;
    };
    const run = new RunHandle(
      (onReport) => this.#link.fit({ onReport, onSnapshot }, data, fitOptions),
      () => stop('stopped'),
    );
    this.#running = run;
    const onAbort = (): void => stop('aborted');
    signal?.addEventListener('abort', onAbort, { once: true });
    const ended = (): void => {
      this.#running = undefined;
      signal?.removeEventListener('abort', onAbort);
    };
    void run.ended.then(ended);
    return run;
  }

  /**
   * Loss and metrics over data, without learning (dropout does nothing). Between the steps of a running fit. Rejects
   * with `option` or `state`.
   *
   * @example
   * ```js
   * import { accuracy, createTrainer, crossEntropy, dense, sequential, sgd } from 'downhill';
   * const model = sequential([2], dense(2));
   * const trainer = await createTrainer({ model, loss: crossEntropy(), optimizer: sgd({ lr: 1 }), metrics: [accuracy()] });
   * const data = await trainer.load({ x: [[0, 1], [1, 0]], y: [1, 0] });
   * await trainer.fit(data, { epochs: 20 }).result;
   * console.log((await trainer.evaluate(data)).accuracy); // 1
   * await trainer.dispose();
   * ```
   */
  async evaluate(data: DataHandle, options: EvaluateOptions = {}): Promise<Evaluation> {
    this.#check();
    return await this.#link.evaluate(data, options);
  }

  /**
   * The model's outputs [examples, …output] for one example or a batch, given as for {@link load}. Bytes are scaled as
   * those that were loaded last, unless `{ x, scale, offset }` says otherwise. Between the steps of a running fit.
   * Rejects with `data` or `option`.
   *
   * @example
   * ```js
   * import { adam, createTrainer, dense, meanSquaredError, sequential } from 'downhill';
   * const model = sequential([1], dense(1));
   * const trainer = await createTrainer({ model, loss: meanSquaredError(), optimizer: adam({ lr: 0.1 }) });
   * const data = await trainer.load({ x: [[0], [1], [2]], y: [[1], [3], [5]] });
   * await trainer.fit(data, { epochs: 300 }).result; // y = 2x + 1
   * const { values, shape } = await trainer.predict([[10], [20]]);
   * console.log(shape, [...values].map(Math.round)); // [ 2, 1 ] [ 21, 41 ]
   * await trainer.dispose();
   * ```
   */
  async predict(x: PredictArgument): Promise<Prediction> {
    this.#check();
    expectNumbers(x);
    return await this.#link.predict(x);
  }

  /**
   * Holds the running fit after the slice of about 10 ms that runs now. Nothing happens when none runs.
   *
   * @example
   * ```js
   * import { adam, createTrainer, dense, meanSquaredError, sequential } from 'downhill';
   * const model = sequential([1], dense(1));
   * const trainer = await createTrainer({ model, loss: meanSquaredError(), optimizer: adam({ lr: 0.1 }) });
   * const data = await trainer.load({ x: [[0], [1], [2]], y: [[1], [3], [5]] });
   * const run = trainer.fit(data, { epochs: 5, paused: true });
   * await trainer.step(2);
   * console.log(trainer.running); // true
   * await trainer.resume();
   * console.log((await run.result).steps); // 5
   * await trainer.dispose();
   * ```
   */
  async pause(): Promise<void> {
    this.#check();
    await this.#link.pause();
  }

  /** Goes on after `pause()`. Nothing happens when no fit is paused. */
  async resume(): Promise<void> {
    this.#check();
    await this.#link.resume();
  }

  /** Runs `count` (≥ 1) steps of a paused fit; resolves when they are done. Rejects with `state` when none is paused. */
  async step(count = 1): Promise<void> {
    this.#check();
    await this.#link.step(count);
  }

  /** Ends the running fit after the step that runs now; resolves when it has ended. Nothing happens when none runs. */
  async stop(): Promise<void> {
    this.#check();
    const run = this.#running;
    if (run === undefined) return;
    run.stop();
    await run.ended;
  }

  /** Changes the optimizer's numbers, `{ lr: 1e-4 }`; they act on the next step. Rejects with `option`, changing nothing. */
  async set(options: OptimizerDescription['options']): Promise<void> {
    this.#check();
    await this.#link.set(options);
  }

  /**
   * Everything needed to go on: weights, optimizer state, position, history. One safetensors file with the weights
   * under PyTorch's names; equal wherever the same run was made. Between the steps of a running fit.
   *
   * @example
   * ```js
   * import { adam, createTrainer, dense, meanSquaredError, sequential } from 'downhill';
   * const model = sequential([1], dense(1));
   * const trainer = await createTrainer({ model, loss: meanSquaredError(), optimizer: adam({ lr: 0.1 }) });
   * const data = await trainer.load({ x: [[0], [1], [2]], y: [[1], [3], [5]] });
   * await trainer.fit(data, { epochs: 10 }).result;
   * const file = await trainer.snapshot();
   * const expected = await trainer.hash();
   * await trainer.fit(data, { epochs: 10 }).result;
   * await trainer.restore(file);
   * console.log((await trainer.hash()) === expected); // true
   * await trainer.dispose();
   * ```
   */
  async snapshot(): Promise<Uint8Array> {
    this.#check();
    return await this.#link.snapshot();
  }

  /**
   * Continues from a snapshot of the same model and optimizer; the next `fit` with the same data and options goes on where it
   * was taken. Rejects with `file`, naming what differs, and with `state` while a fit, `evaluate` or `predict` is under way.
   */
  async restore(file: Uint8Array): Promise<void> {
    this.#check();
    if (!(file instanceof Uint8Array))
      throw new DownhillError('file', `restore() needs the bytes of a snapshot as a Uint8Array: got ${show(file)}`);
    await this.#link.restore(file);
  }

  /** 16 hex digits over parameters and optimizer state: equal wherever the same run was made, and for nothing secret. */
  async hash(): Promise<string> {
    this.#check();
    return await this.#link.hash();
  }

  /** Ends a running fit and the worker. Calls that wait are rejected with `disposed`; disposing twice does nothing. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    const run = this.#running;
    this.#link.close(new DownhillError('disposed', 'the trainer was disposed'));
    await run?.result.catch(() => undefined);
  }

  /** `dispose`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #whyNoFit(options: TrainerFitOptions): DownhillError | undefined {
    if (this.#disposed) return disposed();
    if (!isObject(options))
      return new DownhillError('option', `fit: options must be an object: got ${show(options)}`, { path: '' });
    const { signal } = options;
    if (signal !== undefined && !isSignal(signal))
      return new DownhillError(
        'option',
        `fit: signal must be an AbortSignal, such as new AbortController().signal: got ${show(signal)}`,
        { path: 'signal', expected: 'an AbortSignal', received: show(signal) },
      );
    if (signal?.aborted === true) return new DownhillError('aborted', 'fit(): its signal is aborted already');
    if (this.#running === undefined) return undefined;
    return new DownhillError('state', 'fit() was called while another fit runs: await its result, or stop() it first');
  }

  #check(): void {
    if (this.#disposed) throw disposed();
  }
}

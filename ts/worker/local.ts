// A session in this thread, behind the same calls as one in a worker.

import type { Engine, EngineInfo } from '../engine.ts';
import type { DownhillError } from '../errors.ts';
import type { OptimizerDescription } from '../optimizers/rules.ts';

import type { Summary } from '../training/report.ts';
import {
  type DataHandle,
  type DataInput,
  type EvaluateOptions,
  type Evaluation,
  type FitOptions,
  type Prediction,
  Session,
  type SessionDescription,
} from '../training/session.ts';
import type { Link, RunListener } from './link.ts';
import type { PredictArgument } from './protocol.ts';

/** Calls a session directly. */
export class LocalLink implements Link {
  readonly info: EngineInfo;
  readonly #engine: Engine;
  readonly #session: Session;
  #fail: ((error: DownhillError) => void) | undefined;

  constructor(engine: Engine, description: SessionDescription) {
    this.#engine = engine;
    this.info = engine.info;
    this.#session = new Session(engine, description);
  }

  async load(data: DataInput): Promise<DataHandle> {
    return this.#session.load(data);
  }

  async unload(data: DataHandle): Promise<void> {
    this.#session.unload(data);
  }

  fit({ onReport, onSnapshot }: RunListener, data: DataHandle, options: FitOptions): Promise<Summary> {
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#session.fit(data, options, { onReport, onSnapshot }).then(resolve, reject);
    });
  }

  async evaluate(data: DataHandle, options: EvaluateOptions): Promise<Evaluation> {
    return await this.#session.evaluate(data, options);
  }

  async predict(x: PredictArgument): Promise<Prediction> {
    return await this.#session.predict(x);
  }

  async pause(): Promise<void> {
    this.#session.pause();
  }

  async resume(): Promise<void> {
    this.#session.resume();
  }

  async step(count: number): Promise<void> {
    await this.#session.step(count);
  }

  async stop(reason: string): Promise<void> {
    await this.#session.stop(reason);
  }

  async set(options: OptimizerDescription['options']): Promise<void> {
    this.#session.set(options);
  }

  async snapshot(): Promise<Uint8Array> {
    return await this.#session.snapshot();
  }

  async restore(file: Uint8Array): Promise<void> {
    await this.#session.restore(file);
  }

  async hash(): Promise<string> {
    return await this.#session.hash();
  }

  /** Ends the session: a fit that runs is rejected at once, and its loop ends at its next yield because the engine is gone. */
  close(error: DownhillError): void {
    this.#fail?.(error);
    this.#session.dispose();
    this.#engine.dispose();
  }
}

// The worker's side of the wire: holds one session, answers every call with plain data, and posts reports whose arrays are transferred.

import { transfer } from 'comlink';
import { type EngineInfo, makeEngine } from '../engine.ts';
import { DownhillError } from '../errors.ts';
import { findPosted } from '../machine/wasm/posted.ts';
import type { OptimizerDescription } from '../optimizers/rules.ts';

import type { Report, Summary } from '../training/report.ts';
import {
  type DataHandle,
  type DataInput,
  type EvaluateOptions,
  type Evaluation,
  type FitOptions,
  type Prediction,
  Session,
} from '../training/session.ts';
import type { Host, OpenOptions, PredictArgument, ReportMessage, Settled } from './protocol.ts';

/** Posts a message to the page. */
export type Post = (message: ReportMessage, transfer: Transferable[]) => void;

/** Turns the end of `work` into plain data. */
async function settle<T>(work: () => T | Promise<T>): Promise<Settled<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const known =
      error instanceof DownhillError
        ? error
        : new DownhillError('worker', `the worker failed: ${error instanceof Error ? error.message : String(error)}`, {
            cause: error,
          });
    return { ok: false, error: known.toJSON() };
  }
}

/** Takes the lock by whose release the page learns that this worker is gone. Where there are no locks there is nothing to take. */
function hold(lock: string): Promise<void> {
  const { locks } = globalThis.navigator ?? {};
  if (locks === undefined) return Promise.resolve();
  return new Promise((granted, refused) => {
    const forever = (): Promise<never> => {
      granted();
      return new Promise(() => {});
    };
    locks.request(lock, forever).catch(refused);
  });
}

/** Makes the host of one worker. */
export class WorkerHost implements Host {
  readonly #post: Post;
  #session: Session | undefined;

  constructor(post: Post) {
    this.#post = post;
  }

  open({ description, machine, module, memory, lock }: OpenOptions): Promise<Settled<EngineInfo>> {
    return settle(async () => {
      await hold(lock);
      const engine = await makeEngine(
        { machine, ...(module === undefined ? {} : { module }), ...(memory === undefined ? {} : { memory }) },
        findPosted,
      );
      this.#session = new Session(engine, description);
      return engine.info;
    });
  }

  load(data: DataInput): Promise<Settled<DataHandle>> {
    return settle(() => this.#open.load(data));
  }

  unload(data: DataHandle): Promise<Settled<void>> {
    return settle(() => this.#open.unload(data));
  }

  fit(run: number, data: DataHandle, options: FitOptions): Promise<Settled<Summary>> {
    const onReport = (report: Report): void => {
      this.#post({ downhill: 'report', run, report }, [report.losses.buffer as ArrayBuffer]);
    };
    const onSnapshot = (file: Uint8Array): void => {
      this.#post({ downhill: 'snapshot', run, file }, [file.buffer as ArrayBuffer]);
    };
    return settle(() => this.#open.fit(data, options, { onReport, onSnapshot }));
  }

  evaluate(data: DataHandle, options: EvaluateOptions): Promise<Settled<Evaluation>> {
    return settle(() => this.#open.evaluate(data, options));
  }

  predict(x: PredictArgument): Promise<Settled<Prediction>> {
    return settle(() => this.#open.predict(x)).then((settled) =>
      settled.ok ? transfer(settled, [settled.value.values.buffer as ArrayBuffer]) : settled,
    );
  }

  pause(): Promise<Settled<void>> {
    return settle(() => this.#open.pause());
  }

  resume(): Promise<Settled<void>> {
    return settle(() => this.#open.resume());
  }

  step(count: number): Promise<Settled<void>> {
    return settle(() => this.#open.step(count));
  }

  stop(reason: string): Promise<Settled<void>> {
    return settle(() => this.#open.stop(reason));
  }

  set(options: OptimizerDescription['options']): Promise<Settled<void>> {
    return settle(() => this.#open.set(options));
  }

  snapshot(): Promise<Settled<Uint8Array>> {
    return settle(() => this.#open.snapshot()).then((settled) =>
      settled.ok ? transfer(settled, [settled.value.buffer as ArrayBuffer]) : settled,
    );
  }

  restore(file: Uint8Array): Promise<Settled<void>> {
    return settle(() => this.#open.restore(file));
  }

  hash(): Promise<Settled<string>> {
    return settle(() => this.#open.hash());
  }

  get #open(): Session {
    if (this.#session === undefined)
      throw new DownhillError('state', 'the worker has no session yet: open() comes first');
    return this.#session;
  }
}

// A session in a worker: every call goes over one connection, and reports come back as messages.

import { transfer } from 'comlink';
import type { EngineInfo } from '../engine.ts';
import { DownhillError, show } from '../errors.ts';
import type { MachineName } from '../machine/machine.ts';
import type { OptimizerDescription } from '../optimizers/rules.ts';

import type { Summary } from '../training/report.ts';
import type {
  DataHandle,
  DataInput,
  EvaluateOptions,
  Evaluation,
  FitOptions,
  Prediction,
  SessionDescription,
} from '../training/session.ts';
import { Connection } from './connection.ts';
import type { Link, RunListener } from './link.ts';
import type { PredictArgument } from './protocol.ts';

/** What a remote session is opened with. */
export interface RemoteOptions {
  readonly description: SessionDescription;
  readonly info: EngineInfo;
  /** What the user asked for. */
  readonly machine: 'auto' | MachineName | undefined;
  readonly module: object | undefined;
  readonly memory: { readonly reserve?: number; readonly limit?: number } | undefined;
}

let opened = 0;

/** How long a worker may take to answer its first call, in milliseconds: starting a thread and an engine takes about 100. */
const PATIENCE = 15_000;

/** Calls a session in a worker. */
export class RemoteLink implements Link {
  readonly info: EngineInfo;
  readonly #connection: Connection;
  #runs = 0;

  private constructor(connection: Connection, info: EngineInfo) {
    this.#connection = connection;
    this.info = info;
  }

  /** Starts a worker and opens a session in it. Rejects with `worker` when it cannot be started, or with the session's own error. */
  static async open(start: () => object, options: RemoteOptions): Promise<RemoteLink> {
    const { description, info, module, memory } = options;
    // Only 'auto' may fall back to the reference when the worker's own self-check refuses the Rust machine.
    const machine = info.machine === 'simd' ? (options.machine ?? 'auto') : info.machine;
    let worker: object;
    try {
      worker = start();
    } catch (error) {
      throw new DownhillError(
        'worker',
        `the worker could not be started (${error instanceof Error ? error.message : show(error)}): give createTrainer({ worker: () => new Worker(…) }) or { worker: false }`,
        { cause: error },
      );
    }
    const connection = new Connection(worker);
    const patience = setTimeout(() => {
      connection.close(
        new DownhillError(
          'worker',
          `the worker has not answered for ${PATIENCE / 1000} s: it must run the file of downhill/worker`,
        ),
      );
    }, PATIENCE);
    const lock = `downhill ${++opened} ${performance.timeOrigin} ${performance.now()}`;
    try {
      const found = await connection.call((host) => host.open({ description, machine, module, memory, lock }));
      connection.watch(lock);
      return new RemoteLink(connection, { machine: found.machine, refused: [...info.refused, ...found.refused] });
    } catch (error) {
      connection.close(new DownhillError('worker', 'the session could not be opened'));
      throw error;
    } finally {
      clearTimeout(patience);
    }
  }

  load(data: DataInput, move: boolean): Promise<DataHandle> {
    const buffers = move ? buffersOf(data) : [];
    return this.#connection.call((host) => host.load(buffers.length > 0 ? transfer(data, buffers) : data));
  }

  unload(data: DataHandle): Promise<void> {
    return this.#connection.call((host) => host.unload(data));
  }

  async fit({ onReport, onSnapshot }: RunListener, data: DataHandle, options: FitOptions): Promise<Summary> {
    const id = ++this.#runs;
    const silence = this.#connection.onReport((message) => {
      if (message.run !== id) return;
      if (message.downhill === 'report') onReport(message.report);
      else onSnapshot(message.file);
    });
    try {
      return await this.#connection.call((host) => host.fit(id, data, options));
    } finally {
      silence();
    }
  }

  evaluate(data: DataHandle, options: EvaluateOptions): Promise<Evaluation> {
    return this.#connection.call((host) => host.evaluate(data, options));
  }

  predict(x: PredictArgument): Promise<Prediction> {
    return this.#connection.call((host) => host.predict(x));
  }

  pause(): Promise<void> {
    return this.#connection.call((host) => host.pause());
  }

  resume(): Promise<void> {
    return this.#connection.call((host) => host.resume());
  }

  step(count: number): Promise<void> {
    return this.#connection.call((host) => host.step(count));
  }

  stop(reason: string): Promise<void> {
    return this.#connection.call((host) => host.stop(reason));
  }

  set(options: OptimizerDescription['options']): Promise<void> {
    return this.#connection.call((host) => host.set(options));
  }

  snapshot(): Promise<Uint8Array> {
    return this.#connection.call((host) => host.snapshot());
  }

  restore(file: Uint8Array): Promise<void> {
    return this.#connection.call((host) => host.restore(file));
  }

  hash(): Promise<string> {
    return this.#connection.call((host) => host.hash());
  }

  close(error: DownhillError): void {
    this.#connection.close(error);
  }
}

/** The buffers of the typed arrays in the data, each once. */
function buffersOf(data: DataInput): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  for (const value of Object.values(data)) {
    for (const part of Array.isArray(value) ? value : [value]) {
      if (ArrayBuffer.isView(part) && part.buffer instanceof ArrayBuffer) found.add(part.buffer);
    }
  }
  return [...found];
}

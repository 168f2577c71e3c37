// Owns one worker: starts it, speaks Comlink with it, notices its end, and settles every promise that waits for it. A worker that is gone
// is noticed by a Web Lock that it holds, in Node by its exit event.

import { type Endpoint, type Remote, wrap } from 'comlink';
import nodeEndpoint, { type NodeEndpoint } from 'comlink/dist/esm/node-adapter.mjs';
import { DownhillError, show } from '../errors.ts';
import { type Host, isReport, type ReportMessage, type Settled } from './protocol.ts';

/** What a page's `Worker` and Node's `worker_threads.Worker` have in common, as far as it is used here. */
interface AnyWorker {
  terminate(): unknown;
  ref?(): void;
  unref?(): void;
}

const isNodeWorker = (worker: object): worker is NodeEndpoint & AnyWorker =>
  'on' in worker && typeof worker.on === 'function' && !('addEventListener' in worker);

const isWebWorker = (worker: object): worker is Worker =>
  'addEventListener' in worker && 'postMessage' in worker && 'terminate' in worker;

/** The browser's or Node's refusal to copy a function, a DOM node or the like to another thread. */
const unsendable = (error: Error): DownhillError =>
  new DownhillError(
    'option',
    `what goes to the worker must be plain data: ${error.message} Call factories such as adam() or crossEntropy(), and give numbers and typed arrays`,
    { cause: error },
  );

/** A live worker and everything that waits for it. */
export class Connection {
  readonly #worker: AnyWorker;
  readonly #host: Remote<Host>;
  readonly #waiting: Set<(error: DownhillError) => void> = new Set();
  readonly #listeners: Set<(report: ReportMessage) => void> = new Set();
  #end: DownhillError | undefined;

  /** Takes a started worker of either kind. Throws `worker` when it is none. */
  constructor(worker: object) {
    let endpoint: Endpoint;
    if (isNodeWorker(worker)) {
      endpoint = nodeEndpoint(worker);
      worker.on('error', ((error: unknown) =>
        this.#died(error instanceof Error ? error.message : String(error))) as EventListener);
      worker.on('exit', ((code: unknown) => this.#died(`its thread ended with exit code ${code}`)) as EventListener);
      worker.on('message', ((data: unknown) => this.#report(data)) as EventListener);
      this.#worker = worker;
    } else if (isWebWorker(worker)) {
      endpoint = worker;
      worker.addEventListener('error', (event) => this.#died(event.message || 'its file could not be loaded or run'));
      worker.addEventListener('messageerror', () => this.#died('a message could not be read'));
      worker.addEventListener('message', (event) => this.#report(event.data));
      this.#worker = worker;
    } else {
      throw new DownhillError(
        'worker',
        `worker: must return a Worker (or in Node a worker_threads.Worker): got ${show(worker)}`,
        { path: 'worker' },
      );
    }
    this.#host = wrap<Host>(endpoint);
    this.#worker.unref?.();
  }

  /** Watches the lock that the worker holds: it comes free within milliseconds of the worker's end. */
  watch(lock: string): void {
    const { locks } = globalThis.navigator ?? {};
    void locks?.request(lock, () => this.#died('the browser ended it'));
  }

  /** The error that ended the connection, if it has ended. */
  get ended(): DownhillError | undefined {
    return this.#end;
  }

  /** Calls the worker; rejects with the worker's own error, or with a `worker` error when the worker ends first. */
  call<T>(ask: (host: Remote<Host>) => Promise<Settled<T>>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#end !== undefined) {
        reject(this.#end);
        return;
      }
      const fail = (error: unknown): void => {
        this.#settle(fail);
        reject(error instanceof Error && error.name === 'DataCloneError' ? unsendable(error) : error);
      };
      if (this.#waiting.size === 0) this.#worker.ref?.(); // Node stays alive for as long as something waits
      this.#waiting.add(fail);
      ask(this.#host).then((settled) => {
        if (!this.#waiting.has(fail)) return;
        this.#settle(fail);
        if (settled.ok) resolve(settled.value);
        else reject(DownhillError.from(settled.error));
      }, fail);
    });
  }

  /** Hears the reports that the worker posts beside Comlink's messages, until the returned function is called. */
  onReport(listener: (report: ReportMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the worker; everything that waits is rejected with `error`. */
  close(error: DownhillError): void {
    this.#finish(error);
    void this.#worker.terminate();
  }

  #settle(fail: (error: DownhillError) => void): void {
    this.#waiting.delete(fail);
    if (this.#waiting.size === 0) this.#worker.unref?.();
  }

  #report(data: unknown): void {
    if (isReport(data)) for (const listener of this.#listeners) listener(data);
  }

  #died(reason: string): void {
    this.#finish(
      new DownhillError(
        'worker',
        `the worker ended: ${reason}. Make a new trainer and restore trainer.lastSnapshot into it`,
        { received: reason },
      ),
    );
    void this.#worker.terminate();
  }

  #finish(error: DownhillError): void {
    if (this.#end !== undefined) return;
    this.#end = error;
    for (const fail of [...this.#waiting]) fail(error);
  }
}

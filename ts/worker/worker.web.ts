// The worker file of a page: one self-contained module without imports of its own, so that every bundler and a plain server can serve it.

import { expose } from 'comlink';
import { WorkerHost } from './host.ts';

/** The worker's global, as far as it is used. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

const scope: WorkerScope = globalThis as typeof globalThis & WorkerScope;
expose(new WorkerHost((message, transfer) => scope.postMessage(message, transfer)));

// The Node side of `#platform`: reads the module from disk and starts the worker as a worker thread.

import { readFile } from 'node:fs/promises';
import { type Transferable as NodeTransferable, Worker } from 'node:worker_threads';
import type { ReadDefault, StartWorker } from './platform.ts';

export const readDefault: ReadDefault = async () => await readFile(new URL('./simd.wasm', import.meta.url));

export const startWorker: StartWorker = () => {
  // stdin closed and unref'd by the trainer when idle, so that a finished program can end
  const thread = new Worker(new URL('./worker.node.js', import.meta.url), { name: 'downhill' });
  const wrapped = new Map<unknown, (data: unknown) => void>();
  return {
    worker: {
      postMessage: (message, transfer) => thread.postMessage(message, transfer as readonly NodeTransferable[] | undefined),
      addEventListener: (_, listener) => {
        const wrap = (data: unknown): void => listener({ data });
        wrapped.set(listener, wrap);
        thread.on('message', wrap);
      },
      removeEventListener: (_, listener) => {
        const wrap = wrapped.get(listener);
        if (wrap !== undefined) thread.off('message', wrap);
        wrapped.delete(listener);
      },
      terminate: () => void thread.terminate(),
    },
    onEnd: (listener) => {
      let told = false;
      const tell = (reason: string): void => {
        if (!told) listener(reason);
        told = true;
      };
      thread.on('error', (error) => tell(error instanceof Error ? error.message : String(error)));
      thread.on('exit', (code) => tell(`the worker thread ended with exit code ${code}`));
    },
  };
};

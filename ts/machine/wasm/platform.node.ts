// The Node side of `#platform`: reads the module from disk and starts the worker as a worker thread.

import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { ReadDefault, StartWorker } from './platform.ts';

export const readDefault: ReadDefault = () => readFile(new URL('./simd.wasm', import.meta.url));

export const startWorker: StartWorker = () =>
  new Worker(new URL('./worker.node.js', import.meta.url), { name: 'downhill' });

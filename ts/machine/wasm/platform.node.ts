// The Node side of `#platform`: reads the module from disk and starts the worker as a worker thread.

import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { ReadDefault, ReadFrom, StartWorker } from './platform.ts';

export const readDefault: ReadDefault = () => readFile(new URL('./simd.wasm', import.meta.url));

/** A relative path must not reach `fetch`, and `fetch` reads no files: everything but http(s) and data is read from disk. */
export const readFrom: ReadFrom = (source) => {
  const text = String(source);
  return /^(https?|data|blob):/.test(text) ? fetch(source) : readFile(text.startsWith('file:') ? new URL(text) : text);
};

export const startWorker: StartWorker = () =>
  new Worker(new URL('./worker.node.js', import.meta.url), { name: 'downhill' });

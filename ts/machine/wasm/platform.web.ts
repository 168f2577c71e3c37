// The browser side of `#platform`: fetches the module and starts the worker. Both URLs are written literally, once in the whole
// package, because that is the form that bundlers recognise.

import type { ReadDefault, ReadFrom, StartWorker } from './platform.ts';

export const readDefault: ReadDefault = () => fetch(new URL('./simd.wasm', import.meta.url));

export const readFrom: ReadFrom = (source) => fetch(source);

export const startWorker: StartWorker = () =>
  new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'downhill' });

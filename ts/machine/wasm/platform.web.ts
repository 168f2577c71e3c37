// The browser side of `#platform`: fetches the module and starts the worker. Both URLs are written literally, once in the whole
// package, because that is the form that bundlers recognise.

import type { PlatformWorker, ReadDefault, StartWorker } from './platform.ts';

export const readDefault: ReadDefault = () => fetch(new URL('./simd.wasm', import.meta.url));

export const startWorker: StartWorker = () => {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'downhill' });
  return {
    worker: worker as PlatformWorker,
    onEnd: (listener) => {
      worker.addEventListener('error', (event) => listener(event.message || 'the worker file could not be loaded'), { once: true });
    },
  };
};

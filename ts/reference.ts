// `downhill/reference`: the same surface without WebAssembly and without a worker file, for servers, tests and hosts without SIMD. Nothing of the
// Rust machine can be reached from here.

import { type Engine, type EngineOptions, makeEngine } from './engine.ts';
import { DownhillError } from './errors.ts';
import { makeTrainer, type TrainerOptions } from './worker/make.ts';
import type { Trainer } from './worker/trainer.ts';

export * from './public.ts';

/**
 * Makes an engine on the reference machine. Rejects with `option`, `memory`, and with `load` for `machine: 'simd'`.
 *
 * @example
 * ```js
 * import { createEngine } from 'downhill/reference';
 * const engine = await createEngine();
 * console.log(engine.info.machine); // reference
 * ```
 */
export function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return makeEngine(options, undefined);
}

/**
 * Makes a trainer on the reference machine, in this thread unless `worker` is a function that starts one. Rejects with
 * `option`, `shape` or `memory`, and with `worker` for `worker: true`.
 */
export function createTrainer(options: TrainerOptions): Promise<Trainer> {
  return makeTrainer(
    { worker: false, ...options },
    {
      findSimd: undefined,
      choose: async () => ({ info: { machine: 'reference', refused: [] }, module: undefined }),
      startWorker: () => {
        throw new DownhillError('worker', 'downhill/reference has no worker file of its own');
      },
    },
  );
}

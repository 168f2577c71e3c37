// The public surface of the package. Importing it does nothing: no module is loaded, no memory taken, nothing registered.

import { startWorker } from '#platform';
import { type Engine, type EngineOptions, makeEngine } from './engine.ts';
import { chooseMachine, findSimd } from './machine/wasm/find.ts';
import { makeTrainer, type TrainerOptions } from './worker/make.ts';
import type { Trainer } from './worker/trainer.ts';

export * from './public.ts';

/**
 * Makes an engine: the Rust machine where WebAssembly SIMD runs, otherwise the TypeScript reference (`engine.info` says
 * why). Any number of engines share one compiled module and no memory. Rejects with `option`; with `load` when
 * `machine: 'simd'` cannot be had; with `memory` when less is allowed than a machine begins with.
 *
 * @example
 * ```js
 * import { createEngine } from 'downhill';
 * const engine = await createEngine({ seed: 7 });
 * console.log(engine.info); // { machine: 'simd', refused: [] }
 * const reference = await createEngine({ machine: 'reference', seed: 7 });
 * console.log(reference.info.machine); // reference
 * ```
 */
export function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return makeEngine(options, findSimd);
}

/**
 * Makes a trainer: a model, its loss and optimizer, in a worker of its own (`worker: false`: in this thread). Rejects
 * with `option` or `shape` for a description that is not right, `worker` when none can be started, `load` or `memory`.
 *
 * @example
 * ```js
 * import { adam, createTrainer, dense, meanSquaredError, sequential } from 'downhill';
 * const model = sequential([1], dense(1));
 * const trainer = await createTrainer({ model, loss: meanSquaredError(), optimizer: adam({ lr: 0.1 }) });
 * const data = await trainer.load({ x: [[0], [1], [2]], y: [[1], [3], [5]] }); // y = 2x + 1
 * const { loss } = await trainer.fit(data, { epochs: 300 }).result;
 * console.log(loss < 1e-9); // true
 * const { values } = await trainer.predict([3]);
 * console.log(values[0].toFixed(3)); // 7.000
 * await trainer.dispose();
 * ```
 */
export function createTrainer(options: TrainerOptions): Promise<Trainer> {
  return makeTrainer(options, { findSimd, choose: chooseMachine, startWorker });
}

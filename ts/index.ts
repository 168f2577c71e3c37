// The public surface of the package. Importing it does nothing: no module is loaded, no memory taken, nothing registered.

import { startWorker } from '#platform';
import { type Engine, type EngineOptions, makeEngine } from './engine.ts';
import { chooseMachine, findSimd } from './machine/wasm/find.ts';
import { makeTrainer, type Trainer, type TrainerOptions } from './worker/trainer.ts';

export * from './public.ts';

/**
 * Makes an engine: the Rust machine where WebAssembly SIMD runs, otherwise the TypeScript reference (`engine.info` says why). Any number of
 * engines share one compiled module and no memory. Rejects with `option`, `load` or `memory`.
 */
export function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return makeEngine(options, findSimd);
}

/**
 * Makes a trainer: a model, its loss and optimizer, in a worker of its own (`worker: false`: in this thread). Rejects with `option` or `shape`
 * for a description that is not right, `worker` when none can be started, `load` or `memory`.
 */
export function createTrainer(options: TrainerOptions): Promise<Trainer> {
  return makeTrainer(options, { findSimd, choose: chooseMachine, startWorker });
}

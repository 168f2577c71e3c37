// The public surface of the package. Importing it does nothing: no module is loaded, no memory taken, nothing registered.

import { type Engine, type EngineOptions, makeEngine } from './engine.ts';
import { findSimd } from './machine/wasm/find.ts';

export { Engine, type EngineInfo, type EngineOptions } from './engine.ts';
export { DownhillError, type ErrorCode } from './errors.ts';
export * from './public.ts';
export type { EngineArray } from './tensor/array.ts';

/** Makes an engine: the Rust machine where WebAssembly SIMD runs, otherwise the TypeScript reference (`engine.info` says why). */
export function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return makeEngine(options, findSimd);
}

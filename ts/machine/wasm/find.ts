// The way from nothing to a running Rust machine: is there SIMD, where is the module, one instance of it.

import { DownhillError } from '../../errors.ts';
import type { Machine, MachineName } from '../machine.ts';
import { createSimd } from './instance.ts';
import { loadModule, type ModuleSource, whyNoSimd } from './load.ts';

/** The compiled module. Rejects with `load` when it cannot run here or cannot be had. */
async function findModule(source: ModuleSource | undefined): Promise<WebAssembly.Module> {
  const reason = whyNoSimd();
  if (reason !== undefined) throw new DownhillError('load', reason);
  return await loadModule(source);
}

/** A new instance of the Rust machine. Rejects with `load` when it cannot run here or the module cannot be had. */
export async function findSimd(source: ModuleSource | undefined, limit: number): Promise<Machine> {
  return createSimd(await findModule(source), limit);
}

/** Which machine a worker shall make, and the module to post to it: the page finds it once, the worker fetches nothing. */
export interface Choice {
  readonly info: {
    readonly machine: MachineName;
    readonly refused: readonly { readonly machine: MachineName; readonly reason: string }[];
  };
  readonly module: object | undefined;
}

/** Chooses as `createEngine` would. Rejects when `machine` is `'simd'` and it cannot be had. */
export async function chooseMachine(options: {
  readonly machine?: 'auto' | MachineName;
  readonly module?: ModuleSource;
}): Promise<Choice> {
  if (options.machine === 'reference') return { info: { machine: 'reference', refused: [] }, module: undefined };
  try {
    return { info: { machine: 'simd', refused: [] }, module: await findModule(options.module) };
  } catch (error) {
    if (options.machine === 'simd' || !(error instanceof DownhillError)) throw error;
    return {
      info: { machine: 'reference', refused: [{ machine: 'simd', reason: error.message }] },
      module: undefined,
    };
  }
}

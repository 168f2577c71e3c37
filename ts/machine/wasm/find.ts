// The way from nothing to a running Rust machine: is there SIMD, where is the module, one instance of it.

import { DownhillError } from '../../errors.ts';
import type { Machine } from '../machine.ts';
import { createSimd } from './instance.ts';
import { loadModule, type ModuleSource, whyNoSimd } from './load.ts';

/** A new instance of the Rust machine. Rejects with `load` when it cannot run here or the module cannot be had. */
export async function findSimd(source: ModuleSource | undefined, limit: number): Promise<Machine> {
  const reason = whyNoSimd();
  if (reason !== undefined) throw new DownhillError('load', reason);
  return createSimd(await loadModule(source), limit);
}

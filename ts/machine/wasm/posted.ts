// The worker's way to the Rust machine: the page has compiled the module and posts it, so nothing is fetched and no address resolved here.

import { DownhillError } from '../../errors.ts';
import type { Machine } from '../machine.ts';
import { createSimd } from './instance.ts';

/** A new instance of the posted module. */
export async function findPosted(module: unknown, limit: number): Promise<Machine> {
  if (!(module instanceof WebAssembly.Module))
    throw new DownhillError('load', 'the page has posted no module to this worker');
  return createSimd(module, limit);
}

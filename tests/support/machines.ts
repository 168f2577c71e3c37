// The two machines for tests: the Rust one from the built file, the reference from its source. Every call makes a new one,
// so that tests share no memory and a trapped machine hurts nobody.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../../ts/machine/machine.ts';
import { createReference } from '../../ts/machine/reference/reference.ts';
import { createSimd } from '../../ts/machine/wasm/instance.ts';

/** The built module: `npm run build` puts it there; DOWNHILL_WASM names another one. */
const wasmPath: string = process.env.DOWNHILL_WASM ?? fileURLToPath(new URL('../../dist/simd.wasm', import.meta.url));

let compiled: WebAssembly.Module | undefined;

/** The compiled module, the same at every call. */
export function simdModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(wasmPath));
  return compiled;
}

/** A new instance of the Rust machine. `limit` is the most bytes it may ever have. */
export const makeSimd = (limit?: number): Machine => createSimd(simdModule(), limit);

/** A new reference machine. `limit` is the most bytes it may ever have. */
export const makeReference = (limit?: number): Machine => createReference(limit);

/** A new machine by name. */
export const makeMachine = (name: 'simd' | 'reference', limit?: number): Machine =>
  name === 'simd' ? makeSimd(limit) : makeReference(limit);

// Makes a machine from a compiled module: one new instance per engine, so that engines share no memory and a trapped one
// can be replaced. The loader that wasm-bindgen generates keeps one instance per realm and is not used.

import { DownhillError } from '../../errors.ts';
import type { Kernels, Machine } from '../machine.ts';
import { MAXIMUM_BYTES, PAGE } from '../machine.ts';
import { kernelNames } from '../reference/kernels.ts';

/** wasm-bindgen's one import; it prepares a table that kernels of numbers never touch. */
const stub = (): void => {};

/** A new instance of the Rust machine. `limit` is the most bytes it may ever have. Throws when the module is not ours. */
export function createSimd(module: WebAssembly.Module, limit: number = MAXIMUM_BYTES): Machine {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = stub;
  }
  // Not `exports`: tools that look at the text of dist would take it for CommonJS.
  const exported = new WebAssembly.Instance(module, imports).exports;
  const missing = ['heap_base', 'memory', ...kernelNames].filter((name) => !(name in exported));
  if (missing.length > 0) {
    throw new DownhillError(
      'load',
      `the WebAssembly module lacks ${missing.slice(0, 3).join(', ')}: it is no downhill module, or one of another version`,
    );
  }
  const block = exported.memory as WebAssembly.Memory;
  const views = (): { f32: Float32Array; u32: Uint32Array; u8: Uint8Array } => ({
    f32: new Float32Array(block.buffer),
    u32: new Uint32Array(block.buffer),
    u8: new Uint8Array(block.buffer),
  });
  const memory = views();
  const grow = (bytes: number): boolean => {
    const more = Math.ceil((bytes - memory.u8.length) / PAGE);
    if (more <= 0) return true;
    if (memory.u8.length + more * PAGE > limit) return false;
    try {
      block.grow(more);
    } catch {
      return false; // RangeError: the host has no such block
    }
    Object.assign(memory, views());
    return true;
  };
  const kernels = Object.fromEntries(kernelNames.map((name) => [name, exported[name]])) as Kernels;
  const heapBase = (exported.heap_base as () => number)() >>> 0;
  return { name: 'simd', kernels, memory, heapBase, grow };
}

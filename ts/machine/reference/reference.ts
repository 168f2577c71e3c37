// The reference machine: plain TypeScript over an ArrayBuffer, the readable definition of every kernel, the judge of the Rust
// one, and what runs where WebAssembly or SIMD is missing.

import { type Kernels, MAXIMUM_BYTES, type Machine, type Memory, PAGE } from '../machine.ts';
import { definitions } from './kernels.ts';

/** Address 0 stays unused, as in the Rust machine, so that a forgotten address is no valid one. */
const HEAP_BASE = 1024;

/** Makes a reference machine. `limit` is the most bytes it may ever have. */
export function createReference(limit: number = MAXIMUM_BYTES): Machine {
  const views = (buffer: ArrayBuffer): { f32: Float32Array; u32: Uint32Array; u8: Uint8Array } => ({
    f32: new Float32Array(buffer),
    u32: new Uint32Array(buffer),
    u8: new Uint8Array(buffer),
  });
  const memory = views(new ArrayBuffer(PAGE));
  const grow = (bytes: number): boolean => {
    if (bytes <= memory.u8.length) return true;
    const size = Math.ceil(bytes / PAGE) * PAGE;
    if (size > limit) return false;
    try {
      const old = memory.u8;
      Object.assign(memory, views(new ArrayBuffer(size)));
      memory.u8.set(old);
      return true;
    } catch {
      return false; // RangeError: the host has no such block
    }
  };
  return { name: 'reference', kernels: bind(memory), memory, heapBase: HEAP_BASE, grow };
}

function bind(memory: Memory): Kernels {
  const bound = Object.entries(definitions).map(([name, { twin }]) => [name, twin(memory)]);
  return Object.fromEntries(bound) as Kernels;
}

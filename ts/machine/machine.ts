// The interface of a machine: a block of memory and the kernels that read and write it. Its kernel types come from the `.d.ts`
// that the crate's build generates, so the Rust exports and the TypeScript twins cannot drift apart unseen.

import type * as generated from './kernels.d.ts';

/** Names of the crate's exports that are kernels. */
export type KernelName = Exclude<keyof typeof generated, 'default' | 'initSync' | 'heap_base'>;

/** Every kernel by name: functions of unsigned 32-bit words. */
export type Kernels = { readonly [K in KernelName]: (typeof generated)[K] };

/**
 * Views over the machine's whole memory. The object stays the same; growth replaces its three views, so a view must
 * not be kept across an allocation.
 */
export interface Memory {
  readonly f32: Float32Array;
  readonly u32: Uint32Array;
  readonly u8: Uint8Array;
}

/** Which machine runs. */
export type MachineName = 'simd' | 'reference';

/** A block of memory with kernels over it. Everything above is written against this and cannot tell which one runs. */
export interface Machine {
  readonly name: MachineName;
  readonly kernels: Kernels;
  readonly memory: Memory;
  /** First byte that the caller may use. */
  readonly heapBase: number;
  /** Makes the memory at least `bytes` long in all and refreshes the views; false when that cannot be had. */
  grow(bytes: number): boolean;
}

/** Bytes in a page of memory: the grain of growth in both machines. */
export const PAGE = 65_536;

/** Most bytes a machine can have: addresses are unsigned 32-bit words, and V8 allows 65,536 pages less one. */
export const MAXIMUM_BYTES: number = 65_535 * PAGE;

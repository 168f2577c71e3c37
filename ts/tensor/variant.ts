// What a compiled function keeps for each combination of argument shapes: input slots of its own, into which arguments are copied, and what was
// recorded with them.

import type { Arena } from '../engine/arena.ts';
import type { Block } from '../engine/heap.ts';
import type { Program } from '../engine/program.ts';
import type { Recorder } from '../engine/recorder.ts';
import type { Runtime, Scope } from '../engine/runtime.ts';
import { keptData, type ShapedValues, toTensorData } from './data.ts';
import type { Argument } from './results.ts';
import { sizeOf } from './shape.ts';
import { bytesOf, expectTensor, Tensor } from './tensor.ts';

/** Where an argument lies. */
export interface Slot {
  readonly block: Block;
  readonly tensor: Tensor;
}

/** What belongs to one cache key: its input slots, and the recording or the program. */
export interface Variant<R> {
  readonly slots: readonly Slot[];
  /** Memory of the last recorded call, which holds its results until the next one. */
  previous: { readonly arena: Arena; readonly scope: Scope } | undefined;
  first: Recorder | undefined;
  program: Program | undefined;
  /** What the program gives: makes the result once the program has its memory. */
  results: (() => R) | undefined;
  result: R | undefined;
  structure: number;
}

/** An argument that was checked. */
export type Source = Tensor | ShapedValues;

/** Checks arguments. Throws `data`, or `option` for a tensor of another engine. */
export function sourcesOf(runtime: Runtime, args: readonly Argument[]): Source[] {
  return args.map((arg, i) => {
    const name = `argument ${i + 1}`;
    if (!(arg instanceof Tensor)) return toTensorData(name, keptData(runtime, arg));
    expectTensor(`${name} of a compiled function`, arg, runtime);
    return arg;
  });
}

/** Types and shapes as one text. */
export const keyOf = (sources: readonly Source[]): string =>
  sources.map(({ dtype, shape }) => `${dtype}[${shape.join(',')}]`).join(' ');

/** A variant with slots for such arguments. Throws `memory`. */
export function newVariant<R>(runtime: Runtime, sources: readonly Source[]): Variant<R> {
  const slots: Slot[] = [];
  try {
    sources.forEach(({ shape, dtype }, i) => {
      const block = runtime.heap.allocate(sizeOf(shape) * bytesOf(dtype), `input ${i + 1} of a compiled function`);
      slots.push({ block, tensor: new Tensor(runtime, `argument ${i + 1}`, shape, dtype, block.address, block) });
    });
  } catch (error) {
    for (const { block } of slots) runtime.heap.free(block);
    throw error;
  }
  return {
    slots,
    previous: undefined,
    first: undefined,
    program: undefined,
    results: undefined,
    result: undefined,
    structure: runtime.structure,
  };
}

/** Copies the arguments into their slots. */
export function fillSlots(runtime: Runtime, slots: readonly Slot[], sources: readonly Source[]): void {
  sources.forEach((source, i) => {
    const { block, tensor } = slots[i];
    const bytes = tensor.size * bytesOf(tensor.dtype);
    const from = source instanceof Tensor ? source.address : 0; // first: a transposed view's may grow the memory
    const { u8 } = runtime.machine.memory;
    if (source instanceof Tensor) u8.copyWithin(block.address, from, from + bytes);
    else u8.set(new Uint8Array(source.values.buffer, source.values.byteOffset, bytes), block.address);
  });
}

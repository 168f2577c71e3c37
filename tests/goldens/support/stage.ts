// A machine with a bump allocator, for tests that call single kernels: numbers and words go in, kernels run by name, results come out.

import type { KernelName, MachineName } from '../../../ts/machine/machine.ts';
import { makeMachine } from '../../support/machines.ts';

/** One machine and its memory. Addresses are bytes; every buffer begins on its own 16 bytes and is followed by some that nobody reads. */
export interface Stage {
  /** A buffer that holds the numbers, rounded to f32. */
  numbers(values: ArrayLike<number>): number;
  /** A buffer that holds the words. */
  words(values: ArrayLike<number>): number;
  /** A buffer that holds the bytes. */
  bytes(values: ArrayLike<number>): number;
  /** A buffer of n elements of four bytes. */
  space(n: number): number;
  /** Runs the kernel. */
  call(kernel: KernelName, ...words: number[]): void;
  /** n numbers at the address. */
  read(address: number, n: number): number[];
  /** n words at the address. */
  readWords(address: number, n: number): number[];
}

/** A fresh machine of that name. */
export function makeStage(name: MachineName): Stage {
  const { kernels, memory, heapBase, grow } = makeMachine(name);
  let end = Math.ceil(heapBase / 16) * 16;
  const take = (bytes: number): number => {
    const address = end;
    end += Math.ceil(bytes / 16) * 16 + 16;
    if (!grow(end)) throw new Error(`no ${end} bytes`);
    return address;
  };
  const space = (n: number): number => take(4 * n);
  return {
    space,
    numbers: (values) => {
      const address = space(values.length);
      memory.f32.set(values, address >>> 2);
      return address;
    },
    words: (values) => {
      const address = space(values.length);
      memory.u32.set(values, address >>> 2);
      return address;
    },
    bytes: (values) => {
      const address = take(values.length);
      memory.u8.set(values, address);
      return address;
    },
    call: (kernel, ...words) => Reflect.apply(kernels[kernel], undefined, words),
    read: (address, n) => [...memory.f32.subarray(address >>> 2, (address >>> 2) + n)],
    readWords: (address, n) => [...memory.u32.subarray(address >>> 2, (address >>> 2) + n)],
  };
}

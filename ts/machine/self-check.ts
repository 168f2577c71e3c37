// A few kernels against stored bits before a machine is used: a processor or engine that flushes subnormals, fuses a product into a sum, or
// rounds otherwise would train another model than every other machine, so it is refused.

import { DownhillError } from '../errors.ts';
import type { Machine } from './machine.ts';

/** Operands and the IEEE 754 result of a∘b to nearest even, as bit patterns. */
const CHECKS: readonly {
  readonly kernel: 'add' | 'mul' | 'div';
  readonly a: number;
  readonly b: number;
  readonly result: number;
}[] = [
  { kernel: 'add', a: 0x00000001, b: 0x00000001, result: 0x00000002 }, // two smallest subnormals
  { kernel: 'add', a: 0x3f800000, b: 0x33800000, result: 0x3f800000 }, // 1 + 2⁻²⁴: a tie goes to even
  { kernel: 'mul', a: 0x00800000, b: 0x3f000000, result: 0x00400000 }, // 2⁻¹²⁶ · ½ is subnormal
  { kernel: 'mul', a: 0x3f800001, b: 0x3f800001, result: 0x3f800002 }, // (1 + 2⁻²³)² rounds down
  { kernel: 'div', a: 0x3f800000, b: 0x40400000, result: 0x3eaaaaab }, // ⅓
];

/** Throws `load` when a stored bit is not reproduced. Uses a few words at the start of the heap, before anything lies there. */
export function selfCheck(machine: Machine): void {
  const at = Math.ceil(machine.heapBase / 16) * 16;
  if (!machine.grow(at + 64))
    throw new DownhillError('memory', 'the memory limit is below what the machine itself needs');
  const { u32 } = machine.memory;
  const word = at >>> 2;
  for (const { kernel, a, b, result } of CHECKS) {
    u32.set([a, b, 0], word);
    machine.kernels[kernel](at, at + 4, at + 8, 1, 1, 0, 1, 0, 1);
    if (u32[word + 2] !== result) {
      const hex = (bits: number): string => `0x${bits.toString(16).padStart(8, '0')}`;
      throw new DownhillError(
        'load',
        `this processor computes ${kernel}(${hex(a)}, ${hex(b)}) as ${hex(u32[word + 2])}, IEEE 754 says ${hex(result)}`,
      );
    }
  }
  u32.fill(0, word, word + 3);
}

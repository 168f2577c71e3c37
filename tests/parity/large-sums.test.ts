// The plain sum beyond 4,096² elements, where block sums of block sums are added: more than the generated parity test holds.

import { expect, it } from 'vitest';
import { makeMachine } from '../support/machines.ts';

it('a sum of 4,096² + 8,193 ones is the same on both machines, and the number itself, rounded once', () => {
  const n = 4096 * 4096 + 8193;
  const sums = (['simd', 'reference'] as const).map((name) => {
    const machine = makeMachine(name);
    const out = Math.ceil(machine.heapBase / 16) * 16;
    const x = out + 16;
    expect(machine.grow(x + 4 * n)).toBe(true);
    machine.memory.f32.fill(1, x >>> 2, (x >>> 2) + n);
    machine.kernels.sum(x, out, 1, n, 1);
    return machine.memory.f32[out >>> 2];
  });
  expect(sums).toEqual([Math.fround(n), Math.fround(n)]); // every partial sum below it is exact
});

// Activations and functions of one number, kernel by kernel on both machines, against PyTorch's float64 numbers, and at
// the points where the limits are known: infinities, NaN, zeros of both signs.

import { describe, expect, it } from 'vitest';
import type { KernelName } from '../../ts/machine/machine.ts';
import { definitions } from '../../ts/machine/reference/kernels.ts';
import { makeMachine } from '../support/machines.ts';
import { errorOf, type GoldenCase, goldenCases, toNumber } from './support/forward-backward.ts';

type Name = 'simd' | 'reference';

/** The kernel of a golden case and its numbers in memory. */
function kernelOf({ op, options }: GoldenCase): { kernel: KernelName; numbers: readonly number[] } {
  const kernel = (op === 'gelu' && options.approximate === 'tanh' ? 'gelu_tanh' : op) as KernelName;
  if (op === 'leaky_relu') return { kernel, numbers: [options.negative_slope] };
  if (op === 'elu') return { kernel, numbers: [options.alpha] };
  if (op === 'softplus') return { kernel, numbers: [options.beta, options.threshold] };
  return { kernel, numbers: [] };
}

/** y = f(x), and dx from dy by the gradient kernel, which says by its first parameter whether it takes x or y. */
function run(
  machine: Name,
  kernel: KernelName,
  x: readonly number[],
  dy: readonly number[],
  numbers: readonly number[],
) {
  const { kernels, memory, heapBase, grow } = makeMachine(machine);
  const n = x.length;
  const slot = 4 * n + 64;
  grow(heapBase + 5 * slot);
  const [xAt, yAt, dyAt, dxAt, row] = [0, 1, 2, 3, 4].map((k) => heapBase + k * slot);
  memory.f32.set(x, xAt >>> 2);
  memory.f32.set(dy, dyAt >>> 2);
  memory.f32.set(numbers, row >>> 2);
  const last = numbers.length > 0 ? [row] : [];
  const call = (name: KernelName, ...words: number[]): void =>
    (kernels[name] as (...words: number[]) => void)(...words);
  const read = (at: number): number[] => [...memory.f32.subarray(at >>> 2, (at >>> 2) + n)];
  call(kernel, xAt, yAt, n, ...last);
  const backward = `${kernel}_grad` as KernelName;
  if (kernel === 'neg') call('neg', dyAt, dxAt, n);
  else call(backward, 'y' in definitions[backward].parameters ? yAt : xAt, dyAt, dxAt, n, ...last);
  return { y: read(yAt), dx: read(dxAt) };
}

const operations = new Set(
  'relu leaky_relu elu selu gelu sigmoid tanh softplus silu exp log sqrt abs neg square reciprocal sin cos log1p expm1 rsqrt erf'.split(
    ' ',
  ),
);

describe.each(['simd', 'reference'] as const)('on %s', (machine) => {
  describe.each([
    ['activations', 2e-6],
    ['tensor_ops', 3e-6],
  ] as const)('%s', (file, tolerance) => {
    const cases = goldenCases(file).filter(({ op }) => operations.has(op));
    it('has cases', () => expect(cases.length).toBeGreaterThan(10));
    it.each(cases.map((one) => [one.id, one] as const))('%s', (_, one) => {
      const { kernel, numbers } = kernelOf(one);
      const x = one.inputs?.x ?? Object.values(one.inputs ?? {})[0];
      const dy = (one.cotangent?.data ?? []).map(toNumber);
      const result = run(machine, kernel, x.data.map(toNumber), dy, numbers);
      expect(errorOf(result.y, one.output.data), 'output').toBeLessThanOrEqual(tolerance);
      for (const { data } of Object.values(one.grads ?? {}))
        expect(errorOf(result.dx, data), 'gradient').toBeLessThanOrEqual(tolerance);
    });
  });

  const points: readonly [KernelName, readonly number[], x: number, y: number, dx: number][] = [
    ['relu', [], Number.NaN, Number.NaN, 1],
    ['relu', [], -Infinity, 0, 0],
    ['leaky_relu', [0.25], -Infinity, -Infinity, 0.25],
    ['leaky_relu', [0.25], Number.NaN, Number.NaN, 0.25],
    ['elu', [0.5], -Infinity, -0.5, 0],
    ['elu', [0.5], Infinity, Infinity, 1],
    ['elu', [0.5], 0, 0, 0.5],
    ['selu', [], -Infinity, -Math.fround(1.7580993408473766), 0],
    ['gelu', [], -1e30, 0, 0],
    ['gelu', [], 1e30, Math.fround(1e30), 1],
    ['gelu_tanh', [], -1e30, 0, 0],
    ['gelu_tanh', [], 1e30, Math.fround(1e30), 1],
    ['gelu_tanh', [], Infinity, Infinity, 1],
    ['sigmoid', [], -Infinity, 0, 0],
    ['sigmoid', [], Infinity, 1, 0],
    ['tanh', [], -Infinity, -1, 0],
    ['tanh', [], Number.NaN, Number.NaN, Number.NaN],
    ['silu', [], -1e30, 0, 0],
    ['silu', [], 1e30, Math.fround(1e30), 1],
    ['softplus', [1, 20], -Infinity, 0, 0],
    ['softplus', [1, 20], Infinity, Infinity, 1],
    ['softplus', [1, 1000], 500, 500, 1],
    ['abs', [], 0, 0, 0],
    ['sqrt', [], 0, 0, Infinity],
    ['sqrt', [], -1, Number.NaN, Number.NaN],
    ['rsqrt', [], 0, Infinity, -Infinity],
    ['reciprocal', [], Infinity, 0, 0],
    ['log', [], 0, -Infinity, Infinity],
    ['log1p', [], -1, -Infinity, Infinity],
    ['expm1', [], -Infinity, -1, 0],
    ['exp', [], -Infinity, 0, 0],
    ['erf', [], Infinity, 1, 0],
    ['sin', [], Infinity, Number.NaN, Number.NaN],
    ['cos', [], -Infinity, Number.NaN, Number.NaN],
  ];
  // −0 counts as 0 here; the signs of zeros stand in the test below.
  it.each(points)('%s with %j at %f gives %f and the gradient %f', (kernel, numbers, x, y, dx) => {
    const result = run(machine, kernel, [x], [1], numbers);
    expect([result.y[0] + 0, result.dx[0] + 0]).toEqual([y, dx]);
  });

  it.each(['neg', 'relu', 'sin', 'tanh', 'erf', 'expm1', 'log1p', 'sqrt', 'gelu', 'silu', 'selu'] as const)(
    '%s keeps the sign of zero',
    (kernel) => {
      const [plus, minus] = run(machine, kernel, [0, -0], [1, 1], []).y;
      expect(Object.is(plus, kernel === 'neg' ? -0 : 0)).toBe(true);
      expect(Object.is(minus, kernel === 'neg' ? 0 : -0)).toBe(true);
    },
  );
});

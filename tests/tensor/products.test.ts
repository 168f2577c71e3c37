// Products, broadcasts, choices and counts against plain loops in float64, on both machines.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DType, Tensor } from '../../ts/tensor/tensor.ts';
import { constantOf, newRuntime } from '../goldens/support/forward-backward.ts';
import { broadcastShapes, uniform } from '../gradients/support.ts';

const machines = ['simd', 'reference'] as const;
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Element of a row-major tensor at a position of the shape that it broadcasts to. */
function at(values: ArrayLike<number>, shape: readonly number[], position: readonly number[]): number {
  const shift = position.length - shape.length;
  return values[shape.reduce((index, n, i) => index * n + (n === 1 ? 0 : position[i + shift]), 0)];
}

function positions(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>((all, n) => all.flatMap((p) => Array.from({ length: n }, (_, i) => [...p, i])), [[]]);
}

describe.each(machines)('against plain loops on %s', (machine) => {
  it('arithmetic broadcasts over any number of axes', () => {
    fc.assert(
      fc.property(broadcastShapes, fc.nat(), ([aShape, bShape], seed) => {
        const runtime = newRuntime(machine);
        runtime.openScope();
        const next = uniform(seed);
        const [a, b] = [aShape, bShape].map((shape) => Float32Array.from({ length: sizeOf(shape) }, next));
        const [x, y] = [constantOf(runtime, aShape, a), constantOf(runtime, bShape, b)];
        const rank = Math.max(aShape.length, bShape.length);
        const shape = Array.from({ length: rank }, (_, i) =>
          Math.max(aShape[aShape.length - rank + i] ?? 1, bShape[bShape.length - rank + i] ?? 1),
        );
        const each = (f: (a: number, b: number) => number): Float32Array =>
          Float32Array.from(positions(shape), (p) => f(at(a, aShape, p), at(b, bShape, p)));
        expect(x.sub(y).shape).toEqual(shape);
        expect(x.sub(y).read()).toEqual(each((p, q) => p - q));
        expect(x.mul(y).read()).toEqual(each((p, q) => p * q));
        expect(x.maximum(y).read()).toEqual(each(Math.max));
      }),
    );
  });

  it.each([
    [1, 1, 1],
    [3, 5, 7],
    [17, 33, 9],
    [64, 10, 300],
    [1, 40, 513],
    [40, 1, 257],
  ])('matmul %s × %s over %s, either side turned', (m, n, k) => {
    const runtime = newRuntime(machine);
    runtime.openScope();
    const next = uniform(m * n + k);
    const [a, b] = [m * k, k * n].map((length) => Float32Array.from({ length }, next));
    const turn = (x: Float32Array, rows: number, cols: number): Float32Array =>
      Float32Array.from({ length: x.length }, (_, i) => x[(i % rows) * cols + Math.floor(i / rows)]);
    const [x, y] = [constantOf(runtime, [m, k], a), constantOf(runtime, [k, n], b)];
    const [xt, yt] = [constantOf(runtime, [k, m], turn(a, m, k)), constantOf(runtime, [n, k], turn(b, k, n))];
    const wanted = Array.from({ length: m * n }, (_, i) => {
      let total = 0;
      for (let p = 0; p < k; p++) total += a[Math.floor(i / n) * k + p] * b[p * n + (i % n)];
      return total;
    });
    const results = [
      x.matmul(y),
      xt.matmul(y, { transposeA: true }),
      x.matmul(yt, { transposeB: true }),
      xt.matmul(yt, { transposeA: true, transposeB: true }),
      xt.transpose().matmul(yt.transpose()),
      x.matmul(yt.transpose()),
      xt.transpose().matmul(y.transpose(), { transposeB: true }),
    ].map((t) => t.read());
    wanted.forEach((w, i) => {
      expect(Math.abs(results[0][i] - w)).toBeLessThanOrEqual(4 * k * 2 ** -24);
    });
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it('gather chooses rows of numbers, of whole numbers and of bytes', () => {
    const runtime = newRuntime(machine);
    runtime.openScope();
    const indices = constantOf(runtime, [2, 2], [2, 0, 1, 2], 'i32');
    const rows = (dtype: DType): Tensor => constantOf(runtime, [3, 2], [10, 11, 20, 21, 30, 31], dtype);
    const wanted = [30, 31, 10, 11, 20, 21, 30, 31];
    expect(rows('f32').gather(indices).shape).toEqual([2, 2, 2]);
    expect([...rows('f32').gather(indices).read()]).toEqual(wanted);
    expect(rows('i32').gather(indices).read()).toEqual(Int32Array.from(wanted));
    expect(rows('u8').gather(indices).read()).toEqual(Float32Array.from(wanted));
    const scaled = rows('u8').gather(indices, { scale: 0.5, offset: -1 });
    expect(scaled.read()).toEqual(Float32Array.from(wanted, (x) => 0.5 * x - 1));
  });

  it('argmax and equalCount count right answers', () => {
    const runtime = newRuntime(machine);
    runtime.openScope();
    const logits = constantOf(runtime, [4, 3], [1, 2, 3, 5, 5, 1, Number.NaN, 9, 9, -1, -3, -2]);
    expect(logits.argmax().read()).toEqual(Int32Array.of(2, 0, 0, 0));
    const labels = constantOf(runtime, [4], [2, 1, 0, 0], 'i32');
    expect(logits.argmax().equalCount(labels).item()).toBe(3);
  });
});

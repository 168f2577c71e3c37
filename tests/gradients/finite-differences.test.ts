// The gradient of every operation of the list against finite differences, on random shapes. An operation that is added to the list
// without a line here fails the first test.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ops from '../../ts/tensor/ops/index.ts';
import type { Tensor } from '../../ts/tensor/tensor.ts';
import { constantOf } from '../goldens/support/forward-backward.ts';
import { broadcastShapes, checkGradient, type Input, type Problem, shapes } from './support.ts';

const anywhere = (u: number): number => 2 * u;
const positive = (u: number): number => 1.5 + u;
/** At least 0.2 from 0, where kinks are. */
const offZero = (u: number): number => u + Math.sign(u) * 0.2;
/** Up to 67 elements that stay in one order: 0.1 apart, which a difference of 1/32 each way does not close. */
const apart = (u: number, i: number): number => ((i * 29) % 67) * 0.1 - 3 + 0.01 * u;
/** Multiples of 0.2, give or take 0.01: a tenth away from another such number plus 0.1. */
const fifths = (u: number): number => Math.round(5 * u) * 0.2 + 0.01 * u;
const betweenFifths = (u: number): number => fifths(u) + 0.1;

const input = (shape: readonly number[], from: Input['from'] = anywhere): Input => ({ shape, from });

/** A function of one tensor of any shape. */
const one = (forward: (x: Tensor) => Tensor, from: Input['from'] = anywhere): fc.Arbitrary<Problem> =>
  shapes.map((shape) => ({ inputs: [input(shape, from)], forward: ([x]) => forward(x) }));

/** A function of two tensors that broadcast. */
const two = (
  forward: (a: Tensor, b: Tensor) => Tensor,
  fromA: Input['from'] = anywhere,
  fromB: Input['from'] = fromA,
): fc.Arbitrary<Problem> =>
  broadcastShapes.map(([a, b]) => ({ inputs: [input(a, fromA), input(b, fromB)], forward: ([x, y]) => forward(x, y) }));

/** A reduction over any choice of axes, which may be kept. */
const reduction = (
  forward: (x: Tensor, axes: number[], options: { keepDims: boolean }) => Tensor,
  from: Input['from'] = anywhere,
): fc.Arbitrary<Problem> =>
  fc
    .tuple(
      fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 3, maxLength: 3 }),
      fc.subarray([0, 1, 2], { minLength: 1 }),
      fc.boolean(),
    )
    .map(([shape, axes, keepDims]) => ({
      inputs: [input(shape, from)],
      forward: ([x]) => forward(x, axes, { keepDims }),
    }));

const size = fc.integer({ min: 1, max: 6 });

/** Every layout of a product: batches that broadcast, either side turned by an option, by a view, or both. */
const products: fc.Arbitrary<Problem> = fc
  .tuple(fc.tuple(size, size, size), broadcastShapes, fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()))
  .map(([[m, n, k], [batchA, batchB], [transposeA, transposeB, viewA, viewB]]) => {
    const turn = (x: Tensor): Tensor =>
      x.transpose(x.shape.map((_, i, { length }) => (i < length - 2 ? i : 2 * length - 3 - i)));
    const stored = (rows: number, cols: number, turned: boolean): number[] => (turned ? [cols, rows] : [rows, cols]);
    return {
      inputs: [
        input([...batchA.slice(-2), ...stored(m, k, transposeA !== viewA)]),
        input([...batchB.slice(-2), ...stored(k, n, transposeB !== viewB)]),
      ],
      forward: ([a, b]) => (viewA ? turn(a) : a).matmul(viewB ? turn(b) : b, { transposeA, transposeB }),
    };
  });

const reductions = fc.constantFrom('mean' as const, 'sum' as const, 'none' as const);

const problems: Readonly<Record<string, fc.Arbitrary<Problem>>> = {
  abs: one((x) => x.abs(), offZero),
  add: two((a, b) => a.add(b)),
  clamp: one(
    (x) => x.clamp(-0.8, 0.8),
    (u) => (Math.abs(Math.abs(u) - 0.8) < 0.1 ? 0 : u),
  ),
  concat: shapes.chain((shape) =>
    fc.nat(shape.length - 1).map((axis) => ({
      inputs: [input(shape), input(shape.map((n, i) => (i === axis ? n + 2 : n)))],
      forward: ([a, b]) => a.concat([b, a], axis),
    })),
  ),
  cos: one((x) => x.cos()),
  crossEntropy: fc
    .tuple(size, fc.integer({ min: 2, max: 9 }), reductions, fc.boolean())
    .map(([n, classes, reduction, indexed]) => ({
      inputs: [input([n, classes])],
      forward: ([x], runtime) => {
        const labels = Array.from({ length: n }, (_, i) => (i * 5) % classes);
        const rows = Array.from({ length: n * classes }, (_, i) => ((i * 7) % 5) / 4);
        const target = indexed ? constantOf(runtime, [n], labels, 'i32') : constantOf(runtime, [n, classes], rows);
        return x.crossEntropy(target, { reduction });
      },
    })),
  detach: one((x) => x.mul(2).add(x.sub(x).detach())),
  div: two((a, b) => a.div(b), anywhere, positive),
  dropout: one((x) => x.dropout(0.4)),
  elu: one((x) => x.elu(0.7), offZero),
  erf: one((x) => x.erf()),
  exp: one((x) => x.exp()),
  expand: broadcastShapes.map(([a, b]) => ({
    inputs: [input(a)],
    forward: ([x], runtime) =>
      x.expand(x.add(constantOf(runtime, b, new Float32Array(b.reduce((p, q) => p * q, 1)))).shape),
  })),
  expm1: one((x) => x.expm1()),
  flatten: one((x) => x.mul(x).flatten(x.shape.length - 1)),
  gather: fc.tuple(size, size).map(([rows, width]) => ({
    inputs: [input([rows, width])],
    forward: ([x], runtime) =>
      x.gather(
        constantOf(
          runtime,
          [2, 4],
          Array.from({ length: 8 }, (_, i) => (i * i) % rows),
          'i32',
        ),
      ),
  })),
  gelu: fc.constantFrom('none' as const, 'tanh' as const).chain((approximate) => one((x) => x.gelu({ approximate }))),
  leakyRelu: one((x) => x.leakyRelu(0.2), offZero),
  linear: fc.tuple(shapes, size, fc.boolean()).map(([shape, out, bias]) => ({
    inputs: [input(shape), input([out, shape[shape.length - 1]]), ...(bias ? [input([out])] : [])],
    forward: ([x, weight, b]) => x.linear(weight, b),
  })),
  log: one((x) => x.log(), positive),
  log1p: one((x) => x.log1p(), positive),
  logSoftmax: shapes.chain((shape) =>
    fc.nat(shape.length - 1).map((axis) => ({ inputs: [input(shape)], forward: ([x]) => x.logSoftmax(axis) })),
  ),
  logSumExp: reduction((x, axes, options) => x.logSumExp(axes, options)),
  matmul: products,
  max: reduction((x, axes, options) => x.max(axes, options), apart),
  maximum: two((a, b) => a.maximum(b), fifths, betweenFifths),
  mean: reduction((x, axes, options) => x.mean(axes, options)),
  meanSquaredError: fc.tuple(shapes, reductions).map(([shape, reduction]) => ({
    inputs: [input(shape), input(shape)],
    forward: ([x, t]) => x.meanSquaredError(t, { reduction }),
  })),
  min: reduction((x, axes, options) => x.min(axes, options), apart),
  minimum: two((a, b) => a.minimum(b), fifths, betweenFifths),
  mul: two((a, b) => a.mul(b)),
  neg: one((x) => x.neg()),
  norm: one((x) => x.norm(), offZero),
  pad: one((x) =>
    x.pad(
      x.shape.map((_, i) => i),
      x.shape.map((_, i) => 2 - i),
      3,
    ),
  ),
  pow: fc.oneof(
    two((a, b) => a.pow(b), positive, anywhere),
    fc.constantFrom(2, 3, 5, -1, -2).chain((exponent) =>
      one(
        (x) => x.pow(exponent),
        (u) => 1.2 * Math.sign(u) + 0.3 * u,
      ),
    ),
    fc.constantFrom(0, 1, 0.5, -0.5, 1.7).chain((exponent) => one((x) => x.pow(exponent).add(x), positive)),
  ),
  reciprocal: one((x) => x.reciprocal(), positive),
  relu: one((x) => x.relu(), offZero),
  reshape: one((x) => x.mul(x).reshape([1, -1])),
  rsqrt: one((x) => x.rsqrt(), positive),
  selu: one((x) => x.selu(), offZero),
  sigmoid: one((x) => x.sigmoid()),
  sigmoidCrossEntropy: fc.tuple(shapes, reductions).map(([shape, reduction]) => ({
    inputs: [input(shape, offZero)],
    forward: ([x], runtime) => {
      const target = Array.from({ length: x.size }, (_, i) => (i % 4) / 3);
      return x.sigmoidCrossEntropy(constantOf(runtime, x.shape, target), { reduction });
    },
  })),
  silu: one((x) => x.silu()),
  sin: one((x) => x.sin()),
  slice: one((x) =>
    x.slice(
      x.shape.map((n) => (n > 1 ? 1 : 0)),
      x.shape,
      x.shape.map((_, i) => i + 1),
    ),
  ),
  softmax: shapes.chain((shape) =>
    fc.nat(shape.length - 1).map((axis) => ({ inputs: [input(shape)], forward: ([x]) => x.softmax(axis) })),
  ),
  softplus: one((x) => x.softplus({ beta: 1.5 })),
  sqrt: one((x) => x.sqrt(), positive),
  square: one((x) => x.square()),
  stack: shapes.chain((shape) =>
    fc
      .nat(shape.length)
      .map((axis) => ({ inputs: [input(shape), input(shape)], forward: ([a, b]) => a.stack([b, a], axis) })),
  ),
  std: reduction((x, axes, options) => x.std(axes, options), apart),
  sub: two((a, b) => a.sub(b)),
  sum: reduction((x, axes, options) => x.sum(axes, options)),
  tanh: one((x) => x.tanh()),
  transpose: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }).map((axes) => ({
    inputs: [input([2, 3, 4, 2])],
    forward: ([x]) => x.transpose(axes).square(),
  })),
  variance: reduction((x, axes, options) => x.variance(axes, options)),
};

/** Operations without a gradient. */
const constants = ['argmax', 'backward', 'equalCount'];

it('has a problem for every operation of the list', () => {
  expect([...Object.keys(problems), ...constants].sort()).toEqual(Object.keys(ops).sort());
});

describe('the gradient agrees with finite differences', () => {
  it.each(Object.entries(problems))('%s', (_, problem) => {
    fc.assert(
      fc.property(problem, fc.nat(), (made, seed) => checkGradient(made, seed)),
      { numRuns: 25 },
    );
  });
});

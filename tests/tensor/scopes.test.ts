// Every operation of the list inside a scope and outside every scope: the same numbers, and outside nothing stays in memory but the result,
// also when the memory grows, and so moves, at every allocation.

import { describe, expect, it } from 'vitest';
import { Runtime } from '../../ts/engine/runtime.ts';
import * as ops from '../../ts/tensor/ops/index.ts';
import type { Tensor } from '../../ts/tensor/tensor.ts';
import { constantOf, newRuntime } from '../goldens/support/forward-backward.ts';
import { makeMachine } from '../support/machines.ts';

interface Inputs {
  /** [2, 3, 4], positive */
  readonly x: Tensor;
  /** [3, 1], positive */
  readonly y: Tensor;
  /** [4, 3] */
  readonly w: Tensor;
  /** [2, 4], i32, below 2 */
  readonly labels: Tensor;
}

const calls: Readonly<Record<string, (inputs: Inputs) => Tensor>> = {
  abs: ({ x }) => x.abs(),
  add: ({ x, y }) => x.add(y),
  argmax: ({ x }) => x.argmax(),
  clamp: ({ x }) => x.clamp(0.5, 1.5),
  concat: ({ x }) => x.concat([x, x], 1),
  cos: ({ x }) => x.cos(),
  crossEntropy: ({ x, labels }) => x.crossEntropy(labels),
  detach: ({ x }) => x.detach(),
  div: ({ x, y }) => y.div(x),
  dropout: ({ x }) => x.dropout(0.3),
  elu: ({ x }) => x.elu(),
  equalCount: ({ x }) => x.equalCount(x),
  erf: ({ x }) => x.erf(),
  exp: ({ x }) => x.exp(),
  expand: ({ y }) => y.expand([2, 3, 4]),
  expm1: ({ x }) => x.expm1(),
  flatten: ({ x }) => x.flatten(),
  gather: ({ x, labels }) => x.gather(labels),
  gelu: ({ x }) => x.gelu(),
  leakyRelu: ({ x }) => x.leakyRelu(),
  linear: ({ x }) => x.linear(x.slice([0, 0, 0], [1, 3, 4]).reshape([3, 4])),
  log: ({ x }) => x.log(),
  log1p: ({ x }) => x.log1p(),
  logSoftmax: ({ x }) => x.logSoftmax(0),
  logSumExp: ({ x }) => x.logSumExp([0, 2]),
  matmul: ({ x, w }) => x.matmul(w),
  max: ({ x }) => x.max([0, 2]),
  maximum: ({ x, y }) => x.maximum(y),
  mean: ({ x }) => x.mean([0, 2]),
  meanSquaredError: ({ x }) => x.meanSquaredError(x),
  min: ({ x }) => x.min([0, 2]),
  minimum: ({ x, y }) => x.minimum(y),
  mul: ({ x, y }) => x.mul(y),
  neg: ({ x }) => x.neg(),
  norm: ({ x }) => x.norm(),
  pad: ({ x }) => x.pad([1, 0, 1], [0, 1, 0]),
  pow: ({ x, y }) => x.pow(y),
  reciprocal: ({ x }) => x.reciprocal(),
  relu: ({ x }) => x.relu(),
  reshape: ({ x }) => x.reshape([6, 4]),
  rsqrt: ({ x }) => x.rsqrt(),
  selu: ({ x }) => x.selu(),
  sigmoid: ({ x }) => x.sigmoid(),
  sigmoidCrossEntropy: ({ x }) => x.sigmoidCrossEntropy(x),
  silu: ({ x }) => x.silu(),
  sin: ({ x }) => x.sin(),
  slice: ({ x }) => x.slice([0, 1, 1], [2, 3, 4], [1, 1, 2]),
  softmax: ({ x }) => x.softmax(1),
  softplus: ({ x }) => x.softplus(),
  sqrt: ({ x }) => x.sqrt(),
  square: ({ x }) => x.square(),
  stack: ({ x }) => x.stack(x, 1),
  std: ({ x }) => x.std(),
  sub: ({ x, y }) => x.sub(y),
  sum: ({ x }) => x.sum([0, 2]),
  tanh: ({ x }) => x.tanh(),
  transpose: ({ x }) => x.transpose([1, 0, 2]),
  variance: ({ x }) => x.variance([0, 2]),
};

function inputsOf(runtime: Runtime): Inputs {
  const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => 0.2 + ((i * 7) % 11) / 5);
  return {
    x: constantOf(runtime, [2, 3, 4], numbers(24)),
    y: constantOf(runtime, [3, 1], numbers(3)),
    w: constantOf(runtime, [4, 3], numbers(12)),
    labels: constantOf(runtime, [2, 4], [0, 1, 1, 0, 0, 0, 1, 1], 'i32'),
  };
}

it('has a call for every operation that gives a tensor', () => {
  expect([...Object.keys(calls), 'backward'].sort()).toEqual(Object.keys(ops).sort());
});

describe.each(['simd', 'reference'] as const)('on %s', (machine) => {
  it.each(Object.entries(calls))('%s', (name, call) => {
    const scoped = newRuntime(machine, 7);
    scoped.openScope();
    const wanted = call(inputsOf(scoped));
    const runtime = new Runtime(makeMachine(machine), 7, { tight: true });
    const inputs = inputsOf(runtime);
    const before = runtime.heap.live - runtime.temporaryBytes;
    const result = call(inputs);
    expect(result.shape).toEqual(wanted.shape);
    expect(result.read()).toEqual(wanted.read());
    result.dispose();
    // linear's weight is a tensor of the call itself: 12 numbers in a block.
    expect(runtime.heap.live - runtime.temporaryBytes - before).toBe(name === 'linear' ? 64 : 0);
    for (const input of Object.values(inputs)) expect(() => input.read(), 'the inputs are as they were').not.toThrow();
  });
});

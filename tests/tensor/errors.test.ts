// What operations say to bad input: the operation, what it needs, what it got, and how to mend it.

import { describe, expect, it } from 'vitest';
import { DownhillError, type ErrorCode } from '../../ts/errors.ts';
import type { Tensor } from '../../ts/tensor/tensor.ts';
import { constantOf, newRuntime } from '../goldens/support/forward-backward.ts';

interface Tensors {
  /** [2, 3] */
  readonly x: Tensor;
  /** [4] */
  readonly v: Tensor;
  /** [2], i32 */
  readonly labels: Tensor;
  /** [2, 3], u8 */
  readonly bytes: Tensor;
  /** [3, 0] */
  readonly empty: Tensor;
}

const table: readonly (readonly [string, (t: Tensors) => unknown, ErrorCode, RegExp])[] = [
  ['broadcast', ({ x, v }) => x.add(v), 'shape', /^add needs shapes that broadcast .*: got \[2, 3\] and \[4\]/],
  ['dtype', ({ x, labels }) => x.mul(labels), 'data', /^mul needs a tensor of dtype f32: got i32 \[2\]/],
  ['bytes', ({ bytes }) => bytes.relu(), 'data', /^relu needs a tensor of dtype f32: got u8/],
  [
    'matmul inner',
    ({ x, v }) => x.matmul(v),
    'shape',
    /^matmul needs .*: got \[2, 3\] and \[4\]; the inner sizes are 3 and 4/,
  ],
  ['matmul hint', ({ x }) => x.matmul(x), 'shape', /transpose the second: x\.matmul\(w\.transpose\(\)\)/],
  ['matmul number', ({ x }) => x.matmul(x.sum()), 'shape', /vectors or matrices; mul\(\) multiplies by a number/],
  ['linear', ({ x }) => x.linear(x.transpose()), 'shape', /^linear needs x \[\.\.\., in\] and a weight \[out, in\]/],
  ['linear bias', ({ x, v }) => x.linear(x, v), 'shape', /^linear needs a bias \[2\], one number per row/],
  ['axis', ({ x }) => x.sum(2), 'shape', /^sum needs an axis from -2 to 1: got axis 2 of a tensor \[2, 3\]/],
  ['axis twice', ({ x }) => x.mean([0, -2]), 'shape', /^mean needs each axis once/],
  ['axis of a number', ({ x }) => x.sum().softmax(), 'shape', /^softmax needs no axis: the tensor is a single number/],
  ['empty max', ({ empty }) => empty.max(1), 'shape', /^max needs at least one element: got \[3, 0\]/],
  ['empty mean', ({ empty }) => empty.mean(), 'shape', /^mean needs at least one element/],
  ['variance', ({ x }) => x.slice([0, 0], [1, 1]).variance(), 'shape', /^variance needs more than 1 elements/],
  ['reshape', ({ x }) => x.reshape([4, 2]), 'shape', /^reshape needs a shape of 6 elements .*: got \[4, 2\]/],
  ['reshape open', ({ x }) => x.reshape([-1, 4]), 'shape', /^reshape needs a shape of 6 elements/],
  ['reshape open twice', ({ x }) => x.reshape([-1, -1]), 'shape', /^reshape needs at most one size −1/],
  ['reshape half', ({ x }) => x.reshape([1.5, 4]), 'shape', /^reshape needs a shape of whole numbers/],
  ['transpose axes', ({ x }) => x.transpose([0]), 'shape', /^transpose needs 2 numbers as axes/],
  ['transpose twice', ({ x }) => x.transpose([0, 0]), 'shape', /^transpose needs each axis once/],
  ['slice', ({ x }) => x.slice([0, 2], [2, 4]), 'shape', /^slice needs 0 ≤ start ≤ stop ≤ 3 along axis 1/],
  [
    'concat',
    ({ x, v }) => x.concat(v),
    'shape',
    /^concat needs tensors \[2, 3\] that differ only along axis 0: got \[4\]/,
  ],
  ['expand', ({ x }) => x.expand([3]), 'shape', /^expand needs a shape that \[2, 3\] broadcasts to: got \[3\]/],
  [
    'labels high',
    ({ x, labels }) => x.crossEntropy(labels.set([1, 3])),
    'data',
    /class indices must be 0 to 2: element 1 is 3/,
  ],
  [
    'labels low',
    ({ x, labels }) => x.crossEntropy(labels.set([-1, 0])),
    'data',
    /class indices must be 0 to 2: element 0 is -1/,
  ],
  ['target shape', ({ x, v }) => x.crossEntropy(v), 'shape', /^crossEntropy needs a target \[2, 3\] of probabilities/],
  [
    'target rows',
    ({ v, labels }) => v.crossEntropy(labels),
    'shape',
    /^crossEntropy needs a target \[\] of class indices/,
  ],
  [
    'target bytes',
    ({ x, bytes }) => x.crossEntropy(bytes),
    'data',
    /^crossEntropy needs probabilities of dtype f32: got u8/,
  ],
  ['mse', ({ x, v }) => x.meanSquaredError(v), 'shape', /a target of the prediction's shape \[2, 3\].*: got \[4\]/],
  [
    'gather',
    ({ x, labels }) => x.gather(labels.set([0, 2])),
    'data',
    /^gather: indices must be 0 to 1: element 1 is 2/,
  ],
  ['gather floats', ({ x, v }) => x.gather(v), 'data', /^gather needs indices of dtype i32: got f32 \[4\]/],
  ['gather scale', ({ x, labels }) => x.gather(labels, { scale: 2 }), 'option', /scale and offset are for bytes/],
  ['dropout', ({ x }) => x.dropout(1), 'option', /^dropout: rate must be a number with 0 ≤ rate < 1: got 1/],
  ['dropout NaN', ({ x }) => x.dropout(Number.NaN), 'option', /^dropout: rate must be .*: got NaN/],
  ['elu', ({ x }) => x.elu(Number.POSITIVE_INFINITY), 'option', /^elu: alpha must be a finite number: got Infinity/],
  ['softplus', ({ x }) => x.softplus({ beta: 0 }), 'option', /^softplus: beta must be a number > 0: got 0/],
  ['clamp', ({ x }) => x.clamp(2, 1), 'option', /^clamp: low must be a number ≤ high \(1\): got 2/],
  ['argmax', ({ empty }) => empty.argmax(), 'shape', /^argmax needs at least one element along the last axis/],
  ['backward size', ({ x }) => x.backward(), 'shape', /^backward\(\) needs a loss with one element/],
  ['view set', ({ x }) => x.transpose().set([1]), 'state', /^set\(\) on a transposed view \[3, 2\]: set the original/],
  ['two engines', ({ x }) => x.add(newRuntimeTensor()), 'option', /^add got tensors of two engines/],
];

function newRuntimeTensor(): Tensor {
  return constantOf(newRuntime('reference'), [1], [1]);
}

describe('bad input', () => {
  it.each(table)('%s', (_, use, code, message) => {
    const runtime = newRuntime('reference');
    runtime.openScope();
    const tensors: Tensors = {
      x: constantOf(runtime, [2, 3], [1, 2, 3, 4, 5, 6]),
      v: constantOf(runtime, [4], [1, 2, 3, 4]),
      labels: constantOf(runtime, [2], [0, 1], 'i32'),
      bytes: constantOf(runtime, [2, 3], [1, 2, 3, 4, 5, 6], 'u8'),
      empty: constantOf(runtime, [3, 0], []),
    };
    let caught: unknown;
    try {
      use(tensors);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(DownhillError);
    const { code: given, message: said } = caught as DownhillError;
    expect(said).toMatch(message);
    expect(given).toBe(code);
  });
});

// Parts of tensors and tensors of parts: slice, concat, stack, pad, expand. Each is one strided move a part, and its gradient the move back.

import type { Kernels } from '../../machine/machine.ts';
import { apply } from '../autograd.ts';
import { axisOf, broadcast, checkShape, format, type Shape, sameShape, shapeError, sizeOf, strides } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { reshape } from './reshape.ts';
import { expandInto, expectDType, expectNumber, expectOperand, expectRank, moveStrided, sumInto } from './support.ts';
import { same } from './transpose.ts';

/** A part of a tensor: where it begins, in elements, its shape, and its strides there. */
interface Part {
  readonly start: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
}

const read = (k: Kernels, whole: number, part: Part, to: number): void =>
  moveStrided(k, 'copy_strided', whole + 4 * part.start, to, part.shape, part.strides);

const write = (k: Kernels, from: number, part: Part, whole: number): void =>
  moveStrided(k, 'scatter_strided', from, whole + 4 * part.start, part.shape, part.strides);

/** The part of `shape` that begins at `start`. */
function partOf(shape: Shape, start: Shape, size: Shape, step?: Shape): Part {
  const own = strides(shape);
  return {
    start: own.reduce((at, stride, i) => at + stride * start[i], 0),
    shape: size,
    strides: own.map((stride, i) => stride * (step?.[i] ?? 1)),
  };
}

/** The elements from `start` (inclusive) to `stop` (exclusive), every `step`-th, along each axis. */
export function slice(x: Tensor, start: readonly number[], stop: readonly number[], step?: readonly number[]): Tensor {
  expectDType('slice', 'a tensor', x);
  const rank = x.shape.length;
  expectRank('slice', 'start', start, rank);
  expectRank('slice', 'stop', stop, rank);
  if (step !== undefined) expectRank('slice', 'step', step, rank);
  const whole = (n: number, low: number, high: number): boolean => Number.isInteger(n) && n >= low && n <= high;
  x.shape.forEach((n, i) => {
    if (!whole(start[i], 0, n) || !whole(stop[i], start[i], n))
      throw shapeError('slice', `0 ≤ start ≤ stop ≤ ${n} along axis ${i}`, `${start[i]} and ${stop[i]}`);
    if (step !== undefined && !whole(step[i], 1, Number.MAX_SAFE_INTEGER))
      throw shapeError('slice', 'whole steps ≥ 1', format(step));
  });
  const size = x.shape.map((_, i) => Math.ceil((stop[i] - start[i]) / (step?.[i] ?? 1)));
  const part = partOf(x.shape, start, size, step);
  return apply(
    'slice',
    [x],
    size,
    (out, k) => read(k, x.address, part, out),
    (dy, grads) =>
      grads.into(x, (dx, k) => {
        k.fill(dx, x.size, x.runtime.numbers([0]));
        write(k, dy, part, dx);
      }),
  );
}

/** The tensors one after another along an axis (default the first); their other axes agree. */
export function concat(x: Tensor, others: Tensor | readonly Tensor[], axis = 0): Tensor {
  const all = [x, ...(Array.isArray(others) ? others : [others])] as readonly Tensor[];
  const at = axisOf('concat', axis, x.shape);
  expectDType('concat', 'tensors', x);
  const shape = x.shape.map((n, i) => (i === at ? 0 : n));
  const starts = all.map((one) => {
    expectOperand('concat', 'tensors', one, x.runtime);
    const fits = one.shape.length === shape.length && one.shape.every((n, i) => i === at || n === shape[i]);
    if (!fits)
      throw shapeError('concat', `tensors ${format(x.shape)} that differ only along axis ${at}`, format(one.shape));
    shape[at] += one.shape[at];
    return shape[at] - one.shape[at];
  });
  const parts = all.map((one, i) =>
    partOf(
      shape,
      shape.map((_, j) => (j === at ? starts[i] : 0)),
      one.shape,
    ),
  );
  return apply(
    'concat',
    all,
    shape,
    (out, k) => {
      k.fill(out, sizeOf(shape), x.runtime.numbers([0]));
      all.forEach((one, i) => {
        write(k, one.address, parts[i], out);
      });
    },
    (dy, grads) =>
      all.forEach((one, i) => {
        grads.into(one, (dx, k) => read(k, dy, parts[i], dx));
      }),
  );
}

/** Tensors of one shape side by side along a new axis (default the first). */
export function stack(x: Tensor, others: Tensor | readonly Tensor[], axis = 0): Tensor {
  const all: readonly Tensor[] = Array.isArray(others) ? others : [others];
  for (const one of all) expectOperand('stack', 'tensors', one, x.runtime);
  const at = axisOf('stack', axis, [...x.shape, 1]);
  const wrong = all.find((one) => !sameShape(one.shape, x.shape));
  if (wrong !== undefined) throw shapeError('stack', `tensors of one shape ${format(x.shape)}`, format(wrong.shape));
  const one = [...x.shape.slice(0, at), 1, ...x.shape.slice(at)];
  return concat(
    reshape(x, one),
    all.map((other) => reshape(other, one)),
    at,
  );
}

/** x with `before[i]` and `after[i]` more elements at the two ends of axis i, all `value`. */
export function pad(x: Tensor, before: readonly number[], after: readonly number[], value = 0): Tensor {
  expectDType('pad', 'a tensor', x);
  expectRank('pad', 'before', before, x.shape.length);
  expectRank('pad', 'after', after, x.shape.length);
  checkShape('pad', before);
  checkShape('pad', after);
  expectNumber('pad', 'value', value, -Infinity, Infinity, 'a number');
  const shape = x.shape.map((n, i) => before[i] + n + after[i]);
  const part = partOf(shape, before, x.shape);
  return apply(
    'pad',
    [x],
    shape,
    (out, k) => {
      k.fill(out, sizeOf(shape), x.runtime.numbers([value]));
      write(k, x.address, part, out);
    },
    (dy, grads) => grads.into(x, (dx, k) => read(k, dy, part, dx)),
  );
}

/** x stretched to a shape that it broadcasts to. */
export function expand(x: Tensor, shape: Shape): Tensor {
  expectDType('expand', 'a tensor', x);
  checkShape('expand', shape);
  if (!sameShape(broadcast('expand', x.shape, shape), shape))
    throw shapeError('expand', `a shape that ${format(x.shape)} broadcasts to`, format(shape));
  if (sameShape(x.shape, shape)) return same('expand', x);
  return apply(
    'expand',
    [x],
    [...shape],
    (out, k) => expandInto(k, x.address, x.shape, out, shape),
    (dy, grads) => grads.into(x, (dx, k) => sumInto(k, dy, shape, dx, x.shape, (n) => grads.temporary(n))),
  );
}

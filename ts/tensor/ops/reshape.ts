// The same numbers under another shape, or cut off from the tape: no kernel runs.

import { view } from '../autograd.ts';
import { checkShape, format, type Shape, shapeError, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { reordered, Transposed } from './transpose.ts';

/** The same elements, row-major, in another shape; one size may be −1: it is what is left. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const whole = resolve(x, shape);
  return x instanceof Transposed ? reordered('reshape', x, whole) : view('reshape', x, whole);
}

/** [n, …] as a matrix [n, all the rest]; a layer's input from images. With `startAxis` more leading axes stay. */
export function flatten(x: Tensor, startAxis = 1): Tensor {
  if (!Number.isInteger(startAxis) || startAxis < 0 || startAxis > x.shape.length)
    throw shapeError('flatten', `a start axis from 0 to ${x.shape.length}`, String(startAxis));
  return reshape(x, [...x.shape.slice(0, startAxis), sizeOf(x.shape.slice(startAxis))]);
}

/** The same numbers as a constant: no gradient flows through it. */
export function detach(x: Tensor): Tensor {
  const from = x instanceof Transposed ? reordered('detach', x, x.shape) : x;
  return new Tensor(x.runtime, 'detach', x.shape, x.dtype, from.address, from.life);
}

function resolve(x: Tensor, shape: Shape): Shape {
  const given = Array.isArray(shape) ? shape.map((n) => (n === -1 ? 1 : n)) : shape;
  checkShape('reshape', given);
  const open = shape.indexOf(-1);
  const rest = sizeOf(given);
  const whole = open < 0 ? [...shape] : shape.map((n) => (n === -1 ? x.size / rest : n));
  if (shape.indexOf(-1, open + 1) > open && open >= 0)
    throw shapeError('reshape', 'at most one size −1', format(shape));
  if (sizeOf(whole) !== x.size || !whole.every(Number.isInteger))
    throw shapeError('reshape', `a shape of ${x.size} elements for a tensor ${format(x.shape)}`, format(shape));
  return whole;
}

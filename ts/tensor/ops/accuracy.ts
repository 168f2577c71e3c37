// Counting: the most probable class of each row, and how many of two lists agree. Neither has a gradient.

import { DownhillError } from '../../errors.ts';
import { apply } from '../autograd.ts';
import { format, sameShape, shapeError, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { expectDType, expectOperand } from './support.ts';

/** Index of the largest element along the last axis (dtype i32), the first of equal ones; the first NaN where there is one. */
export function argmax(x: Tensor): Tensor {
  expectDType('argmax', 'a tensor', x);
  const rank = x.shape.length;
  const cols = x.shape[rank - 1];
  if (rank === 0 || cols === 0) throw shapeError('argmax', 'at least one element along the last axis', format(x.shape));
  const shape = x.shape.slice(0, -1);
  const rows = sizeOf(shape);
  return apply('argmax', [x], shape, (out, k) => k.argmax(x.address, out, rows, cols), undefined, 'i32');
}

/** How many elements of two tensors of one shape are equal, bit for bit (dtype i32): predictions and labels. */
export function equalCount(x: Tensor, other: Tensor): Tensor {
  expectOperand('equalCount', 'a tensor', other, x.runtime, x.dtype);
  if (x.dtype === 'u8') throw new DownhillError('data', 'equalCount needs tensors of dtype i32 or f32: got u8');
  if (!sameShape(x.shape, other.shape))
    throw shapeError('equalCount', 'two tensors of one shape', `${format(x.shape)} and ${format(other.shape)}`);
  return apply(
    'equalCount',
    [x],
    [],
    (out, k) => k.count_equal(x.address, other.address, out, x.size),
    undefined,
    'i32',
  );
}

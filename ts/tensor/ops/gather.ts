// Rows chosen by index: an embedding, or the batch out of a data set, whose images may stay bytes.

import { DownhillError } from '../../errors.ts';
import { apply } from '../autograd.ts';
import { format, shapeError, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { expectIndices, expectOperand } from './support.ts';

/** Options of {@link gather}, for bytes. */
export interface GatherOptions {
  /** A byte is multiplied by this … Default 1; 1 / 255 brings pixels to 0 … 1. */
  readonly scale?: number;
  /** … and this is added. Default 0. */
  readonly offset?: number;
}

/**
 * Rows of x [n, …] by their indices (dtype i32, any shape): the result is [...indices.shape, ...]. Bytes become f32: byte · scale + offset.
 * Throws `data` for an index that is no row. The gradient of a row that is chosen twice is the sum of both.
 */
export function gather(x: Tensor, indices: Tensor, { scale = 1, offset = 0 }: GatherOptions = {}): Tensor {
  const op = 'gather';
  expectOperand(op, 'indices', indices, x.runtime, 'i32');
  if (x.shape.length === 0) throw shapeError(op, 'a tensor [n, …] to choose rows of', '[]');
  if (x.dtype !== 'u8' && (scale !== 1 || offset !== 0))
    throw new DownhillError(
      'option',
      `gather: scale and offset are for bytes (u8): got a tensor ${format(x.shape)} of ${x.dtype}`,
      {
        path: 'gather.scale',
      },
    );
  const [total, ...rest] = x.shape;
  const width = sizeOf(rest);
  const rows = indices.size;
  const shape = [...indices.shape, ...rest];
  expectIndices(op, 'indices', indices, total);
  if (x.dtype === 'u8') {
    return apply(op, [x], shape, (out, k) =>
      k.gather_rows_u8(x.address, indices.address, out, rows, width, total, x.runtime.numbers([scale, offset])),
    );
  }
  return apply(
    op,
    [x],
    shape,
    (out, k) => k.gather_rows(x.address, indices.address, out, rows, width, total),
    (dy, grads) => grads.into(x, (dx, k) => k.scatter_add_rows(dy, indices.address, dx, rows, width, total)),
    x.dtype,
  );
}

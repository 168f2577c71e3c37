// Softmax and its logarithm over one axis. The kernels take rows, so an axis that is not the last one is brought there.

import { apply } from '../autograd.ts';
import { axisOf, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { composed, expectDType } from './support.ts';
import { transpose } from './transpose.ts';

type Name = 'softmax' | 'log_softmax';

function overRows(op: string, kernel: Name, gradient: `${Name}_grad`, x: Tensor, axis: number): Tensor {
  expectDType(op, 'a tensor', x);
  const at = axisOf(op, axis, x.shape);
  const last = x.shape.length - 1;
  if (at !== last) {
    const exchanged = x.shape.map((_, i) => (i === at ? last : i === last ? at : i));
    return composed(op, x.runtime, () =>
      transpose(overRows(op, kernel, gradient, transpose(x, exchanged), last), exchanged),
    );
  }
  const cols = x.shape[last];
  const rows = sizeOf(x.shape.slice(0, -1));
  const y: Tensor = apply(
    op,
    [x],
    x.shape,
    (out, k) => k[kernel](x.address, out, rows, cols),
    (dy, grads) => grads.into(x, (dx, k) => k[gradient](y.address, dy, dx, rows, cols)),
  );
  return y;
}

/** exp(x) / Σ exp(x) along the axis: positive numbers with sum 1. Default: the last axis. */
export function softmax(x: Tensor, axis = -1): Tensor {
  return overRows('softmax', 'softmax', 'softmax_grad', x, axis);
}

/** The logarithm of {@link softmax}, also where that would be 0. Default: the last axis. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return overRows('logSoftmax', 'log_softmax', 'log_softmax_grad', x, axis);
}

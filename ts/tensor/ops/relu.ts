// relu(x) = max(x, 0) with its gradient.

import { apply } from '../autograd.ts';
import type { Tensor } from '../tensor.ts';

/** max(x, 0), element by element; NaN stays NaN. The gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  return apply('relu', [x], x.shape, (out, k) => k.relu(x.address, out, x.size), (dy, grads) =>
    grads.into(x, (dx, k) => k.relu_grad(x.address, dy, dx, x.size)),
  );
}

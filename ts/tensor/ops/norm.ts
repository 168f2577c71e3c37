// The Euclidean norm of a whole tensor.

import { apply } from '../autograd.ts';
import type { Tensor } from '../tensor.ts';
import { expectDType } from './support.ts';

/** 2⁻¹²⁶, the smallest f32 that is not subnormal: keeps the gradient of the norm at 0 from being 0 / 0. */
const SMALLEST = 1.1754943508222875e-38;

/** √(Σ x²) over all elements, without overflow on the way. The gradient is x / norm, and 0 where the norm is 0. */
export function norm(x: Tensor): Tensor {
  expectDType('norm', 'a tensor', x);
  const n = x.size;
  const y: Tensor = apply(
    'norm',
    [x],
    [],
    (out, k) => k.norm(x.address, out, n),
    (dy, grads) =>
      grads.into(x, (dx, k) => {
        const least = grads.temporary(1);
        k.maximum(y.address, x.runtime.numbers([SMALLEST]), least, 1, 1, 0, 1, 0, 1);
        k.div(x.address, least, dx, 1, n, 0, 1, 0, 0);
        k.mul(dx, dy, dx, 1, n, 0, 1, 0, 0);
      }),
  );
  return y;
}

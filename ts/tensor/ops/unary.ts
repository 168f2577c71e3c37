// The pattern of operations on one tensor, element by element: a kernel, and the kernel of its gradient, which reads the input or the
// output, whichever spares it work.

import { apply } from '../autograd.ts';
import type { Tensor } from '../tensor.ts';
import { expectDType } from './support.ts';

type Plain =
  | 'abs'
  | 'cos'
  | 'erf'
  | 'exp'
  | 'expm1'
  | 'gelu'
  | 'gelu_tanh'
  | 'log'
  | 'log1p'
  | 'reciprocal'
  | 'relu'
  | 'rsqrt'
  | 'selu'
  | 'sigmoid'
  | 'silu'
  | 'sin'
  | 'sqrt'
  | 'square'
  | 'tanh';
type WithNumbers = 'elu' | 'leaky_relu' | 'softplus';

/** y = kernel(x); the gradient kernel reads x. */
export function ofInput(op: string, x: Tensor, kernel: Plain, gradient: `${Plain}_grad`): Tensor {
  expectDType(op, 'a tensor', x);
  return apply(
    op,
    [x],
    x.shape,
    (out, k) => k[kernel](x.address, out, x.size),
    (dy, grads) => grads.into(x, (dx, k) => k[gradient](x.address, dy, dx, x.size)),
  );
}

/** y = kernel(x); the gradient kernel reads y. */
export function ofOutput(op: string, x: Tensor, kernel: Plain, gradient: `${Plain}_grad`): Tensor {
  expectDType(op, 'a tensor', x);
  const y: Tensor = apply(
    op,
    [x],
    x.shape,
    (out, k) => k[kernel](x.address, out, x.size),
    (dy, grads) => grads.into(x, (dx, k) => k[gradient](y.address, dy, dx, x.size)),
  );
  return y;
}

/** y = kernel(x, numbers); the gradient kernel reads x and the numbers. */
export function ofNumbers(
  op: string,
  x: Tensor,
  kernel: WithNumbers,
  gradient: `${WithNumbers}_grad`,
  numbers: readonly number[],
): Tensor {
  expectDType(op, 'a tensor', x);
  const { runtime } = x;
  return apply(
    op,
    [x],
    x.shape,
    (out, k) => k[kernel](x.address, out, x.size, runtime.numbers(numbers)),
    (dy, grads) => grads.into(x, (dx, k) => k[gradient](x.address, dy, dx, x.size, runtime.numbers(numbers))),
  );
}

// Reductions over all axes, one, or several: sum, mean, max, min, variance, standard deviation and the logarithm of a sum of
// exponentials. Axes that are not neighbours are brought together by a transposition first.

import type { Kernels } from '../../machine/machine.ts';
import { expectNames } from '../../options.ts';
import { apply } from '../autograd.ts';
import { axesOf, format, type Reduction, type Shape, shapeError, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { add, div, maximum, minimum, sub } from './arithmetic.ts';
import { exp, log, sqrt, square } from './elementwise.ts';
import { detach, reshape } from './reshape.ts';
import { composed, expectDType, moveStrided } from './support.ts';
import { transpose } from './transpose.ts';

/** One axis, several, or all when it is left out; −1 is the last. */
export type Axis = number | readonly number[];

/** Options of the reductions. */
export interface ReduceOptions {
  /** Keep the reduced axes, with size 1, so that the result broadcasts with the input. Default false. */
  readonly keepDims?: boolean;
}

interface Plan extends Reduction {
  /** The input with the reduced axes side by side. */
  readonly x: Tensor;
  readonly shape: Shape;
}

/** Calls `reduce` with the axes as the middle one of three. */
function overAxes(
  op: string,
  x: Tensor,
  axis: Axis | undefined,
  options: ReduceOptions | undefined,
  reduce: (plan: Plan) => Tensor,
): Tensor {
  expectDType(op, 'a tensor', x);
  expectNames(op, options, ['keepDims']);
  const axes = axesOf(op, axis, x.shape);
  const { length } = axes;
  const shape = reducedShape(x.shape, axes, options?.keepDims);
  const first = axes[0] ?? 0;
  const last = axes[length - 1] ?? -1;
  if (last - first === length - 1) {
    const outer = sizeOf(x.shape.slice(0, first));
    const n = sizeOf(x.shape.slice(first, last + 1));
    return reduce({ x, shape, outer, n, inner: sizeOf(x.shape.slice(last + 1)) });
  }
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const n = sizeOf(axes.map((i) => x.shape[i]));
  return composed(op, x.runtime, () =>
    reduce({ x: transpose(x, [...kept, ...axes]), shape, outer: sizeOf(shape), n, inner: 1 }),
  );
}

function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean | undefined): Shape {
  if (keepDims) return shape.map((n, i) => (axes.includes(i) ? 1 : n));
  return shape.filter((_, i) => !axes.includes(i));
}

/** Sum over the axes. */
export function sum(x: Tensor, axis?: Axis, options?: ReduceOptions): Tensor {
  return overAxes('sum', x, axis, options, ({ x, shape, outer, n, inner }) =>
    apply(
      'sum',
      [x],
      shape,
      (out, k) => k.sum(x.address, out, outer, n, inner),
      (dy, grads) =>
        grads.into(x, (dx, k) => {
          if (outer * inner === 1) k.fill(dx, n, dy);
          else moveStrided(k, 'copy_strided', dy, dx, [outer, n, inner], [inner, 0, 1]);
        }),
    ),
  );
}

/** Mean over the axes. Throws `shape` when there is nothing to take the mean of. */
export function mean(x: Tensor, axis?: Axis, options?: ReduceOptions): Tensor {
  return overAxes('mean', x, axis, options, (plan) => {
    const { x, shape, outer, n, inner } = plan;
    expectSome('mean', x, n);
    return apply(
      'mean',
      [x],
      shape,
      (out, k) => k.mean(x.address, out, outer, n, inner),
      (dy, grads) => grads.into(x, (dx, k) => spread(plan, dy, dx, k, (size) => grads.temporary(size))),
    );
  });
}

/** dx[o, i, j] = dy[o, j] / n */
function spread(
  { x, outer, n, inner }: Plan,
  dy: number,
  dx: number,
  k: Kernels,
  temporary: (size: number) => number,
): void {
  const count = x.runtime.numbers([n]);
  if (inner === 1) k.div(dy, count, dx, outer, n, 1, 0, 0, 0);
  else if (outer === 1) k.div(dy, count, dx, n, inner, 0, 1, 0, 0);
  else {
    const share = temporary(outer * inner);
    k.div(dy, count, share, 1, outer * inner, 0, 1, 0, 0);
    moveStrided(k, 'copy_strided', share, dx, [outer, n, inner], [inner, 0, 1]);
  }
}

/** Largest element over the axes; NaN wins. Equal ones share the gradient evenly. Throws `shape` for an empty axis. */
export function max(x: Tensor, axis?: Axis, options?: ReduceOptions): Tensor {
  return overAxes('max', x, axis, options, (plan) => extremum('max', plan));
}

/** Smallest element over the axes; NaN wins. Equal ones share the gradient evenly. Throws `shape` for an empty axis. */
export function min(x: Tensor, axis?: Axis, options?: ReduceOptions): Tensor {
  return overAxes('min', x, axis, options, (plan) => extremum('min', plan));
}

function extremum(op: 'max' | 'min', { x, shape, outer, n, inner }: Plan): Tensor {
  expectSome(op, x, n);
  const y: Tensor = apply(
    op,
    [x],
    shape,
    (out, k) => k[op](x.address, out, outer, n, inner),
    (dy, grads) => grads.into(x, (dx, k) => k.extremum_grad(x.address, y.address, dy, dx, outer, n, inner)),
  );
  return y;
}

/** Options of {@link variance} and {@link std}. */
export interface VarianceOptions extends ReduceOptions {
  /** Subtracted from the number of elements before dividing: 1 estimates a population's variance, 0 is the data's own. Default 1. */
  readonly correction?: number;
}

/** Variance over the axes: Σ (x − mean)² / (n − correction), in two passes. */
export function variance(x: Tensor, axis?: Axis, options: VarianceOptions = {}): Tensor {
  expectNames('variance', options, ['keepDims', 'correction']);
  const { keepDims = false, correction = 1 } = options;
  const axes = axesOf('variance', axis, x.shape);
  const n = sizeOf(axes.map((i) => x.shape[i]));
  if (n <= correction) throw shapeError('variance', `more than ${correction} elements`, `${n} in ${format(x.shape)}`);
  return composed('variance', x.runtime, () => {
    const squares = square(sub(x, mean(x, axes, { keepDims: true })));
    return correction === 0 ? mean(squares, axes, { keepDims }) : div(sum(squares, axes, { keepDims }), n - correction);
  });
}

/** Standard deviation over the axes: the root of {@link variance}. */
export function std(x: Tensor, axis?: Axis, options: VarianceOptions = {}): Tensor {
  return composed('std', x.runtime, () => sqrt(variance(x, axis, options)));
}

/** log Σ exp(x) over the axes, without overflow; −∞ and ∞ give themselves. */
export function logSumExp(x: Tensor, axis?: Axis, options: ReduceOptions = {}): Tensor {
  expectNames('logSumExp', options, ['keepDims']);
  const { keepDims = false } = options;
  const axes = axesOf('logSumExp', axis, x.shape);
  return composed('logSumExp', x.runtime, () => {
    const most = detach(max(x, axes, { keepDims: true }));
    const finite = minimum(maximum(most, -LARGEST), LARGEST); // ∞ − ∞ would be NaN
    const total = add(log(sum(exp(sub(x, finite)), axes, { keepDims: true })), finite);
    return keepDims ? total : reshape(total, reducedShape(x.shape, axes, false));
  });
}

/** The largest f32. */
const LARGEST = 3.4028234663852886e38;

function expectSome(op: string, x: Tensor, n: number): void {
  if (n === 0) throw shapeError(op, 'at least one element', format(x.shape));
}

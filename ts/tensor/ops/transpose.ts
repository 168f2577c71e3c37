// Transposition. Inside a scope it is a view that costs nothing until something needs the numbers in their new order: `matmul` does not,
// it reads the original with exchanged strides.

import type { Life, Runtime } from '../../engine/runtime.ts';
import { DownhillError } from '../../errors.ts';
import { apply, view } from '../autograd.ts';
import { axisOf, format, type Shape, shapeError, strides } from '../shape.ts';
import { bytesOf, Tensor } from '../tensor.ts';
import { expectRank, moveStrided } from './support.ts';

/** A tensor seen with its axes in another order. Axis i is axis `axes[i]` of `base`. */
export class Transposed extends Tensor {
  readonly base: Tensor;
  readonly axes: readonly number[];
  #copy: { readonly address: number; readonly life: Life; readonly writes: number } | undefined;

  constructor(runtime: Runtime, base: Tensor, axes: readonly number[], life: Life) {
    super(runtime, 'transpose', permuted(base.shape, axes), base.dtype, 0, life);
    this.base = base;
    this.axes = axes;
  }

  /** Address of the numbers in their new order, which are copied at the first call in a scope, and when they may have changed. */
  override get address(): number {
    void super.address; // throws when the scope of the view has ended
    const { runtime } = this;
    if (this.#copy?.life.alive !== true || this.#copy.writes !== runtime.writes) {
      const { address, life } = runtime.allocate(this.size * bytesOf(this.dtype), 'transpose');
      copyTransposed(this.base, this.axes, address);
      this.#copy = { address, life, writes: runtime.writes };
    }
    return this.#copy.address;
  }

  override set(): this {
    throw new DownhillError(
      'state',
      `set() on a transposed view ${format(this.shape)}: set the original, ${this.base.op}`,
    );
  }

  /** The original, when only the last two axes are exchanged: a matrix product reads that as it lies. */
  get matrix(): Tensor | undefined {
    const rank = this.axes.length;
    const swapped = (axis: number, i: number): boolean => axis === (i < rank - 2 ? i : 2 * rank - 3 - i);
    return rank >= 2 && this.axes.every(swapped) ? this.base : undefined;
  }
}

/** The numbers in their new order under another shape, as a tensor of the innermost scope. */
export function reordered(op: string, x: Transposed, shape: Shape): Tensor {
  const { base, axes } = x;
  const run = (out: number): void => copyTransposed(base, axes, out);
  return apply(op, [base], shape, run, (dy, grads) => grads.into(base, (dx) => copyBack(base, axes, dy, dx)), x.dtype);
}

/** A tensor of the same numbers that can be disposed without disposing x. */
export function same(op: string, x: Tensor): Tensor {
  return x instanceof Transposed ? x : view(op, x, x.shape);
}

const permuted = (shape: Shape, axes: readonly number[]): Shape => axes.map((axis) => shape[axis]);

function copyTransposed(x: Tensor, axes: readonly number[], out: number): void {
  moveStrided(
    x.runtime.kernels,
    'copy_strided',
    x.address,
    out,
    permuted(x.shape, axes),
    permuted(strides(x.shape), axes),
  );
}

/** Writes the numbers at `dy`, in the order of the axes, back in the order of the original. */
function copyBack(x: Tensor, axes: readonly number[], dy: number, dx: number): void {
  const inverse = axes.map((_, i) => axes.indexOf(i));
  const own = strides(permuted(x.shape, axes));
  moveStrided(x.runtime.kernels, 'copy_strided', dy, dx, x.shape, permuted(own, inverse));
}

/** The axes in another order: axis i of the result is axis `axes[i]` of x. Without `axes` their order is reversed. */
export function transpose(x: Tensor, axes?: readonly number[]): Tensor {
  if (x.dtype === 'u8')
    throw new DownhillError('data', 'transpose needs a tensor of dtype f32 or i32: got u8; gather() makes it f32');
  const rank = x.shape.length;
  if (axes !== undefined) expectRank('transpose', 'axes', axes, rank);
  const order =
    axes === undefined ? x.shape.map((_, i) => rank - 1 - i) : axes.map((axis) => axisOf('transpose', axis, x.shape));
  if (new Set(order).size !== rank) throw shapeError('transpose', 'each axis once', `axes ${format(axes ?? order)}`);
  if (order.every((axis, i) => axis === i)) return same('transpose', x);
  if (x instanceof Transposed) return transpose(x.base, permuted(x.axes, order));
  const { runtime } = x;
  const { scope } = runtime;
  // Outside every scope nothing says how long a later copy would live, so it is made now.
  if (scope === undefined)
    return apply(
      'transpose',
      [x],
      permuted(x.shape, order),
      (out) => copyTransposed(x, order, out),
      undefined,
      x.dtype,
    );
  const out = new Transposed(runtime, x, order, scope);
  if (x.requiresGrad) {
    out.node = {
      output: out,
      inputs: [x],
      backward: (dy, grads) => grads.into(x, (dx) => copyBack(x, order, dy, dx)),
      index: runtime.tape.length,
      dy: 0,
    };
    runtime.tape.push(out.node);
  }
  return out;
}

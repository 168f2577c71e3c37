// Losses from logits or predictions. A loss is one kernel call for rows or elements and one that reduces them; its gradient is one
// call, with the share of each row folded into the number that comes back.

import { DownhillError } from '../../errors.ts';
import type { Kernels } from '../../machine/machine.ts';
import { expectNames } from '../../options.ts';
import { apply, type Gradients } from '../autograd.ts';
import { format, type Shape, sameShape, shapeError, sizeOf } from '../shape.ts';
import { expectTensor, type Tensor } from '../tensor.ts';
import { reshape } from './reshape.ts';
import { composed, expectDType, expectIndices, expectOperand, withScratch } from './support.ts';
import { transpose } from './transpose.ts';

/** How the losses of rows or elements become the result: their mean, their sum, or themselves. */
export type Reduction = 'mean' | 'sum' | 'none';

/** Options of the losses. */
export interface LossOptions {
  /** Default `'mean'`. */
  readonly reduction?: Reduction;
}

/** `each` writes n losses; the result is their mean, their sum, or they themselves in `shape`. */
function reduced(
  op: string,
  x: Tensor,
  inputs: readonly Tensor[],
  options: LossOptions,
  shape: Shape,
  each: (losses: number, k: Kernels) => void,
  backward: (dy: number, step: number, grads: Gradients) => void,
): Tensor {
  expectNames(op, options, ['reduction']);
  const { reduction = 'mean' } = options;
  const n = sizeOf(shape);
  if (reduction === 'none') return apply(op, inputs, shape, each, (dy, grads) => backward(dy, 1, grads));
  if (reduction !== 'mean' && reduction !== 'sum')
    throw new DownhillError('option', `${op}: reduction must be 'mean', 'sum' or 'none': got ${String(reduction)}`, {
      path: `${op}.reduction`,
    });
  if (n === 0 && reduction === 'mean') throw shapeError(op, 'at least one row', format(x.shape));
  return apply(
    op,
    inputs,
    [],
    (out, k) =>
      withScratch(x.runtime, n, (losses) => {
        each(losses, k);
        k[reduction](losses, out, 1, n, 1);
      }),
    (dy, grads, k) => {
      if (reduction === 'sum') return backward(dy, 0, grads);
      const share = grads.temporary(1);
      k.div(dy, x.runtime.numbers([n]), share, 1, 1, 0, 1, 0, 1);
      backward(share, 0, grads);
    },
  );
}

/**
 * Cross-entropy of softmax(x) with the target. x [n, classes], or [classes], or [n, classes, d₁, …]; the target holds class indices (dtype i32,
 * x's shape without the classes) or probabilities (f32, x's shape), and is a
 * constant. Throws `data` for an index that is no class.
 */
export function crossEntropy(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const op = 'crossEntropy';
  expectDType(op, 'logits', x);
  const rank = x.shape.length;
  if (rank === 0) throw shapeError(op, 'logits [n, classes]', '[]');
  expectTensor(op, target, x.runtime);
  const indexed = target.dtype === 'i32';
  expectOperand(op, indexed ? 'class indices' : 'probabilities', target, x.runtime, indexed ? 'i32' : 'f32');
  const rowShape = x.shape.filter((_, i) => i !== (rank === 1 ? 0 : 1));
  const wanted = indexed ? rowShape : x.shape;
  if (!sameShape(target.shape, wanted)) {
    const kind = indexed ? 'class indices (i32)' : 'probabilities (f32; class indices have dtype i32)';
    throw shapeError(op, `a target ${format(wanted)} of ${kind} for logits ${format(x.shape)}`, format(target.shape));
  }
  if (rank > 2) {
    const classesLast = [0, ...x.shape.map((_, i) => i).slice(2), 1];
    const rows = (t: Tensor): Tensor => reshape(transpose(t, classesLast), [-1, x.shape[1]]);
    return composed(op, x.runtime, () => {
      const loss = crossEntropy(rows(x), indexed ? reshape(target, [target.size]) : rows(target), options);
      return options.reduction === 'none' ? reshape(loss, rowShape) : loss;
    });
  }
  const cols = x.shape[rank - 1];
  const rows = sizeOf(rowShape);
  if (indexed) {
    expectIndices(op, 'class indices', target, cols);
    return reduced(
      op,
      x,
      [x],
      options,
      rowShape,
      (losses, k) => k.cross_entropy(x.address, target.address, losses, rows, cols),
      (dy, step, grads) =>
        grads.into(x, (dx, k) => k.cross_entropy_grad(x.address, target.address, dy, dx, rows, cols, step)),
    );
  }
  return reduced(
    op,
    x,
    [x],
    options,
    rowShape,
    (losses, k) => k.cross_entropy_rows(x.address, target.address, losses, rows, cols),
    (dy, step, grads) =>
      grads.into(x, (dx, k) => k.cross_entropy_rows_grad(x.address, target.address, dy, dx, rows, cols, step)),
  );
}

/** Throws unless prediction and target have one shape. */
function expectSame(op: string, x: Tensor, target: Tensor): void {
  expectDType(op, 'a prediction', x);
  expectOperand(op, 'a target', target, x.runtime);
  if (!sameShape(x.shape, target.shape))
    throw shapeError(
      op,
      `a target of the prediction's shape ${format(x.shape)}; reshape() one of them`,
      format(target.shape),
    );
}

/** Binary cross-entropy of sigmoid(x) with the target, numbers in 0 … 1 of x's shape; exact for large |x|. The target is a constant. */
export function sigmoidCrossEntropy(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  expectSame('sigmoidCrossEntropy', x, target);
  const n = x.size;
  return reduced(
    'sigmoidCrossEntropy',
    x,
    [x],
    options,
    x.shape,
    (losses, k) => k.sigmoid_cross_entropy(x.address, target.address, losses, n),
    (dy, step, grads) =>
      grads.into(x, (dx, k) => k.sigmoid_cross_entropy_grad(x.address, target.address, dy, dx, n, step)),
  );
}

/** (x − target)², element by element, reduced. Gradients flow to both. */
export function meanSquaredError(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  expectSame('meanSquaredError', x, target);
  const n = x.size;
  return reduced(
    'meanSquaredError',
    x,
    [x, target],
    options,
    x.shape,
    (losses, k) => k.squared_error(x.address, target.address, losses, n),
    (dy, step, grads) => {
      grads.into(x, (dx, k) => k.squared_error_grad(x.address, target.address, dy, dx, n, step));
      grads.into(target, (dx, k) => k.squared_error_grad(target.address, x.address, dy, dx, n, step));
    },
  );
}

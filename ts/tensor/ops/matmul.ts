// The matrix product, of vectors, matrices and batches of matrices, and the linear layer's x·Wᵀ + b. Nothing is ever transposed in
// memory: the kernel takes the strides of either side, and so do the gradients.

import type { Kernels } from '../../machine/machine.ts';
import { matmulScratch } from '../../machine/reference/tensor/matmul.ts';
import { apply } from '../autograd.ts';
import { broadcast, format, type Shape, shapeError, sizeOf, stridesIn } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { expectDType, expectOperand, sumInto, withScratch } from './support.ts';
import { Transposed } from './transpose.ts';

/** One side of a product: the tensor whose numbers are read, and how. */
interface Side {
  readonly x: Tensor;
  /** Sizes of the leading axes. */
  readonly batch: Shape;
  readonly rows: number;
  readonly cols: number;
  readonly rowStride: number;
  readonly colStride: number;
  /** Whether the matrix lies in memory with its axes exchanged. */
  readonly turned: boolean;
}

function side(x: Tensor, transposed: boolean, isLeft: boolean): Side {
  const stored = x instanceof Transposed ? (x.matrix ?? x) : x;
  const rank = x.shape.length;
  if (rank === 1) {
    const n = x.shape[0];
    const [rows, cols] = isLeft ? [1, n] : [n, 1];
    return { x, batch: [], rows, cols, rowStride: cols, colStride: 1, turned: false };
  }
  const turned = transposed !== (stored !== x);
  const [outer, inner] = stored.shape.slice(-2);
  return {
    x: stored,
    batch: stored.shape.slice(0, -2),
    rows: turned ? inner : outer,
    cols: turned ? outer : inner,
    rowStride: turned ? 1 : inner,
    colStride: turned ? inner : 1,
    turned,
  };
}

/** A matrix at an address. */
type Matrix = readonly [address: number, rowStride: number, colStride: number];

function product(
  k: Kernels,
  [a, aRow, aCol]: Matrix,
  [b, bRow, bCol]: Matrix,
  out: number,
  mnk: readonly [number, number, number],
  scratch: number,
): void {
  k.matmul(a, b, out, mnk[0], mnk[1], mnk[2], aRow, aCol, bRow, bCol, scratch);
}

/** Options of {@link matmul}. */
export interface MatmulOptions {
  /** Take the last two axes of the first matrix exchanged. Default false. */
  readonly transposeA?: boolean;
  /** Take the last two axes of the second matrix exchanged. Default false. */
  readonly transposeB?: boolean;
}

/**
 * Matrix product over the last two axes: [m, k] · [k, n] is [m, n]. Leading axes broadcast; a vector [k] counts as a row on the left and as a
 * column on the right, and its axis of size 1 is dropped from the result. Matrices that come from `transpose()` are not copied.
 */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions = {}): Tensor {
  expectDType('matmul', 'a tensor', a);
  expectOperand('matmul', 'a tensor', b, a.runtime);
  if (a.shape.length === 0 || b.shape.length === 0)
    throw shapeError(
      'matmul',
      'vectors or matrices; mul() multiplies by a number',
      `${format(a.shape)} and ${format(b.shape)}`,
    );
  const left = side(a, transposeA, true);
  const right = side(b, transposeB, false);
  if (left.cols !== right.rows) throw mismatch(a, b, left, right);
  const batch = broadcast('matmul', left.batch, right.batch);
  const shape = [...batch, ...(a.shape.length > 1 ? [left.rows] : []), ...(b.shape.length > 1 ? [right.cols] : [])];
  // Rows of a batch that meet one matrix are rows of one large matrix.
  const joined = right.batch.length === 0 && !left.turned && a.shape.length > 2;
  return joined
    ? multiply({ ...left, batch: [], rows: sizeOf(left.batch) * left.rows }, right, [], shape)
    : multiply(left, right, batch, shape);
}

function mismatch(a: Tensor, b: Tensor, left: Side, right: Side): Error {
  const hint =
    left.cols === right.cols && b.shape.length > 1
      ? '; transpose the second: x.matmul(w.transpose())'
      : `; the inner sizes are ${left.cols} and ${right.rows}`;
  return shapeError('matmul', '[…, m, k] and […, k, n]', `${format(a.shape)} and ${format(b.shape)}${hint}`);
}

function multiply(a: Side, b: Side, batch: Shape, shape: Shape): Tensor {
  const [m, n, k] = [a.rows, b.cols, a.cols];
  const { runtime } = a.x;
  const count = sizeOf(batch);
  const [aSteps, bSteps] = count === 1 ? [[0], [0]] : [offsets(a.batch, batch, m * k), offsets(b.batch, batch, k * n)];
  const aMatrix = (i: number): Matrix => [a.x.address + aSteps[i], a.rowStride, a.colStride];
  const bMatrix = (i: number): Matrix => [b.x.address + bSteps[i], b.rowStride, b.colStride];
  const flip = ([address, row, col]: Matrix): Matrix => [address, col, row];
  return apply(
    'matmul',
    [a.x, b.x],
    shape,
    (out, kernels) =>
      withScratch(runtime, matmulScratch(m, n, k), (scratch) => {
        for (let i = 0; i < count; i++)
          product(kernels, aMatrix(i), bMatrix(i), out + 4 * i * m * n, [m, n, k], scratch);
      }),
    (dy, grads) => {
      const dyMatrix = (i: number): Matrix => [dy + 4 * i * m * n, n, 1];
      const each = (
        x: Side,
        size: number,
        mnk: readonly [number, number, number],
        factors: (i: number) => readonly [Matrix, Matrix],
      ): void =>
        grads.into(x.x, (dx, kernels) => {
          const stretched = sizeOf(x.batch) !== count;
          const to = stretched ? grads.temporary(count * size) : dx;
          const words = matmulScratch(...mnk);
          const scratch = words === 0 ? 0 : grads.temporary(words);
          for (let i = 0; i < count; i++) {
            const [first, second] = factors(i);
            product(kernels, first, second, to + 4 * i * size, mnk, scratch);
          }
          if (stretched) sumInto(kernels, to, [...batch, size], dx, [...x.batch, size], (n) => grads.temporary(n));
        });
      // dA = dY·Bᵀ and dB = Aᵀ·dY, or their transposes where the side lies turned in memory.
      if (a.turned) each(a, k * m, [k, m, n], (i) => [bMatrix(i), flip(dyMatrix(i))]);
      else each(a, m * k, [m, k, n], (i) => [dyMatrix(i), flip(bMatrix(i))]);
      if (b.turned) each(b, n * k, [n, k, m], (i) => [flip(dyMatrix(i)), aMatrix(i)]);
      else each(b, k * n, [k, n, m], (i) => [flip(aMatrix(i)), dyMatrix(i)]);
    },
  );
}

/** Where the matrix of each element of the broadcast batch begins, in bytes. */
function offsets(own: Shape, batch: Shape, size: number): number[] {
  let at = [0];
  stridesIn(own, batch).forEach((stride, axis) => {
    at = at.flatMap((start) => Array.from({ length: batch[axis] }, (_, i) => start + 4 * size * stride * i));
  });
  return at;
}

/**
 * x·Wᵀ + b: x [..., in], weight [out, in], bias [out] or left out; the result is [..., out]. One product, and the bias added in place.
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const { runtime } = x;
  expectDType('linear', 'a tensor', x);
  expectOperand('linear', 'a weight', weight, runtime);
  if (bias !== undefined) expectOperand('linear', 'a bias', bias, runtime);
  const [cols, inner] = weight.shape;
  const rank = x.shape.length;
  if (weight.shape.length !== 2 || rank === 0 || x.shape[rank - 1] !== inner)
    throw shapeError('linear', 'x [..., in] and a weight [out, in]', `${format(x.shape)} and ${format(weight.shape)}`);
  if (bias !== undefined && (bias.shape.length !== 1 || bias.size !== cols))
    throw shapeError(
      'linear',
      `a bias [${cols}], one number per row of the weight ${format(weight.shape)}`,
      format(bias.shape),
    );
  const shape = [...x.shape.slice(0, -1), cols];
  const rows = sizeOf(shape) / (cols || 1);
  return apply(
    'linear',
    bias === undefined ? [x, weight] : [x, weight, bias],
    shape,
    (out, k) => {
      withScratch(runtime, matmulScratch(rows, cols, inner), (scratch) =>
        k.matmul(x.address, weight.address, out, rows, cols, inner, inner, 1, 1, inner, scratch),
      );
      if (bias !== undefined) k.add_bias(out, bias.address, out, rows, cols);
    },
    (dy, grads) => {
      grads.into(x, (dx, k) => {
        const scratch = grads.temporary(matmulScratch(rows, inner, cols));
        k.matmul(dy, weight.address, dx, rows, inner, cols, cols, 1, inner, 1, scratch);
      });
      grads.into(weight, (dx, k) => {
        const scratch = grads.temporary(matmulScratch(cols, inner, rows));
        k.matmul(dy, x.address, dx, cols, inner, rows, 1, cols, inner, 1, scratch);
      });
      if (bias !== undefined) grads.into(bias, (dx, k) => k.sum(dy, dx, 1, rows, cols));
    },
  );
}

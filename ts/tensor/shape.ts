// Shapes: sizes, broadcasting, and how a broadcast becomes the rows and strides that kernels take. Shape mistakes are found here,
// once, with a message that names the operation.

import { DownhillError, show } from '../errors.ts';

/** Sizes of the axes, outermost first; `[]` is a single number. */
export type Shape = readonly number[];

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i];
  return size;
}

/** `[2, 3]` as text. */
export const format = (shape: Shape): string => `[${shape.join(', ')}]`;

/** Throws `shape` with the operation, what it needs and what it got. */
export function shapeError(op: string, expected: string, received: string): DownhillError {
  return new DownhillError('shape', `${op} needs ${expected}: got ${received}`, { path: op, expected, received });
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The shape of `a ∘ b` under broadcasting (NumPy's rule: align at the last axis; 1 stretches). */
export function broadcast(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let i = 0; i < rank; i++) {
    const [m, n] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (m !== n && m !== 1 && n !== 1) {
      throw shapeError(
        op,
        'shapes that broadcast (aligned at the last axis, sizes are equal or 1); reshape() or transpose() one of them',
        `${format(a)} and ${format(b)}`,
      );
    }
    out.push(m === 1 ? n : m);
  }
  return out;
}

/** Row-major strides in elements. */
export function strides(shape: Shape): number[] {
  const out = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    out[i] = step;
    step *= shape[i];
  }
  return out;
}

/** Strides of `shape` seen as `target` (which it broadcasts to): 0 where it stretches. */
export function stridesIn(shape: Shape, target: Shape): number[] {
  const own = strides(shape);
  const shift = target.length - shape.length;
  return target.map((_, i) => (i < shift || shape[i - shift] === 1 ? 0 : own[i - shift]));
}

/** A walk over tensors in step: `sizes[i]` steps of `strides[k][i]` elements in tensor k, outermost first. */
export interface Walk {
  readonly sizes: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** The same walk in as few axes as possible: axes of size 1 go, neighbours that every tensor passes in one stride become one. */
export function merge({ sizes, strides: given }: Walk): Walk {
  const outSizes: number[] = [];
  const out: number[][] = given.map(() => []);
  for (let i = sizes.length - 1; i >= 0; i--) {
    if (sizes[i] === 1) continue;
    const last = outSizes.length - 1;
    if (last >= 0 && given.every((own, k) => own[i] === out[k][last] * outSizes[last])) outSizes[last] *= sizes[i];
    else {
      outSizes.push(sizes[i]);
      given.forEach((own, k) => {
        out[k].push(own[i]);
      });
    }
  }
  return { sizes: outSizes.reverse(), strides: out.map((own) => own.reverse()) };
}

/** A broadcast as the arithmetic kernels take it: a matrix, with each operand's strides. */
export interface Pairing {
  readonly rows: number;
  readonly cols: number;
  readonly aRow: number;
  readonly aCol: number;
  readonly bRow: number;
  readonly bCol: number;
}

/** Whether `shape` ends with all of `tail`: broadcasting then repeats `tail` as the rows of a matrix. */
function endsWith(shape: Shape, tail: Shape): boolean {
  const shift = shape.length - tail.length;
  if (shift < 0) return false;
  for (let i = 0; i < tail.length; i++) if (tail[i] !== shape[i + shift]) return false;
  return true;
}

/** The pairing of two operands in `target`, or undefined when they alternate too often for two axes. */
export function pairingOf(a: Shape, b: Shape, target: Shape): Pairing | undefined {
  if (sameShape(a, target) && endsWith(a, b)) {
    // The common case, a row on every row, without the search for axes.
    const cols = sizeOf(b);
    if (cols !== 0 && cols !== 1) return { rows: sizeOf(a) / cols, cols, aRow: cols, aCol: 1, bRow: 0, bCol: 1 };
  }
  const { sizes, strides: own } = merge({ sizes: target, strides: [stridesIn(a, target), stridesIn(b, target)] });
  if (sizes.length > 2) return undefined;
  const inner = sizes.length - 1;
  if (inner < 0) return { rows: 1, cols: 1, aRow: 0, aCol: 1, bRow: 0, bCol: 1 };
  const two = inner === 1;
  return {
    rows: two ? sizes[0] : 1,
    cols: sizes[inner],
    aRow: two ? own[0][0] : 0,
    aCol: own[0][inner],
    bRow: two ? own[1][0] : 0,
    bCol: own[1][inner],
  };
}

/** One reduction as the kernels take it: [outer, n, inner] becomes [outer, inner]. */
export interface Reduction {
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
}

/** The sums that bring a tensor of shape `from` back to `to`, which broadcasts to it; outermost first. */
export function sumsTo(from: Shape, to: Shape): Reduction[] {
  const cols = sizeOf(to);
  if (cols !== 0 && endsWith(from, to)) {
    const n = sizeOf(from) / cols;
    return n === 1 ? [] : [{ outer: 1, n, inner: cols }];
  }
  const { sizes, strides: own } = merge({ sizes: from, strides: [stridesIn(to, from)] });
  const left = [...sizes];
  const steps: Reduction[] = [];
  for (let i = 0; i < left.length; i++) {
    if (own[0][i] !== 0) continue;
    steps.push({ outer: sizeOf(left.slice(0, i)), n: left[i], inner: sizeOf(left.slice(i + 1)) });
    left[i] = 1;
  }
  return steps;
}

/** An axis counted from the front; −1 is the last. Throws `shape` when there is no such axis. */
export function axisOf(op: string, axis: number, shape: Shape): number {
  if (typeof axis !== 'number') throw shapeError(op, 'an axis, a whole number', show(axis));
  const at = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || at < 0 || at >= shape.length) {
    const expected =
      shape.length === 0
        ? 'no axis: the tensor is a single number'
        : `an axis from ${-shape.length} to ${shape.length - 1}`;
    throw shapeError(op, expected, `axis ${axis} of a tensor ${format(shape)}`);
  }
  return at;
}

/** Axes counted from the front, ascending; undefined is every axis. Throws `shape` for an axis that is missing or named twice. */
export function axesOf(op: string, axis: number | readonly number[] | undefined, shape: Shape): number[] {
  if (axis === undefined) return shape.map((_, i) => i);
  if (typeof axis === 'number') return [axisOf(op, axis, shape)];
  if (!Array.isArray(axis)) throw shapeError(op, 'an axis or a list of axes', show(axis));
  const axes = axis.map((one) => axisOf(op, one, shape)).sort((a, b) => a - b);
  if (axes.some((one, i) => one === axes[i + 1])) throw shapeError(op, 'each axis once', `axes ${format(axis)}`);
  return axes;
}

/** More elements than any memory has room for; sizes stay whole and exact far beyond. */
const MOST_ELEMENTS = 4_294_967_296;

/** Checks that every size is a whole number ≥ 0, and that what is not 0 of them does not multiply to more than can be counted. */
export function checkShape(op: string, shape: Shape): void {
  if (!Array.isArray(shape) || !shape.every((n) => Number.isInteger(n) && n >= 0))
    throw shapeError(op, 'a shape of whole numbers ≥ 0', Array.isArray(shape) ? format(shape) : typeof shape);
  if (sizeOf(shape.filter((n) => n !== 0)) > MOST_ELEMENTS)
    throw shapeError(op, 'a shape of at most 2³² elements', format(shape));
}

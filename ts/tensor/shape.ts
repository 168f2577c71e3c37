// Shapes: sizes, broadcasting, and how a broadcast becomes the rows and strides that kernels take. Shape mistakes are found here,
// once, with a message that names the operation.

import { DownhillError } from '../errors.ts';

/** Sizes of the axes, outermost first; `[]` is a single number. */
export type Shape = readonly number[];

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** `[2, 3]` as text. */
export const format = (shape: Shape): string => `[${shape.join(', ')}]`;

/** Throws `shape` with the operation, what it needs and what it got. */
export function shapeError(op: string, expected: string, received: string): DownhillError {
  return new DownhillError('shape', `${op} needs ${expected}: got ${received}`, { path: op, expected, received });
}

export function sameShape(a: Shape, b: Shape): boolean {
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
      throw shapeError(op, 'shapes that broadcast (equal axes, or 1, aligned at the last)', `${format(a)} and ${format(b)}`);
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

/** An axis counted from the front; −1 is the last. Throws `shape` when there is no such axis. */
export function axisOf(op: string, axis: number, shape: Shape): number {
  const at = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || at < 0 || at >= shape.length) {
    throw shapeError(op, `an axis from ${-shape.length} to ${shape.length - 1}`, `axis ${axis} of a tensor ${format(shape)}`);
  }
  return at;
}

/** Checks that every size is a whole number ≥ 0. */
export function checkShape(op: string, shape: Shape): void {
  if (!Array.isArray(shape) || !shape.every((n) => Number.isInteger(n) && n >= 0))
    throw shapeError(op, 'a shape of whole numbers ≥ 0', Array.isArray(shape) ? format(shape) : typeof shape);
}

// Where descents begin, in every form that a user may give it: one point, a list of points, or flat numbers.

import { DownhillError, show } from '../errors.ts';
import type { Point } from './surface.ts';

/** One start, several, or `[n, 2]` as flat numbers. */
export type Starts = Point | readonly Point[] | Float32Array;

/** The starts as `[n, 2]`, a copy. Throws `data`, naming the caller. */
export function flatStarts(owner: string, given: unknown): Float32Array {
  const flat = numbersOf(owner, given);
  flat.forEach((value, i) => {
    if (Number.isFinite(value)) return;
    throw bad(owner, 'finite f32 numbers', `${show(value)} in start ${i >>> 1}`);
  });
  return flat;
}

function numbersOf(owner: string, given: unknown): Float32Array {
  if (given instanceof Float32Array) {
    if (given.length > 0 && given.length % 2 === 0) return given.slice();
    throw bad(owner, 'x and y of at least one point', `a Float32Array of ${given.length} numbers`);
  }
  const expected = 'a point [x, y], a list of points, or a Float32Array of x, y, x, y, …';
  if (!Array.isArray(given) || given.length === 0) throw bad(owner, expected, show(given));
  const points: readonly unknown[] = typeof given[0] === 'number' ? [given] : given;
  return Float32Array.from(
    points.flatMap((point, i) => {
      if (isPoint(point)) return point;
      throw bad(owner, expected, points.length === 1 ? show(given) : `${show(point)} as start ${i}`);
    }),
  );
}

const isPoint = (x: unknown): x is number[] =>
  Array.isArray(x) && x.length === 2 && x.every((value) => typeof value === 'number');

function bad(owner: string, expected: string, received: string): DownhillError {
  return new DownhillError('data', `${owner}: starts must be ${expected}: got ${received}`, {
    path: 'starts',
    expected,
    received,
  });
}

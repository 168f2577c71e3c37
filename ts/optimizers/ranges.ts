// Groups as ranges of one array: checked, and completed by a last group of what no range covers.

import { DownhillError, show } from '../errors.ts';
import type { OptimizerDescription } from './rules.ts';
import type { Piece } from './target.ts';

/** Elements `begin` to before `end` with options of their own; what is not given here comes from the description. */
export type RangeGroup = { readonly range: readonly [begin: number, end: number] } & OptimizerDescription['options'];

/** A group before its options are checked. */
export interface GroupSource {
  readonly options: object;
  readonly range: readonly [number, number] | undefined;
  readonly pieces: readonly Piece[];
}

/** Groups of an array of `length` elements. Without ranges one group has them all. */
export function rangeGroups(length: number, ranges: readonly RangeGroup[] | undefined): GroupSource[] {
  const whole: Piece = { name: '0', shape: [length], offset: 0, size: length, parameter: undefined };
  if (ranges === undefined) return [{ options: {}, range: undefined, pieces: [whole] }];
  if (!Array.isArray(ranges)) throw fault('groups', 'a list [{ range: [begin, end], … }, …]', show(ranges));
  const groups = ranges.map((given: unknown, i): GroupSource & { readonly range: readonly [number, number] } => {
    const path = `groups[${i}].range`;
    if (typeof given !== 'object' || given === null || !('range' in given))
      throw fault(`groups[${i}]`, 'an object { range: [begin, end], … }', show(given));
    const { range, ...options } = given;
    if (!isRange(range) || range[1] > length)
      throw fault(path, `[begin, end] with whole numbers 0 ≤ begin < end ≤ ${length}`, show(range));
    return { options, range, pieces: [part(range[0], range[1])] };
  });
  const sorted = [...groups].sort((a, b) => a.range[0] - b.range[0]);
  const rest: Piece[] = [];
  let covered = 0;
  for (const { range } of sorted) {
    if (range[0] < covered) throw fault('groups', 'ranges that do not overlap', `element ${range[0]} in two of them`);
    if (range[0] > covered) rest.push(part(covered, range[0]));
    covered = range[1];
  }
  if (covered < length) rest.push(part(covered, length));
  return rest.length === 0 ? groups : [...groups, { options: {}, range: undefined, pieces: rest }];
}

const part = (begin: number, end: number): Piece => ({
  name: `${begin}`,
  shape: [end - begin],
  offset: begin,
  size: end - begin,
  parameter: undefined,
});

const isRange = (x: unknown): x is readonly [number, number] =>
  Array.isArray(x) && x.length === 2 && x.every(Number.isInteger) && x[0] >= 0 && x[0] < x[1];

function fault(path: string, expected: string, received: string): DownhillError {
  return new DownhillError('option', `optimizer: ${path} must be ${expected}: got ${received}`, {
    path,
    expected,
    received,
  });
}

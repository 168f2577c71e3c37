// Options that schedules have in common, with their bounds and one line of meaning each.

import { DownhillError, show } from '../errors.ts';
import { type CheckedOption, LARGEST_F32, type NumberOption, type OptionSpec } from '../options.ts';
import { notSchedule } from './schedule.ts';

/** A value of the schedule: a learning rate, a momentum, a weight decay. */
export const rate = (text: string, value?: number): NumberOption => ({
  type: 'number',
  ...(value === undefined ? {} : { default: value }),
  min: 0,
  max: LARGEST_F32,
  text,
});

/** A number of steps, at least one. */
export const stepCount = (text: string, value?: number): NumberOption => ({
  type: 'integer',
  ...(value === undefined ? {} : { default: value }),
  min: 1,
  text,
});

/** A number of metrics, which may be none. */
export const count = (text: string, value: number): NumberOption => ({ type: 'integer', default: value, min: 0, text });

/** What something is multiplied by again and again; above 1 it grows, up to the largest f32. */
export const factor = (text: string, value?: number): NumberOption => ({ ...rate(text, value), above: 0 });

export const staircase: OptionSpec = {
  type: 'boolean',
  default: false,
  text: 'change once every `every` steps instead of a little at each',
};

/** How the curve goes from one value to the next. */
export const interpolation = (value: string, ...others: string[]): OptionSpec => ({
  type: 'choice',
  values: ['cosine', 'linear', ...others],
  default: value,
  text: 'the curve between two values',
});

/** Steps at which something changes, in ascending order. */
export const ascending = (text: string): CheckedOption => ({
  type: 'checked',
  text,
  check: (value, path) => {
    const good = (x: unknown, i: number, all: readonly unknown[]): boolean =>
      typeof x === 'number' && Number.isSafeInteger(x) && x >= 1 && (i === 0 || x > Number(all[i - 1]));
    expectList(value, good, 'whole numbers ≥ 1, each larger than the one before', path);
  },
});

/** A list of values. */
export const rates = (text: string): CheckedOption => ({
  type: 'checked',
  text,
  check: (value, path) => {
    const good = (x: unknown): boolean => typeof x === 'number' && x >= 0 && x <= LARGEST_F32;
    expectList(value, good, 'finite numbers ≥ 0', path);
  },
});

/** A schedule inside another, or a number for a constant; what more it must be is checked where the list is known. */
export const held = (text: string): CheckedOption => ({
  type: 'checked',
  text,
  check: (value, path) => {
    if (Array.isArray(value)) throw notSchedule(value, path);
  },
});

/** A list of schedules and numbers. */
export const heldList = (text: string): CheckedOption => ({
  type: 'checked',
  text,
  check: (value, path) => expectList(value, () => true, 'schedules and numbers, one or more', path),
});

/** Throws `option` unless `value` is a list that is not empty, and every element of it is good. */
function expectList(
  value: unknown,
  good: (element: unknown, index: number, all: readonly unknown[]) => boolean,
  elements: string,
  path: string,
): void {
  if (Array.isArray(value) && value.length > 0 && Array.from(value).every(good)) return; // holes count
  const expected = `a list of ${elements}`;
  const received = Array.isArray(value) ? `[${value.map((x) => show(x)).join(', ')}]` : show(value);
  throw new DownhillError('option', `${path} must be ${expected}: got ${received}`, { path, expected, received });
}

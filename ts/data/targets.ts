// Turns what a user has as targets into class labels or rows of numbers, as the loss wants them.

import { show } from '../errors.ts';
import type { TargetRule } from '../losses/loss.ts';
import { format, sizeOf } from '../tensor/shape.ts';
import { dataError, expectFiniteRows, expectNoBigInts, isNumberArray, type Rows, readRows } from './rows.ts';

/** Checked targets: one label a row, or rows of numbers. */
export type TargetValues =
  | { readonly kind: 'classes'; readonly values: Int32Array }
  | { readonly kind: 'values'; readonly values: Float32Array };

/** How far the probabilities of a row may be from 1 in sum: what f32 and a few decimals in a file come to. */
const SUM_TOLERANCE = 1e-3;

/** Reads the targets of `rows` examples. Throws `data` for labels out of range, lengths that differ, and numbers that are not finite. */
export function readTargets(y: Rows, rows: number, rule: TargetRule, path = 'y'): TargetValues {
  const { classes, values: wanted } = rule;
  if (y === undefined)
    throw dataError(
      path,
      `x came without ${path}: load() and fit() need targets beside the examples, load({ x, y }); predict(x) takes examples alone`,
      'targets',
      'undefined',
    );
  expectNoBigInts(y, path);
  if (typeof y !== 'object' || y === null || (!Array.isArray(y) && !isNumberArray(y)))
    throw dataError(path, `${path} must be a typed array or an array of numbers: got ${show(y)}`, 'numbers', show(y));
  if (classes !== undefined && isLabels(y)) return { kind: 'classes', values: readLabels(y, rows, classes, path) };
  if (wanted === undefined) throw dataError(path, `${path} must be one label a row`, 'labels', show(y));
  const size = sizeOf(wanted.shape);
  const place = { path, size, reason: `the model's outputs are ${format(wanted.shape)}` };
  const read = readRows(y, place);
  if (read.rows !== rows) throw lengths(path, read.rows, rows, 'rows');
  expectFiniteRows(read, place);
  const values = read.values instanceof Float32Array ? read.values : Float32Array.from(read.values);
  expectBounds(values, wanted, size, path);
  return { kind: 'values', values };

  /** One number a row: a list of numbers, or a typed array, that is not as long as rows of probabilities would be. */
  function isLabels(data: Rows): data is readonly number[] {
    const flat = isNumberArray(data) || (Array.isArray(data) && (data.length === 0 || typeof data[0] === 'number'));
    return flat && (wanted === undefined || (data as readonly number[]).length !== rows * sizeOf(wanted.shape));
  }
}

const lengths = (path: string, got: number, rows: number, what: string): Error =>
  dataError(
    path,
    `x has ${rows} rows and ${path} has ${got} ${what}: they must be as many`,
    `${rows} ${what}`,
    String(got),
  );

function readLabels(y: ArrayLike<number>, rows: number, classes: number, path: string): Int32Array {
  if (y.length !== rows) throw lengths(path, y.length, rows, 'labels');
  const labels = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const label = y[i];
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw dataError(
        `${path}[${i}]`,
        `${path}[${i}] is ${show(label)}: labels of a model with ${classes} outputs are whole numbers from 0 to ${classes - 1}`,
        `a whole number from 0 to ${classes - 1}`,
        show(label),
      );
    }
    labels[i] = label;
  }
  return labels;
}

function expectBounds(
  values: Float32Array,
  wanted: NonNullable<TargetRule['values']>,
  size: number,
  path: string,
): void {
  const { min = -Infinity, max = Infinity, distribution } = wanted;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const [row, column] = [Math.floor(i / size), i % size];
    const place = `${path}[${row}]${size === 1 ? '' : `[${column}]`}`;
    if (values[i] < min || values[i] > max)
      throw dataError(
        place,
        `${place} is ${values[i]}: targets of this loss are from ${min} to ${max}`,
        `${min} to ${max}`,
        String(values[i]),
      );
    sum = column === 0 ? values[i] : sum + values[i];
    if (distribution && column === size - 1 && Math.abs(sum - 1) > SUM_TOLERANCE)
      throw dataError(
        `${path}[${row}]`,
        `${path}[${row}] sums to ${sum}: the probabilities of a row must sum to 1`,
        '1',
        String(sum),
      );
  }
}

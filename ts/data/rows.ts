// Turns what a user has, typed arrays, lists of them, nested numbers, into rows of one length. Every mistake in it is found here and named by
// its row and column.

import { DownhillError, show } from '../errors.ts';
import type { Nested } from '../tensor/data.ts';

/** Typed arrays that hold numbers. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** Rows of numbers: one typed array, a list of typed arrays, or nested numbers. */
export type Rows = NumberArray | readonly NumberArray[] | Nested;

/** Rows one after the other. Bytes stay bytes. */
export interface FlatRows {
  readonly values: Float32Array | Uint8Array;
  readonly rows: number;
}

/** What the rows are, for messages. */
export interface RowRule {
  /** `x`, `y`. */
  readonly path: string;
  /** Numbers a row. */
  readonly size: number;
  /** Why a row has that many: `the model takes [784]`. */
  readonly reason: string;
}

/** Throws `data` naming a place. */
export function dataError(path: string, message: string, expected: string, received: string): DownhillError {
  return new DownhillError('data', message, { path, expected, received });
}

export const isNumberArray = (data: unknown): data is NumberArray =>
  ArrayBuffer.isView(data) && !(data instanceof DataView) && typeof (data as NumberArray)[0] !== 'bigint';

/** Throws `data` for typed arrays of BigInts, which are what other libraries have labels in. */
export function expectNoBigInts(data: unknown, path: string): void {
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return;
  const { name } = data.constructor;
  throw dataError(path, `${path} is a ${name}: give numbers, Int32Array.from(${path}, Number)`, 'numbers', name);
}

/** Reads rows of `rule.size` numbers; copies nothing when `data` is one Float32Array or Uint8Array. Throws `data`. */
export function readRows(data: Rows, rule: RowRule): FlatRows {
  const { path, size } = rule;
  if (isNumberArray(data)) return { values: flatValues(data), rows: countRows(data.length, rule) };
  expectNoBigInts(data, path);
  if (!Array.isArray(data))
    throw dataError(
      path,
      `${path} must be a typed array, a list of typed arrays, or nested numbers: got ${show(data)}`,
      'numbers',
      show(data),
    );
  const list: readonly (NumberArray | Nested)[] = data;
  if (list.length > 0 && list.every((row) => typeof row === 'number'))
    return { values: Float32Array.from(list), rows: countRows(list.length, rule) };
  const bytes = list.length > 0 && list.every((row) => row instanceof Uint8Array || row instanceof Uint8ClampedArray);
  const values = bytes ? new Uint8Array(list.length * size) : new Float32Array(list.length * size);
  for (let i = 0; i < list.length; i++) {
    // not forEach: it would pass over a hole, and leave a row of zeros
    const row = list[i];
    const at = i * size;
    const length = isNumberArray(row)
      ? writeTyped(row, values, at, size)
      : writeNested(row, values, at, at + size, `${path}[${i}]`) - at;
    if (length !== size) throw rowLength(rule, i, length);
  }
  if (list.length === 0) throw noRows(path);
  return { values, rows: list.length };
}

function flatValues(data: NumberArray): Float32Array | Uint8Array {
  if (data instanceof Float32Array || data instanceof Uint8Array) return data;
  if (data instanceof Uint8ClampedArray) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  return Float32Array.from(data);
}

function countRows(length: number, rule: RowRule): number {
  const { path, size, reason } = rule;
  if (length === 0) throw noRows(path);
  if (length % size === 0) return length / size;
  throw dataError(
    path,
    `${path} has ${length} numbers, which are not whole rows of ${size}: ${reason}`,
    `a multiple of ${size} numbers`,
    String(length),
  );
}

const noRows = (path: string): DownhillError =>
  dataError(path, `${path} is empty: it needs at least one row`, 'one row or more', '0');

function rowLength({ path, size, reason }: RowRule, row: number, length: number): DownhillError {
  return dataError(
    `${path}[${row}]`,
    `rows must have one length: ${path}[${row}] has ${length} numbers, and a row needs ${size} (${reason})`,
    `${size} numbers`,
    String(length),
  );
}

/** Copies a typed row when it has the right length; returns its length. */
function writeTyped(row: NumberArray, values: Float32Array | Uint8Array, at: number, size: number): number {
  if (row.length === size) values.set(row, at);
  return row.length;
}

/** Writes the numbers of a nested row, depth first, none of them at `end` or beyond; returns where the next would stand. */
function writeNested(data: unknown, values: Float32Array | Uint8Array, at: number, end: number, path: string): number {
  if (typeof data === 'number') {
    if (at < end) values[at] = data;
    return at + 1;
  }
  if (!Array.isArray(data) && !isNumberArray(data))
    throw dataError(path, `${path} must be a number or an array of numbers: got ${show(data)}`, 'numbers', show(data));
  let next = at;
  for (let i = 0; i < data.length; i++) next = writeNested(data[i], values, next, end, `${path}[${i}]`);
  return next;
}

/** Throws `data` with row and column when a number is NaN or infinite (as f32). */
export function expectFiniteRows({ values }: FlatRows, { path, size }: RowRule): void {
  if (values instanceof Uint8Array) return;
  for (let i = 0; i < values.length; i++) {
    if (values[i] - values[i] === 0) continue;
    const [row, column] = [Math.floor(i / size), i % size];
    const place = size === 1 ? `row ${row}` : `row ${row}, column ${column}`;
    throw dataError(
      size === 1 ? `${path}[${row}]` : `${path}[${row}][${column}]`,
      `${path} has ${values[i]} in ${place}: every number must be finite as f32`,
      'finite numbers',
      String(values[i]),
    );
  }
}

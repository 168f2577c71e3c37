// Turns what a user has, typed arrays and nested numbers, into values with a shape and a type; every mistake in it is found here and named by
// its place (`x[3][17]`).

import type { Runtime } from '../engine/runtime.ts';
import { DownhillError, show } from '../errors.ts';
import { expectNames } from '../options.ts';
import { checkShape, format, type Shape, sizeOf } from './shape.ts';
import type { ArrayOf, DType } from './tensor.ts';

/** Nested arrays of numbers, rows of equal length: `[[1, 2], [3, 4]]`. */
export type Nested = number | readonly Nested[] | Float32Array | Int32Array | Uint8Array;

/** Numbers from outside: a typed array (flat, or shaped by an option), or nested arrays. */
export type TensorData = Uint32Array | Nested;

/** Values in row-major order. */
export interface ShapedValues {
  readonly values: ArrayOf[DType];
  readonly shape: Shape;
  readonly dtype: DType;
}

/** How the numbers are to be read. */
export interface DataOptions {
  /** Shape; the sizes must multiply to the number of elements. Default: the nesting, or flat. */
  readonly shape?: Shape | undefined;
  /** Type of the elements. Default: the typed array's own, f32 for numbers. */
  readonly dtype?: DType | undefined;
}

/** `data`, copied when it is a view of the engine's own memory: growth would detach it before it is read. */
export function keptData<D>(runtime: Runtime, data: D | Float32Array): D | Float32Array {
  return data instanceof Float32Array && data.buffer === runtime.machine.memory.f32.buffer ? data.slice() : data;
}

/** Checks and copies nothing when `data` is a typed array of the wanted type. Throws `data` naming `path` and the index. */
export function toTensorData(path: string, data: TensorData, options: DataOptions = {}): ShapedValues {
  expectNames(path, options, ['shape', 'dtype']);
  const { shape, dtype } = options;
  if (dtype !== undefined && dtype !== 'f32' && dtype !== 'i32' && dtype !== 'u8') {
    const expected = "'f32', 'i32' or 'u8'";
    throw new DownhillError('option', `${path}: dtype must be ${expected}: got ${show(dtype)}`, {
      path: `${path}.dtype`,
      expected,
      received: show(dtype),
    });
  }
  const own = ArrayBuffer.isView(data) ? fromTyped(path, data) : fromNested(path, data);
  const wanted = dtype ?? own.dtype;
  const values = own.dtype === wanted ? own.values : convert(path, own.values, wanted);
  if (shape === undefined) return { values, shape: own.shape, dtype: wanted };
  checkShape(path, shape);
  if (sizeOf(shape) !== values.length) {
    throw new DownhillError(
      'shape',
      `${path} has ${values.length} elements, and the shape ${format(shape)} needs ${sizeOf(shape)}`,
      {
        path,
        expected: `${sizeOf(shape)} elements`,
        received: `${values.length}`,
      },
    );
  }
  return { values, shape, dtype: wanted };
}

function fromTyped(path: string, data: ArrayBufferView): ShapedValues {
  if (data instanceof Float32Array) return { values: data, shape: [data.length], dtype: 'f32' };
  if (data instanceof Int32Array) return { values: data, shape: [data.length], dtype: 'i32' };
  if (data instanceof Uint32Array)
    return { values: new Int32Array(data.buffer, data.byteOffset, data.length), shape: [data.length], dtype: 'i32' };
  if (data instanceof Uint8Array) return { values: data, shape: [data.length], dtype: 'u8' };
  throw new DownhillError(
    'data',
    `${path} must be a Float32Array, Int32Array, Uint8Array or nested numbers: got ${show(data)}; convert it with Float32Array.from(…)`,
    { path },
  );
}

const isRow = (level: Nested): level is Exclude<Nested, number> => Array.isArray(level) || ArrayBuffer.isView(level);

function fromNested(path: string, data: Nested): ShapedValues {
  const shape: number[] = [];
  for (let level: Nested = data; isRow(level); level = level[0]) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const values = new Float32Array(sizeOf(shape));
  let at = 0;
  const walk = (level: Nested, depth: number, where: string): void => {
    if (depth === shape.length) {
      if (typeof level !== 'number')
        throw new DownhillError('data', `${where} must be a number: got ${show(level)}`, { path: where });
      values[at++] = level;
      return;
    }
    if (!isRow(level))
      throw new DownhillError('data', `${where} must be an array of ${shape[depth]}: got ${show(level)}`, {
        path: where,
      });
    const row = level;
    if (row.length !== shape[depth]) {
      throw new DownhillError(
        'data',
        `rows must have one length: ${where} has ${row.length} elements, the first has ${shape[depth]}`,
        {
          path: where,
          expected: `${shape[depth]} elements`,
          received: `${row.length}`,
        },
      );
    }
    for (let i = 0; i < row.length; i++) walk(row[i], depth + 1, `${where}[${i}]`);
  };
  walk(data, 0, path);
  return { values, shape, dtype: 'f32' };
}

function convert(path: string, values: ArrayOf[DType], dtype: DType): ArrayOf[DType] {
  if (dtype === 'f32') return Float32Array.from(values);
  const [low, high] = dtype === 'u8' ? [0, 255] : [-2147483648, 2147483647];
  const bad = values.findIndex((x) => !Number.isInteger(x) || x < low || x > high);
  if (bad >= 0) {
    throw new DownhillError(
      'data',
      `${path}[${bad}] must be a whole number from ${low} to ${high} to be ${dtype}: got ${values[bad]}`,
      {
        path: `${path}[${bad}]`,
        expected: `a whole number from ${low} to ${high}`,
        received: String(values[bad]),
      },
    );
  }
  return dtype === 'u8' ? Uint8Array.from(values) : Int32Array.from(values);
}

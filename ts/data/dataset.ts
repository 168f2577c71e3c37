// Examples in the engine's memory: copied there once, so a batch is nothing but a list of row numbers. Images stay bytes until they are
// gathered.

import type { Runtime, Storage } from '../engine/runtime.ts';
import { DownhillError, show } from '../errors.ts';
import type { TargetRule } from '../losses/loss.ts';
import { resolveOptions } from '../options.ts';
import { format, type Shape, sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { expectFiniteRows, type Rows, readRows } from './rows.ts';
import { readTargets } from './targets.ts';

/** How bytes become numbers: byte · scale + offset. */
export interface ByteScale {
  readonly scale: number;
  readonly offset: number;
}

/** Examples and their targets, from outside. */
export interface DataInput {
  /**
   * One row an example: a typed array of rows one after the other, a list of typed arrays, or nested numbers. A Uint8Array stays bytes;
   * everything else becomes f32 and must be finite.
   */
  readonly x: Rows;
  /** Class labels from 0 (crossEntropy), or numbers in the shape of the model's outputs. */
  readonly y: Rows;
  /** For bytes: each is multiplied by this … Default 1; 1 / 255 brings pixels to 0 … 1. */
  readonly scale?: number;
  /** … and this is added. Default 0. */
  readonly offset?: number;
}

/** Examples without targets, for prediction. */
export type PredictInput = Omit<DataInput, 'y'>;

/** A batch as tensors: x [rows, …input] of f32, targets [rows] of i32 or [rows, …output] of f32. */
export interface Batch {
  readonly x: Tensor;
  readonly targets: Tensor;
}

const scaleOptions = {
  scale: { type: 'number', optional: true, text: 'factor of bytes' },
  offset: { type: 'number', optional: true, text: 'added to scaled bytes' },
} as const;
const any = { type: 'checked', check: () => {}, text: 'rows' } as const;

/** Rows of numbers that are checked and not yet in the engine's memory. */
export interface CheckedRows {
  readonly values: Float32Array | Uint8Array;
  readonly rows: number;
  /** Set when the values are bytes. */
  readonly bytes: ByteScale | undefined;
}

/** Checks examples for a model that takes `input`. Throws `data` or `option`. `standard` is how bytes are scaled when nothing is said. */
export function checkExamples(
  data: PredictInput,
  input: Shape,
  standard: ByteScale = { scale: 1, offset: 0 },
  path = 'x',
): CheckedRows {
  const { scale, offset } = data;
  const rule = { path, size: sizeOf(input), reason: `the model takes ${format(input)}` };
  const read = readRows(data.x, rule);
  expectFiniteRows(read, rule);
  if (read.values instanceof Uint8Array)
    return { ...read, bytes: { scale: scale ?? standard.scale, offset: offset ?? standard.offset } };
  if (scale !== undefined || offset !== undefined)
    throw new DownhillError(
      'option',
      'scale and offset are for bytes: give x as a Uint8Array, or scale the numbers yourself',
      { path: 'scale' },
    );
  return { ...read, bytes: undefined };
}

/** Examples as an object, whichever way they were given. Throws `option` for unknown names beside `x` and numbers that are none. */
export function toPredictInput(given: PredictInput['x'] | PredictInput): PredictInput {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || ArrayBuffer.isView(given))
    return { x: given as Rows };
  const input = given as PredictInput;
  resolveOptions<PredictInput>(input, { x: any, ...scaleOptions }, { owner: 'predict', path: '' });
  return input;
}

/** Examples in one engine's memory. */
export class Dataset {
  /** Number of examples. */
  readonly rows: number;
  readonly bytes: ByteScale | undefined;
  readonly #runtime: Runtime;
  readonly #x: Tensor;
  readonly #targets: Tensor;

  /** Copies `data` for a model from `input` shapes to targets of the `rule`. Throws `data`, `option` or `memory`. */
  constructor(runtime: Runtime, data: DataInput, input: Shape, rule: TargetRule) {
    if (typeof data !== 'object' || data === null || Array.isArray(data) || ArrayBuffer.isView(data))
      throw new DownhillError('option', `data must be an object { x, y } of examples and targets: got ${show(data)}`, {
        path: 'data',
      });
    resolveOptions<DataInput>(data, { x: any, y: any, ...scaleOptions }, { owner: 'data', path: '' });
    const examples = checkExamples(data, input);
    const targets = readTargets(data.y, examples.rows, rule);
    this.#runtime = runtime;
    this.rows = examples.rows;
    this.bytes = examples.bytes;
    const dtype = examples.bytes === undefined ? 'f32' : 'u8';
    this.#x = this.#store(examples.values, [this.rows, ...input], dtype, 'examples of a data set');
    try {
      this.#targets =
        targets.kind === 'classes'
          ? this.#store(targets.values, [this.rows], 'i32', 'labels of a data set')
          : this.#store(targets.values, [this.rows, ...(rule.values?.shape ?? [])], 'f32', 'targets of a data set');
    } catch (error) {
      this.#x.dispose();
      throw error;
    }
  }

  /** Whether the targets are class labels. */
  get labelled(): boolean {
    return this.#targets.dtype === 'i32';
  }

  /** The rows that `indices` [n] (i32) names, as tensors of the open scope. */
  batch(indices: Tensor): Batch {
    return { x: this.#x.gather(indices, this.bytes), targets: this.#targets.gather(indices) };
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#x.dispose();
    this.#targets.dispose();
  }

  #store(
    values: Float32Array | Int32Array | Uint8Array,
    shape: Shape,
    dtype: 'f32' | 'i32' | 'u8',
    owner: string,
  ): Tensor {
    const { address, life, block }: Storage = this.#runtime.allocateBlock(values.byteLength, owner);
    return new Tensor(this.#runtime, owner, shape, dtype, address, life, block).set(values);
  }
}

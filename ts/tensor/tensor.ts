// The tensor: a place in the engine's memory with a shape and a type. Its operations are the functions of `ops/`, which become methods;
// this class knows only where the numbers lie, whether they are still there, and how to read and write them.

import type { Block } from '../engine/heap.ts';
import type { Life, Runtime } from '../engine/runtime.ts';
import { DownhillError, show } from '../errors.ts';
import type { Node } from './autograd.ts';
import type * as ops from './ops/index.ts';
import { format, type Shape, sizeOf } from './shape.ts';

/** The type of a tensor's elements: 4-byte numbers, 4-byte whole numbers, bytes. */
export type DType = 'f32' | 'i32' | 'u8';

/** Typed array of each dtype. */
export interface ArrayOf {
  f32: Float32Array;
  i32: Int32Array;
  u8: Uint8Array;
}

/** Bytes of one element. */
export const bytesOf = (dtype: DType): number => (dtype === 'u8' ? 1 : 4);

/** Functions of a tensor as its methods: the first argument becomes `this`. */
type Methods<F> = {
  readonly [K in keyof F]: F[K] extends (x: Tensor, ...rest: infer R) => infer O ? (...rest: R) => O : never;
};

/** The operations of `downhill/ops` as methods: `x.matmul(w).add(b).relu()`. */
export interface Tensor extends Methods<typeof ops> {}

/**
 * Numbers in an engine's memory, row-major. Made by `engine.tensor`, `engine.parameter`, or an operation. Operations
 * are methods; they give a new tensor, broadcast as NumPy does, and throw `shape` with both shapes when these do not
 * fit.
 *
 * @example
 * ```js
 * import { createEngine } from 'downhill';
 * const engine = await createEngine();
 * const x = engine.tensor([[1, 2, 3], [4, 5, 6]]);
 * const y = x.sub(x.mean(1, { keepDims: true })).relu();
 * console.log(y.shape, y.read()); // [ 2, 3 ] Float32Array(6) [ 0, 0, 1, 0, 0, 1 ]
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: methods.ts puts the operations on the prototype, and a test compares the two
export class Tensor {
  /** @internal */
  readonly runtime: Runtime;
  /** Sizes of the axes, outermost first. */
  readonly shape: Shape;
  /** Type of the elements. */
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  /** What made it, as messages name it: an operation, or a parameter's name. */
  readonly op: string;
  /** @internal The tape's node that computed this tensor. */
  node: Node | undefined = undefined;
  /** @internal */
  readonly life: Life;
  readonly #address: number;
  readonly #block: Block | undefined;

  /** @internal Tensors are made by the engine and by operations. */
  constructor(runtime: Runtime, op: string, shape: Shape, dtype: DType, address: number, life: Life, block?: Block) {
    this.runtime = runtime;
    this.op = op;
    this.shape = shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
    this.life = life;
    this.#address = address;
    this.#block = block;
  }

  /** Byte address in the machine's memory. Throws `stale` or `disposed` when the memory is no longer the tensor's. */
  get address(): number {
    if (!this.life.alive) throw this.#gone();
    return this.#address;
  }

  /** Whether gradients flow to or through this tensor. */
  get requiresGrad(): boolean {
    return this.node !== undefined;
  }

  /**
   * A copy of the elements, row-major, in the typed array of the dtype. Throws `stale` or `disposed` when the memory is no
   * longer the tensor's, and `compile` in a compiled function: the value would freeze.
   */
  read(): ArrayOf[DType] {
    this.#outsideRecording('read()');
    const at = this.address; // first: the address of a transposed view may grow the memory
    const { f32, u32, u8 } = this.runtime.machine.memory;
    if (this.dtype === 'u8') return u8.slice(at, at + this.size);
    const start = at >>> 2;
    if (this.dtype === 'f32') return f32.slice(start, start + this.size);
    return new Int32Array(u32.slice(start, start + this.size).buffer);
  }

  /** The one element of a tensor of size 1. Throws `shape` for another size, and what {@link read} throws. */
  item(): number {
    this.#outsideRecording('item()');
    if (this.size !== 1)
      throw new DownhillError(
        'shape',
        `item() needs a tensor with one element: ${this.op} has shape ${format(this.shape)}; use read()`,
      );
    const at = this.address; // first: the address of a transposed view may grow the memory
    const { f32, u32, u8 } = this.runtime.machine.memory;
    return this.dtype === 'f32' ? f32[at >>> 2] : this.dtype === 'i32' ? u32[at >>> 2] | 0 : u8[at];
  }

  /** Overwrites the elements with `values` (row-major, as many as `size`). Throws `data` for another number, and what {@link read} throws. */
  set(values: ArrayLike<number>): this {
    this.#outsideRecording('set()');
    expectList(`set() on ${this.op}`, values);
    if (values.length !== this.size)
      throw new DownhillError(
        'data',
        `set() on ${this.op} ${format(this.shape)} needs ${this.size} values: got ${values.length}`,
      );
    this.runtime.writes++;
    const at = this.address;
    const { f32, u32, u8 } = this.runtime.machine.memory;
    if (this.dtype === 'f32') f32.set(values, at >>> 2);
    else if (this.dtype === 'i32') u32.set(values, at >>> 2);
    else u8.set(values, at);
    return this;
  }

  /** Frees the memory. Only tensors made outside every scope own theirs; for others the scope's end does it. */
  dispose(): void {
    if (this.#block !== undefined) this.runtime.heap.free(this.#block);
  }

  /** `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  toString(): string {
    return `Tensor(${this.op}, ${this.dtype}, ${format(this.shape)})`;
  }

  #outsideRecording(call: string): void {
    this.runtime.check();
    if (this.runtime.recorder === undefined) return;
    throw new DownhillError(
      'compile',
      `${call} of ${this.op} inside a compiled function: its value would freeze into the program. Return the tensor and read it outside`,
    );
  }

  #gone(): DownhillError {
    if (this.#block !== undefined)
      return new DownhillError('disposed', `this tensor (${this.op}, ${format(this.shape)}) was disposed`);
    return new DownhillError(
      'stale',
      `this tensor (${this.op}, ${format(this.shape)}) belongs to a scope or compiled run that has ended: ` +
        'read it inside, or make the tensor outside every scope to keep it',
    );
  }
}

/** Throws `option` unless `x` is a tensor of this engine. */
export function expectTensor(op: string, x: unknown, runtime: Runtime): asserts x is Tensor {
  if (!(x instanceof Tensor)) {
    const numbers = Array.isArray(x) || ArrayBuffer.isView(x);
    const hint = numbers ? '; make it one with engine.tensor(…)' : '';
    throw new DownhillError('option', `${op} needs a tensor: got ${show(x)}${hint}`, { path: op });
  }
  if (x.runtime !== runtime)
    throw new DownhillError('option', `${op} got tensors of two engines: make both with the same engine`, { path: op });
}

/** Throws `data` unless `values` is an array or a typed array. */
export function expectList(call: string, values: unknown): void {
  if (Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView))) return;
  throw new DownhillError('data', `${call} needs an array of numbers: got ${show(values)}`, { path: 'values' });
}

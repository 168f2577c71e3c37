// Numbers in the machine's memory without shape or tape: what an optimizer moves when the gradient is computed elsewhere.

import type { Life, Runtime, Storage } from '../engine/runtime.ts';
import { DownhillError, show } from '../errors.ts';
import { expectList } from './tensor.ts';

/**
 * A flat array of f32 in an engine's memory. Made by `engine.array(n)`; until it is disposed nothing else lies there.
 *
 * @example
 * ```js
 * import { createEngine } from 'downhill';
 * const engine = await createEngine();
 * const points = engine.array(Float32Array.of(1, 2, 3));
 * points.array[0] = 7; // take .array anew whenever something may have allocated
 * points.set([8, 9], 1);
 * console.log(points.read().join(' ')); // 7 8 9
 * ```
 */
export class EngineArray {
  /** @internal */
  readonly runtime: Runtime;
  readonly #owner: string;
  #storage: Storage;
  #length: number;

  /** @internal `values`: how many zeros, or numbers to copy. */
  constructor(runtime: Runtime, values: number | Float32Array, owner = 'engine array') {
    const length = typeof values === 'number' ? values : values instanceof Float32Array ? values.length : Number.NaN;
    if (!Number.isInteger(length) || length < 0) {
      const expected = 'a length (a whole number ≥ 0) or a Float32Array to copy';
      const hint =
        Array.isArray(values) || ArrayBuffer.isView(values) ? '; make it one with Float32Array.from(values)' : '';
      throw new DownhillError('option', `engine.array() needs ${expected}: got ${show(values)}${hint}`, {
        path: 'array',
        expected,
        received: show(values),
      });
    }
    this.runtime = runtime;
    this.#owner = owner;
    this.#length = length;
    this.#storage = runtime.allocateBlock(length * 4, owner);
    if (typeof values === 'number') this.#view().fill(0);
    else this.#view().set(values);
  }

  /** Number of elements. */
  get length(): number {
    return this.#length;
  }

  /**
   * The elements themselves: what is written here is what the optimizer sees. A fresh view at each access; take it anew after anything that
   * may allocate, because the memory moves when it grows: a view kept from before is then detached, and writes to it vanish.
   */
  get array(): Float32Array {
    this.#outsideRecording('.array');
    return this.#view();
  }

  /** Overwrites elements from `offset` on with `values`. Throws `data` when they reach beyond the end. */
  set(values: ArrayLike<number>, offset = 0): this {
    this.#outsideRecording('set()');
    expectList('set() on an engine array', values);
    if (!Number.isInteger(offset) || offset < 0 || offset + values.length > this.#length) {
      const given = offset === 0 ? `${values.length} values` : `${values.length} values from ${show(offset)} on`;
      throw new DownhillError('data', `set() on an engine array of ${this.#length} elements got ${given}`, {
        path: 'values',
        expected: `values within ${this.#length} elements`,
        received: `${values.length}`,
      });
    }
    this.#view().set(values, offset);
    return this;
  }

  /** A copy of the elements, which stays when the memory grows. */
  read(): Float32Array {
    this.#outsideRecording('read()');
    return this.#view().slice();
  }

  /** @internal Byte address in the machine's memory. Throws `disposed`. */
  get address(): number {
    if (!this.#storage.life.alive)
      throw new DownhillError('disposed', `this ${this.#owner} (${this.#length} elements) was disposed`);
    return this.#storage.address;
  }

  /** @internal */
  get life(): Life {
    return this.#storage.life;
  }

  /** @internal Other memory and length, by which programs that name the old memory become stale. */
  replace(storage: Storage, length: number): void {
    const old = this.#storage.block;
    this.#storage = storage;
    this.#length = length;
    if (old !== undefined) this.runtime.heap.free(old);
  }

  /** Gives the memory back; using the array, or an optimizer that moves it, is an error from then on. */
  dispose(): void {
    if (this.#storage.block !== undefined) this.runtime.heap.free(this.#storage.block);
  }

  /** `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  toString(): string {
    return `EngineArray(${this.#length})`;
  }

  #view(): Float32Array {
    this.runtime.check();
    const start = this.address >>> 2;
    return this.runtime.machine.memory.f32.subarray(start, start + this.#length);
  }

  #outsideRecording(call: string): void {
    if (this.runtime.recorder === undefined) return;
    throw new DownhillError(
      'compile',
      `${call} of an engine array inside a compiled function would happen once, while it is recorded: use it outside`,
    );
  }
}

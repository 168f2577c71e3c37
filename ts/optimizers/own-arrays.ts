// A user's own arrays: their elements are copied into the engine's memory before each step and back behind it, so that what the
// user changes between two steps counts.

import type { Runtime } from '../engine/runtime.ts';
import { DownhillError, show } from '../errors.ts';
import type { EngineArray } from '../tensor/array.ts';

/** The user's arrays with their copies in the engine. */
export class OwnArrays {
  readonly #runtime: Runtime;
  readonly #name: string;
  readonly #theta: EngineArray;
  readonly #gradient: EngineArray;
  #arrays: readonly Float32Array[];
  #sizes: readonly number[];
  /** Views of the copies, made anew when the memory has grown or moved. */
  #views: readonly Float32Array[] = [];
  #gradientViews: readonly Float32Array[] = [];

  constructor(
    runtime: Runtime,
    name: string,
    arrays: readonly Float32Array[],
    theta: EngineArray,
    gradient: EngineArray,
  ) {
    this.#runtime = runtime;
    this.#name = name;
    this.#arrays = arrays;
    this.#sizes = arrays.map(({ length }) => length);
    this.#theta = theta;
    this.#gradient = gradient;
  }

  /** Copies parameters and gradient in. Throws `data` when the gradient does not fit. */
  copyIn(gradient: unknown): void {
    this.#refresh();
    const arrays = this.#arrays;
    if (arrays.length === 1 && gradient instanceof Float32Array) {
      this.#expectSize(gradient, 0, 'the gradient');
      this.#gradientViews[0].set(gradient);
    } else {
      this.#copyList(gradient);
    }
    for (let i = 0; i < arrays.length; i++) {
      this.#expectSize(arrays[i], i, 'the array that this optimizer moves');
      this.#views[i].set(arrays[i]);
    }
  }

  /** Copies the parameters back. */
  copyOut(): void {
    const arrays = this.#arrays;
    for (let i = 0; i < arrays.length; i++) arrays[i].set(this.#views[i]);
  }

  /** Brings the copy up to date, for what reads it between steps. */
  copyParametersIn(): void {
    this.#refresh();
    this.#arrays.forEach((array, i) => {
      this.#expectSize(array, i, 'the array that this optimizer moves');
      this.#views[i].set(array);
    });
  }

  /** From now on `array` is moved. */
  replace(array: Float32Array): void {
    this.#arrays = [array];
    this.#sizes = [array.length];
    this.#views = [];
  }

  #copyList(gradient: unknown): void {
    const count = this.#arrays.length;
    if (!Array.isArray(gradient) || gradient.length !== count || !gradient.every((g) => g instanceof Float32Array)) {
      const expected = count === 1 ? 'a Float32Array' : `a list of ${count} Float32Arrays`;
      const numbers = ArrayBuffer.isView(gradient) || Array.isArray(gradient);
      const hint = gradient !== undefined && numbers ? '; numbers come as Float32Array.from(values)' : '';
      throw new DownhillError(
        'data',
        `step() of ${this.#name} needs the gradient as ${expected}: got ${show(gradient)}${hint}`,
        {
          path: 'gradient',
          expected,
          received: show(gradient),
        },
      );
    }
    gradient.forEach((g: Float32Array, i) => {
      this.#expectSize(g, i, count === 1 ? 'the gradient' : `gradient ${i}`);
    });
    gradient.forEach((g: Float32Array, i) => {
      this.#gradientViews[i].set(g);
    });
  }

  #expectSize(array: Float32Array, i: number, what: string): void {
    const expected = this.#sizes[i];
    if (array.length === expected) return;
    const hint = array.length === 0 ? ' (was it transferred to another thread?)' : '';
    throw new DownhillError(
      'data',
      `step() of ${this.#name}: ${what} must have ${expected} elements: got ${array.length}${hint}`,
      {
        path: 'gradient',
        expected: `${expected} elements`,
        received: `${array.length}`,
      },
    );
  }

  #refresh(): void {
    const { f32 } = this.#runtime.machine.memory;
    if (this.#views.length > 0 && this.#views[0].buffer === f32.buffer) return;
    this.#views = this.#cut(f32, this.#theta.address >>> 2);
    this.#gradientViews = this.#cut(f32, this.#gradient.address >>> 2);
  }

  #cut(f32: Float32Array, start: number): Float32Array[] {
    let at = start;
    return this.#sizes.map((size) => {
      const view = f32.subarray(at, at + size);
      at += size;
      return view;
    });
  }
}

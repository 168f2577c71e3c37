// The engine's stream of random numbers: a key made from the seed and a 64-bit counter, both in the machine's memory so that
// recorded programs draw fresh numbers at every run and a snapshot can hold the position.

import type { Block } from './heap.ts';
import type { Runtime } from './runtime.ts';

/** Where a kernel finds its random words: the address of key and counter, and how many blocks of the stream to skip. */
export interface Draw {
  readonly state: number;
  readonly offset: number;
}

/** Key and counter of Threefry-2×32. The counter moves only in the commit of a step, so a step that fails can be run again. */
export class RandomStream {
  readonly #runtime: Runtime;
  readonly #block: Block;
  #pending = 0;

  constructor(runtime: Runtime, seed: number) {
    this.#runtime = runtime;
    this.#block = runtime.heap.allocate(16, 'random stream');
    this.seed(seed);
  }

  /** Begins the stream of `seed` (any safe integer) at its start. */
  seed(seed: number): void {
    this.state = [seed >>> 0, Math.floor(seed / 4294967296) >>> 0, 0, 0];
  }

  /** Key (2 words) and counter (low, high). */
  get state(): [number, number, number, number] {
    const at = this.#block.address >>> 2;
    const [key0, key1, low, high] = this.#runtime.machine.memory.u32.subarray(at, at + 4);
    return [key0, key1, low, high];
  }

  set state(words: readonly number[]) {
    this.#runtime.machine.memory.u32.set(words, this.#block.address >>> 2);
    this.#pending = 0;
  }

  /** Reserves the words for `n` random elements (two elements a block). Call {@link settle} when the kernel has run. */
  draw(n: number): Draw {
    const offset = this.#pending;
    this.#pending += Math.ceil(n / 2);
    return { state: this.#block.address, offset };
  }

  /** Moves the counter at once, unless a step is being recorded or diagnosed: then its commit does. */
  settle(): void {
    if (this.#runtime.recorder === undefined && !this.#runtime.diagnosing) this.commit();
  }

  /** Moves the counter behind everything drawn. */
  commit(): void {
    if (this.#pending === 0) return;
    this.#runtime.kernels.advance(this.#block.address, this.#pending);
    this.#pending = 0;
  }

  /** Forgets what was drawn since the last commit: the next draw repeats it. */
  rollback(): void {
    this.#pending = 0;
  }
}

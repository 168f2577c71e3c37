// Gaussian noise on gradients, which makes descents stochastic. It is a function of the seed, the step and the start's place in the list
// and of nothing else: all optimizers of a race get the same noise, and a start gets the same among others as alone.

import type { Block } from '../engine/heap.ts';
import type { Runtime } from '../engine/runtime.ts';

/** Noise for `starts` gradients [starts, 2]. */
export class Noise {
  readonly #runtime: Runtime;
  readonly #starts: number;
  readonly #seed: number;
  /** Key and counter of the random numbers, then the noise itself, at the next multiple of 16. */
  readonly #block: Block;

  constructor(runtime: Runtime, starts: number, seed: number) {
    this.#runtime = runtime;
    this.#starts = starts;
    this.#seed = seed;
    this.#block = runtime.heap.allocate(16 + starts * 8, 'noise of a trace');
  }

  /** Adds the noise of step `step` (0, 1, …), with the standard deviation `deviation`, to the numbers at address `gradient`. */
  addTo(gradient: number, step: number, deviation: number): void {
    const { kernels, memory } = this.#runtime.machine;
    const state = this.#block.address;
    const noise = state + 16;
    // Two numbers come from one value of the counter: its low word is the start, its high word the step.
    memory.u32.set([this.#seed >>> 0, Math.floor(this.#seed / 4294967296), 0, step], state >>> 2);
    const n = this.#starts * 2;
    kernels.random_normal(noise, n, state, 0, this.#runtime.numbers([0, deviation]));
    kernels.add(gradient, noise, gradient, 1, n, 0, 1, 0, 1);
  }

  dispose(): void {
    this.#runtime.heap.free(this.#block);
  }
}

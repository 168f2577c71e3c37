// A recorded step as words, and the one small loop that replays them on either machine. What differs from step to step comes from a
// table with one row a step; a step copies its row into the fixed slots that its kernels read.

import { DownhillError } from '../errors.ts';
import { kernelNames } from '../machine/reference/kernels.ts';
import type { Block } from './heap.ts';
import { type Plan, plan } from './plan.ts';
import type { Recorder, StepField } from './recorder.ts';
import type { Runtime } from './runtime.ts';

/** In place of a kernel's number: look at the guard's flag. */
const GUARD = -1;

type AnyKernel = (...words: number[]) => void;

/** A program bound to one engine's memory. */
export class Program {
  readonly #runtime: Runtime;
  readonly #words: Int32Array;
  readonly #table: readonly AnyKernel[];
  readonly #fields: readonly StepField[];
  readonly #rowWords: number;
  readonly #flag: number;
  readonly #block: Block;
  readonly #plan: Plan;
  #rows: Block | undefined;
  #stale: string | undefined;

  /** `lasting`: ordinals of the temporaries that hold results. `flag`: address of the guard's word. */
  constructor(runtime: Runtime, recorder: Recorder, lasting: ReadonlySet<number>, flag: number) {
    this.#runtime = runtime;
    this.#plan = plan(recorder, lasting);
    this.#block = runtime.heap.allocate(this.#plan.bytes, 'a compiled step');
    this.#fields = recorder.fields;
    this.#rowWords = recorder.fields.reduce((total, field) => total + field.words, 0);
    this.#flag = flag;
    this.#table = kernelNames.map((name) => runtime.machine.kernels[name]);
    this.#words = this.#link(recorder);
    recorder.temporaries.forEach(({ constant }, ordinal) => {
      if (constant !== undefined && this.#plan.offsets[ordinal] >= 0)
        runtime.machine.memory.u32.set(constant, this.address(ordinal) >>> 2);
    });
  }

  /** The program's own memory in bytes. */
  get bytes(): number {
    return this.#block.bytes + (this.#rows?.bytes ?? 0);
  }

  /** False when something that the program names was disposed, or the program itself. */
  get alive(): boolean {
    return this.#stale === undefined;
  }

  /** Where the temporary with this ordinal lies while the program lives. */
  address(ordinal: number): number {
    return this.#block.address + this.#plan.offsets[ordinal];
  }

  /** Makes every later run throw. */
  invalidate(reason: string): void {
    this.#stale ??= reason;
  }

  /** Throws `stale` when the program can no longer run. */
  check(): void {
    this.#runtime.check();
    if (this.#stale !== undefined)
      throw new DownhillError('stale', `this compiled function can no longer run: ${this.#stale}. Compile it again`);
  }

  /**
   * Runs `steps` steps; after each one that was committed `each(index)` is called, before the next begins. Returns how many were committed:
   * fewer than `steps` when the guard found a loss or gradient that is not finite, and then nothing of that step lasts.
   */
  run(steps: number, each?: (index: number) => void): number {
    this.check();
    const { machine } = this.#runtime;
    const row = this.#fillRows(steps) >>> 2;
    const flag = this.#flag >>> 2;
    let done = 0;
    try {
      for (; done < steps; done++) {
        const { u32 } = machine.memory;
        let at = row + done * this.#rowWords;
        for (const { slot, words } of this.#fields) {
          u32.copyWithin(slot >>> 2, at, at + words);
          at += words;
        }
        u32[flag] = 0;
        if (!replay(this.#words, this.#table, u32, flag)) break;
        each?.(done);
      }
    } catch (error) {
      throw this.#runtime.failed(error);
    } finally {
      if (done > 0) for (const field of this.#fields) field.advance(done);
    }
    return done;
  }

  /** Gives the program's memory back. */
  dispose(): void {
    this.invalidate('it was disposed');
    this.#runtime.heap.free(this.#block);
    if (this.#rows !== undefined) this.#runtime.heap.free(this.#rows);
  }

  #fillRows(steps: number): number {
    if (this.#rowWords === 0) return 0;
    const bytes = steps * this.#rowWords * 4;
    if (this.#rows === undefined || this.#rows.bytes < bytes) {
      if (this.#rows !== undefined) this.#runtime.heap.free(this.#rows);
      this.#rows = this.#runtime.heap.allocate(bytes, 'table of step numbers');
    }
    let at = this.#rows.address >>> 2;
    for (let step = 0; step < steps; step++) {
      for (const field of this.#fields) {
        field.fill(step, at);
        at += field.words;
      }
    }
    return this.#rows.address;
  }

  /** Turns calls into words with final addresses, and takes hold of every heap block that they name. */
  #link(recorder: Recorder): Int32Array {
    const words: number[] = [];
    for (const entry of recorder.entries) {
      if (entry === 'guard') {
        words.push(GUARD, 0);
        continue;
      }
      words.push(entry.kernel, entry.words.length);
      entry.words.forEach((word, i) => {
        const ordinal = entry.buffers[i];
        if (ordinal >= 0) words.push(this.address(ordinal) + word);
        else words.push(word);
      });
    }
    for (const address of recorder.heapAddresses()) {
      const block = this.#runtime.heap.find(address);
      if (block === undefined) continue;
      block.dependents ??= new Set();
      block.dependents.add(this);
    }
    return Int32Array.from(words, (word) => word | 0);
  }
}

/** Runs the words once. False when the guard's flag is up. */
function replay(words: Int32Array, table: readonly AnyKernel[], u32: Uint32Array, flag: number): boolean {
  const end = words.length;
  let at = 0;
  while (at < end) {
    const kernel = words[at];
    const count = words[at + 1];
    const w = at + 2;
    at = w + count;
    if (kernel === GUARD) {
      if (u32[flag] !== 0) return false;
      continue;
    }
    const f = table[kernel];
    switch (count) {
      case 2:
        f(words[w], words[w + 1]);
        break;
      case 3:
        f(words[w], words[w + 1], words[w + 2]);
        break;
      case 4:
        f(words[w], words[w + 1], words[w + 2], words[w + 3]);
        break;
      case 5:
        f(words[w], words[w + 1], words[w + 2], words[w + 3], words[w + 4]);
        break;
      case 6:
        f(words[w], words[w + 1], words[w + 2], words[w + 3], words[w + 4], words[w + 5]);
        break;
      case 7:
        f(words[w], words[w + 1], words[w + 2], words[w + 3], words[w + 4], words[w + 5], words[w + 6]);
        break;
      case 9:
        f(
          words[w],
          words[w + 1],
          words[w + 2],
          words[w + 3],
          words[w + 4],
          words[w + 5],
          words[w + 6],
          words[w + 7],
          words[w + 8],
        );
        break;
      case 11:
        f(
          words[w],
          words[w + 1],
          words[w + 2],
          words[w + 3],
          words[w + 4],
          words[w + 5],
          words[w + 6],
          words[w + 7],
          words[w + 8],
          words[w + 9],
          words[w + 10],
        );
        break;
      default:
        f(...words.subarray(w, w + count));
    }
  }
  return true;
}

// A recorded step as words, and the one small loop that replays them on either machine. What differs from step to step comes from a
// table with one row a step; a step copies its row into the fixed slots that its kernels read.

import { DownhillError } from '../errors.ts';
import { kernelNames } from '../machine/reference/kernels.ts';
import type { Block } from './heap.ts';
import { type Plan, plan } from './plan.ts';
import type { RecordedField, Recorder } from './recorder.ts';
import type { Runtime } from './runtime.ts';

/** In place of a kernel's number: look at the guard's flag. */
const GUARD = -1;

type AnyKernel = (...words: number[]) => void;

/** Most rows of the table that are filled ahead: more steps at a time gain nothing. */
const MOST_ROWS = 1024;

/** A program bound to one engine's memory, of which it takes its own part at the first run. */
export class Program {
  readonly #runtime: Runtime;
  readonly #recorder: Recorder;
  readonly #plan: Plan;
  readonly #table: readonly AnyKernel[];
  readonly #fields: readonly RecordedField[];
  readonly #rowWords: number;
  readonly #flag: number;
  readonly #held: readonly Block[];
  /** Guards that the last step passed, when it was refused by a later one. */
  passed = 0;
  #words: Int32Array = new Int32Array(0);
  #block: Block | undefined;
  #rows: Block | undefined;
  #stale: string | undefined;

  /**
   * `lasting`: ordinals of the temporaries that hold results. `flag`: address of the guard's word. Takes hold of every heap block that the
   * recording names, and no memory.
   */
  constructor(runtime: Runtime, recorder: Recorder, lasting: ReadonlySet<number>, flag: number) {
    this.#runtime = runtime;
    this.#recorder = recorder;
    this.#plan = plan(recorder, lasting);
    this.#fields = recorder.fields;
    this.#rowWords = recorder.fields.reduce((total, { field }) => total + field.words, 0);
    this.#flag = flag;
    this.#table = kernelNames.map((name) => runtime.machine.kernels[name]);
    const named = [...recorder.heapAddresses()].map((address) => runtime.heap.find(address));
    this.#held = named.filter((block) => block !== undefined);
    for (const block of this.#held) {
      block.dependents ??= new Set();
      block.dependents.add(this);
    }
  }

  /** False when something that the program names was disposed, or the program itself. */
  get alive(): boolean {
    return this.#stale === undefined;
  }

  /** Where the temporary with this ordinal lies while the program lives, once it is ready. */
  address(ordinal: number): number {
    return (this.#block?.address ?? 0) + this.#plan.offsets[ordinal];
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
   * Takes the memory of the program, unless it has it, and looks at what comes from outside. Throws `memory` or `data`, and then it can be
   * tried again: nothing has run.
   */
  prepare(): void {
    this.check();
    if (this.#block === undefined) this.#take();
    for (const check of this.#recorder.checks) check();
  }

  #take(): void {
    this.#block = this.#runtime.heap.allocate(this.#plan.bytes, 'a compiled step');
    this.#words = this.#link();
    this.#recorder.temporaries.forEach(({ constant }, ordinal) => {
      if (constant !== undefined && this.#plan.offsets[ordinal] >= 0)
        this.#runtime.machine.memory.u32.set(constant, this.address(ordinal) >>> 2);
    });
  }

  /**
   * Runs `steps` steps, once it is prepared. Returns how many were committed: fewer than `steps` when a guard found a loss or gradient that is not finite, and
   * then nothing lasts of what comes behind that guard in the step. What lasts is counted, also when a kernel traps.
   */
  run(steps: number): number {
    this.check();
    this.#runtime.writes++;
    let done = 0;
    while (done < steps) {
      const wanted = Math.min(steps - done, MOST_ROWS);
      const committed = this.#runRows(wanted);
      done += committed;
      if (committed < wanted) break;
    }
    return done;
  }

  /** Gives the program's memory back. */
  dispose(): void {
    this.invalidate('it was disposed');
    for (const block of this.#held) block.dependents?.delete(this);
    if (this.#block !== undefined) this.#runtime.heap.free(this.#block);
    if (this.#rows !== undefined) this.#runtime.heap.free(this.#rows);
  }

  #runRows(steps: number): number {
    const row = this.#fillRows(steps) >>> 2;
    const { u32 } = this.#runtime.machine.memory; // behind the rows, which may grow it
    const flag = this.#flag >>> 2;
    let done = 0;
    let refused = -1;
    try {
      for (; done < steps; done++) {
        let at = row + done * this.#rowWords;
        for (const { field } of this.#fields) {
          u32.copyWithin(field.slot >>> 2, at, at + field.words);
          at += field.words;
        }
        u32[flag] = 0;
        refused = replay(this.#words, this.#table, u32, flag);
        if (refused >= 0) break;
      }
    } catch (error) {
      throw this.#runtime.failed(error);
    } finally {
      this.passed = Math.max(0, refused);
      for (const { field, guards } of this.#fields) {
        const count = guards <= this.passed ? done + 1 : done;
        if (count > 0) field.advance(count);
      }
    }
    return done;
  }

  #fillRows(steps: number): number {
    if (this.#rowWords === 0) return 0;
    const bytes = steps * this.#rowWords * 4;
    if (this.#rows === undefined || this.#rows.bytes < bytes) {
      if (this.#rows !== undefined) this.#runtime.heap.free(this.#rows);
      this.#rows = undefined; // should there be no memory for a larger one
      this.#rows = this.#runtime.heap.allocate(bytes, 'table of step numbers');
    }
    let at = this.#rows.address >>> 2;
    for (let step = 0; step < steps; step++) {
      for (const { field } of this.#fields) {
        field.fill(step, at);
        at += field.words;
      }
    }
    return this.#rows.address;
  }

  /** Turns calls into words with final addresses. */
  #link(): Int32Array {
    const words: number[] = [];
    for (const entry of this.#recorder.entries) {
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
    return Int32Array.from(words, (word) => word | 0);
  }
}

/** Runs the words once. −1, or, when the flag was up at a guard, the number of guards before it. */
function replay(words: Int32Array, table: readonly AnyKernel[], u32: Uint32Array, flag: number): number {
  const end = words.length;
  let at = 0;
  let passed = 0;
  while (at < end) {
    const kernel = words[at];
    const count = words[at + 1];
    const w = at + 2;
    at = w + count;
    if (kernel === GUARD) {
      if (u32[flag] !== 0) return passed;
      passed++;
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
  return -1;
}

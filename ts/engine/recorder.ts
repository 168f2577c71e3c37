// Takes a note of every kernel call that a function makes, in terms that are the same at every call: temporaries by ordinal and offset,
// everything else by address. Two notes that differ mean that the function depends on something that changes.

import { DownhillError } from '../errors.ts';
import type { KernelName, Kernels } from '../machine/machine.ts';
import { definitions, kernelNames } from '../machine/reference/kernels.ts';

/** Numbers that differ from step to step: where they lie, how they are made, and what happens when steps were taken. */
export interface StepField {
  /** Address of the fixed slot that the kernels read. */
  readonly slot: number;
  readonly words: number;
  /** Writes the numbers of the step `ahead` steps after the next one (0: the next) at word `at` of the memory. */
  fill(ahead: number, at: number): void;
  /** `steps` steps were committed. */
  advance(steps: number): void;
}

/** A field, and behind how many guards its step lasts: 1 for the first optimizer of a function; Infinity: when the whole step does. */
export interface RecordedField {
  readonly field: StepField;
  readonly guards: number;
}

/** One recorded kernel call. `buffers[i]` is the ordinal of the temporary that word i points into, or −1; then the word is an offset in it. */
export interface Call {
  readonly kernel: number;
  readonly words: number[];
  readonly buffers: number[];
}

/** A temporary: where it lay while recording, its size, and its words when it is a constant. */
export interface Temporary {
  readonly address: number;
  readonly bytes: number;
  constant: Uint32Array | undefined;
}

/** What happens in order: kernel calls, and at `'guard'` the look at the flag before anything lasting is written. */
export type Entry = Call | 'guard';

const names: readonly KernelName[] = kernelNames;
const addressPositions: readonly (readonly number[])[] = names.map((name) =>
  Object.values(definitions[name].parameters).flatMap((parameter, i) => (parameter.role === 'count' ? [] : [i])),
);

/** Records one call of a function. */
export class Recorder {
  readonly entries: Entry[] = [];
  readonly temporaries: Temporary[] = [];
  readonly fields: RecordedField[] = [];
  /** What must hold of numbers from outside before each replay; each throws. */
  readonly checks: (() => void)[] = [];
  /** The tensor that backward() began at: the guard looks at it too. */
  loss: { readonly address: number; readonly size: number } | undefined = undefined;
  /** Guards so far. */
  guards = 0;

  /** The machine's kernels, each taking a note before it runs. */
  wrap(kernels: Kernels): Kernels {
    const wrapped = names.map((name, kernel) => {
      const run: (...words: number[]) => void = kernels[name];
      const call = (...words: number[]): void => {
        this.#note(kernel, words);
        run(...words);
      };
      return [name, call];
    });
    return Object.fromEntries(wrapped) as Kernels;
  }

  /** A temporary was handed out. */
  allocated(address: number, bytes: number): void {
    this.temporaries.push({ address, bytes, constant: undefined });
  }

  /** The temporary at `address` holds numbers that TypeScript wrote. */
  constant(address: number, words: Uint32Array): void {
    this.temporaries[this.temporaryAt(address)].constant = words;
  }

  /** Everything noted from here on is commit, with the numbers of `field`. */
  guard(field: StepField): void {
    this.entries.push('guard');
    this.guards++;
    this.fields.push({ field, guards: this.guards });
  }

  /** Numbers of the step as a whole. */
  field(field: StepField): void {
    this.fields.push({ field, guards: Number.POSITIVE_INFINITY });
  }

  /** Whether the function has already made a step with these numbers. */
  has(field: StepField): boolean {
    return this.fields.some((one) => one.field === field);
  }

  /** Every address outside the temporaries that a call names. */
  heapAddresses(): Set<number> {
    const addresses = new Set<number>();
    for (const entry of this.entries) {
      if (entry === 'guard') continue;
      for (const i of addressPositions[entry.kernel]) if (entry.buffers[i] < 0) addresses.add(entry.words[i]);
    }
    return addresses;
  }

  #note(kernel: number, given: readonly number[]): void {
    const words = [...given];
    const buffers = words.map(() => -1);
    for (const i of addressPositions[kernel]) {
      const at = this.temporaryAt(words[i]);
      if (at < 0) continue;
      buffers[i] = at;
      words[i] -= this.temporaries[at].address;
    }
    this.entries.push({ kernel, words, buffers });
  }

  /** Ordinal of the temporary that holds the address, or −1. Temporaries are not sorted: chunks come in any order. */
  temporaryAt(address: number): number {
    for (let i = this.temporaries.length - 1; i >= 0; i--) {
      const { address: start, bytes } = this.temporaries[i];
      if (address >= start && address < start + Math.max(bytes, 1)) return i;
    }
    return -1;
  }
}

/** Throws when the second recording is not the first again, naming what differs. */
export function expectSame(first: Recorder, second: Recorder): void {
  const complain = (what: string): never => {
    throw new DownhillError(
      'compile',
      `the step depends on something that changes: ${what}. Pass what changes as an argument, or make it an option of the optimizer`,
    );
  };
  const describe = (entry: Entry | undefined): string =>
    entry === undefined
      ? 'nothing'
      : entry === 'guard'
        ? 'optimizer.step()'
        : `${names[entry.kernel]}(${entry.words.join(', ')})`;
  const length = Math.max(first.entries.length, second.entries.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [first.entries[i], second.entries[i]];
    const same =
      a === b ||
      (a !== undefined &&
        b !== undefined &&
        a !== 'guard' &&
        b !== 'guard' &&
        a.kernel === b.kernel &&
        a.words.every((word, j) => word === b.words[j] && a.buffers[j] === b.buffers[j]));
    if (!same) complain(`kernel call ${i + 1} was ${describe(a)} at the first call and ${describe(b)} at the second`);
  }
  first.temporaries.forEach(({ constant }, i) => {
    const other = second.temporaries[i]?.constant;
    constant?.forEach((word, j) => {
      if (other?.[j] === word) return;
      const [was, is] = [
        new Float32Array(constant.buffer, 0)[j],
        other === undefined ? Number.NaN : new Float32Array(other.buffer, 0)[j],
      ];
      complain(`a number in it was ${was} at the first call and ${is} at the second`);
    });
  });
}

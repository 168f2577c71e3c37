// Lays the temporaries of a recording into one block: those whose lives do not overlap share memory. A life reaches from the first call
// that names a temporary to the last; constants and results live for the whole program.

import { DownhillError } from '../errors.ts';
import { definitions, kernelNames } from '../machine/reference/kernels.ts';
import type { Recorder } from './recorder.ts';

/** Where each temporary lies in the program's block, by ordinal; −1 for those that no call names. */
export interface Plan {
  readonly offsets: readonly number[];
  readonly bytes: number;
}

interface Life {
  readonly ordinal: number;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

const ALIGN = 16;

/** Plans a recording. `lasting` are ordinals that must keep their content to the end and beyond. Throws `compile` for a captured value. */
export function plan(recorder: Recorder, lasting: ReadonlySet<number>): Plan {
  const lives = livesOf(recorder, lasting).sort((a, b) => b.bytes - a.bytes || a.ordinal - b.ordinal);
  const offsets: number[] = recorder.temporaries.map(() => -1);
  const placed: Life[] = [];
  let bytes = 0;
  for (const life of lives) {
    const neighbours = placed
      .filter((other) => other.first <= life.last && life.first <= other.last)
      .sort((a, b) => offsets[a.ordinal] - offsets[b.ordinal]);
    let offset = 0;
    for (const other of neighbours) {
      if (offset + life.bytes <= offsets[other.ordinal]) break;
      offset = Math.max(offset, offsets[other.ordinal] + other.bytes);
    }
    offsets[life.ordinal] = offset;
    bytes = Math.max(bytes, offset + life.bytes);
    placed.push(life);
  }
  return { offsets, bytes };
}

function livesOf(recorder: Recorder, lasting: ReadonlySet<number>): Life[] {
  const first: number[] = [];
  const last: number[] = [];
  recorder.entries.forEach((entry, time) => {
    if (entry === 'guard') return;
    const parameters = Object.values(definitions[kernelNames[entry.kernel]].parameters);
    entry.buffers.forEach((ordinal, i) => {
      if (ordinal < 0) return;
      if (first[ordinal] === undefined) {
        first[ordinal] = time;
        const role = parameters[i].role;
        if ((role === 'read' || role === 'update') && recorder.temporaries[ordinal].constant === undefined) {
          throw new DownhillError(
            'compile',
            `${kernelNames[entry.kernel]} reads a tensor that was made from JavaScript data inside the compiled function, so its value would freeze: ` +
              'pass it as an argument, or make it outside',
          );
        }
      }
      last[ordinal] = time;
    });
  });
  const end = recorder.entries.length;
  return recorder.temporaries.flatMap(({ bytes, constant }, ordinal) => {
    if (first[ordinal] === undefined) return [];
    const always = constant !== undefined;
    return {
      ordinal,
      bytes: Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN),
      first: always ? 0 : first[ordinal],
      last: always || lasting.has(ordinal) ? end : last[ordinal],
    };
  });
}

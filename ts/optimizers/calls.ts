// The kernel calls of one step: pieces that lie together become one run, and each run one call with its words ready.

import type { Life } from '../engine/runtime.ts';
import type { Kernels } from '../machine/machine.ts';
import type { Parameter } from '../tensor/parameter.ts';
import type { Layout } from './rule.ts';
import type { Bound, Piece } from './target.ts';

type AnyKernel = (...words: number[]) => void;

/** One kernel call: a run of elements of one group. */
export interface Call {
  readonly kernel: Layout['kernel'];
  /** The machine's own function, found once: looking it up by its name takes as long as ten parameters. */
  readonly run: AnyKernel;
  /** p, g, the slots, n, numbers. */
  readonly words: readonly number[];
  readonly gradient: number;
  readonly size: number;
}

/** A run: addresses of its first parameter and gradient, its place in the flat state, its length. */
interface Run {
  readonly p: number;
  readonly g: number;
  readonly offset: number;
  size: number;
}

/** The calls of a group on the machine's `kernels`. `slots` are the addresses of the layout's slots, `row` that of its numbers. Throws `disposed`. */
export function callsOf(
  kernels: Kernels,
  bound: Bound,
  pieces: readonly Piece[],
  layout: Layout,
  slots: readonly number[],
  row: number,
): Call[] {
  return runsOf(bound, pieces).map(({ p, g, offset, size }) => ({
    kernel: layout.kernel,
    run: kernels[layout.kernel],
    words: [p, g, ...slots.map((slot) => slot + offset * 4), size, row],
    gradient: g,
    size,
  }));
}

function runsOf({ theta, gradient }: Bound, pieces: readonly Piece[]): Run[] {
  const runs: Run[] = [];
  for (const { parameter, offset, size } of pieces) {
    if (size === 0 || parameter?.trainable === false) continue;
    const p = parameter?.address ?? (theta?.address ?? 0) + offset * 4;
    const g = parameter?.gradient.address ?? (gradient?.address ?? 0) + offset * 4;
    const last = runs.at(-1);
    const follows = (start: number, next: number): boolean => last !== undefined && next === start + last.size * 4;
    if (last !== undefined && follows(last.p, p) && follows(last.g, g) && offset === last.offset + last.size)
      last.size += size;
    else runs.push({ p, g, offset, size });
  }
  return runs;
}

/** Parameters that move. */
export const movingParameters = (pieces: readonly Piece[]): Parameter[] =>
  pieces.flatMap(({ parameter }) => (parameter?.trainable ? [parameter] : []));

/** Whose end makes the calls wrong, each once. */
export function livesOf({ theta, gradient }: Bound, parameters: readonly Parameter[]): Life[] {
  const lives = new Set<Life>(parameters.flatMap((parameter) => [parameter.life, parameter.gradient.life]));
  for (const array of [theta, gradient]) if (array !== undefined) lives.add(array.life);
  return [...lives];
}

/** Runs the calls, on `kernels` where they are given (a step is recorded). No list is spread on the way: a step of a thousand parameters takes a microsecond in all. */
export function runCalls(calls: readonly Call[], kernels?: Kernels): void {
  for (let i = 0; i < calls.length; i++) {
    const { kernel, words: w } = calls[i];
    const run: AnyKernel = kernels === undefined ? calls[i].run : kernels[kernel];
    switch (w.length) {
      case 4:
        run(w[0], w[1], w[2], w[3]);
        break;
      case 5:
        run(w[0], w[1], w[2], w[3], w[4]);
        break;
      case 6:
        run(w[0], w[1], w[2], w[3], w[4], w[5]);
        break;
      case 7:
        run(w[0], w[1], w[2], w[3], w[4], w[5], w[6]);
        break;
      default:
        run(...w);
    }
  }
}

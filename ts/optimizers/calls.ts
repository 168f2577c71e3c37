// The kernel calls of one step: pieces that lie together become one run, and each run one call with its words ready.

import type { Life } from '../engine/runtime.ts';
import type { KernelName, Kernels } from '../machine/machine.ts';
import type { Parameter } from '../tensor/parameter.ts';
import type { KernelCall, Layout, TensorPlace } from './rule.ts';
import type { Slots } from './state.ts';
import type { Bound, Piece } from './target.ts';

type AnyKernel = (...words: number[]) => void;

/** One kernel call. */
export interface Call {
  readonly kernel: KernelName;
  /** The machine's own function, found once: looking it up by its name takes as long as ten parameters. */
  readonly run: AnyKernel;
  readonly words: readonly number[];
}

/** A run of elements that lie together: addresses of its parameters, gradients and slots, and its length. */
interface Run {
  readonly p: number;
  readonly g: number;
  readonly slots: readonly number[];
  size: number;
}

/** Where a piece's elements, gradient and parts of slots lie. */
interface Placed {
  readonly piece: Piece;
  readonly p: number;
  readonly g: number;
  readonly slots: readonly number[];
}

/** Pieces that move, with their addresses. Throws `disposed`. */
function placed(
  { theta, gradient }: Bound,
  pieces: readonly Piece[],
  slots: readonly string[],
  where: Slots,
): Placed[] {
  return pieces.flatMap((piece) => {
    const { parameter, offset, size } = piece;
    if (size === 0 || parameter?.trainable === false) return [];
    const p = parameter?.address ?? (theta?.address ?? 0) + offset * 4;
    const g = parameter?.gradient.address ?? (gradient?.address ?? 0) + offset * 4;
    return [{ piece, p, g, slots: slots.map((slot) => where.address(slot, piece)) }];
  });
}

function runsOf(places: readonly Placed[]): Run[] {
  const runs: Run[] = [];
  for (const { piece, p, g, slots } of places) {
    const last = runs.at(-1);
    const follows = (start: number, next: number): boolean => last !== undefined && next === start + last.size * 4;
    const together =
      last !== undefined &&
      follows(last.p, p) &&
      follows(last.g, g) &&
      slots.every((slot, k) => follows(last.slots[k], slot));
    if (together) last.size += piece.size;
    else runs.push({ p, g, slots, size: piece.size });
  }
  return runs;
}

/** The calls of pieces with one layout on the machine's `kernels`; `row` is the address of their numbers, `scratch` gives room. Throws `disposed`. */
export function callsOf(
  kernels: Kernels,
  bound: Bound,
  pieces: readonly Piece[],
  layout: Layout,
  where: Slots,
  row: number,
  scratch: (bytes: number) => number,
): Call[] {
  const places = placed(bound, pieces, layout.slots, where);
  const call = ({ kernel, words }: KernelCall): Call => ({ kernel, run: kernels[kernel], words });
  if ('calls' in layout) {
    const tensors = places.map(({ piece: { shape, size }, p, g, slots }): TensorPlace => {
      const named = layout.slots.map((slot, k): [string, number] => [slot, slots[k]]);
      return { shape, n: size, p, g, slots: Object.fromEntries(named) };
    });
    return tensors.length === 0 ? [] : layout.calls(tensors, { numbers: row, scratch }).map(call);
  }
  const { kernel } = layout;
  const runs =
    layout.over === 'tensor'
      ? places.map(({ piece: { size }, p, g, slots }) => ({ p, g, slots, size }))
      : runsOf(places);
  return runs.map(({ p, g, slots, size }) => call({ kernel, words: [p, g, ...slots, size, row] }));
}

/** p ← kept·p over each run of the pieces, with the number at `kept`. */
export const shrinkCalls = (
  kernels: Kernels,
  bound: Bound,
  pieces: readonly Piece[],
  where: Slots,
  kept: number,
): Call[] =>
  runsOf(placed(bound, pieces, [], where)).map(({ p, size }) => ({
    kernel: 'mul',
    run: kernels.mul,
    words: [p, kept, p, 1, size, size, 1, 0, 0],
  }));

/** The runs of gradients that a step reads. */
export const gradientsOf = (
  bound: Bound,
  pieces: readonly Piece[],
  where: Slots,
): { address: number; size: number }[] =>
  runsOf(placed(bound, pieces, [], where)).map(({ g, size }) => ({ address: g, size }));

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

// What a rule is: its description as a plain object, from which validation, state, numbers, files, documentation and generated tests
// follow. One file a rule defines it; this file says what it must say.

import type { KernelName } from '../machine/machine.ts';
import type { OptionSpecs } from '../options.ts';
import type { Schedule } from '../schedules/index.ts';
import type { Shape } from '../tensor/shape.ts';
import type { CommonOptions, DecayMode, Dialect } from './common.ts';
import { resolveRule } from './options.ts';

export type { CommonOptions, DecayMode, Dialect } from './common.ts';

/** What an option of a rule may be. */
export type OptionValue = number | boolean | string | readonly number[];

/** A rule's options by name. */
export type OptionValues = { readonly [name: string]: OptionValue };

/** A value as users give it: each number may be a schedule. */
type Scheduled<V> = V extends number
  ? V | Schedule
  : V extends readonly number[]
    ? { readonly [I in keyof V]: V[I] | Schedule }
    : V;

/** Options as users give them: what is left out has its default, and each number may be a schedule. */
export type Given<O> = { readonly [K in keyof O]?: Scheduled<O[K]> };

/** What a rule's functions are given: every option as a number, with the dialect and how weight decay enters. */
export type Complete<O extends OptionValues = OptionValues> = O & {
  readonly dialect: Dialect;
  readonly decayMode: DecayMode;
};

/** One tensor that is moved, for rules that look at tensors as a whole: byte addresses of its elements, gradient and slots. */
export interface TensorPlace {
  readonly shape: Shape;
  /** Number of elements. */
  readonly n: number;
  readonly p: number;
  readonly g: number;
  readonly slots: Readonly<Record<string, number>>;
}

/** What a layout's `calls` may use. */
export interface Room {
  /** Address of the row of numbers. */
  readonly numbers: number;
  /** Address of so many bytes that hold nothing between two steps. */
  scratch(bytes: number): number;
}

/** One kernel call. */
export interface KernelCall {
  readonly kernel: KernelName;
  readonly words: readonly number[];
}

interface Row {
  /** State arrays by PyTorch's names, in the order in which the kernel takes them. */
  readonly slots: readonly string[];
  /** f32 at the beginning of the row. */
  readonly numbers: number;
  /** Words behind them, each 0 or 1, that choose a variant of the loop. */
  readonly flags: number;
}

/** A kernel (p, g, …slots, n, numbers), run over each contiguous run of elements, or, where it looks at a tensor as a whole, over each tensor. */
export interface KernelLayout extends Row {
  readonly kernel: KernelName;
  readonly over?: 'tensor';
}

/** Several kernels, or one that takes other words: `calls` makes one step of the tensors of a group. */
export interface CallsLayout extends Row {
  calls(tensors: readonly TensorPlace[], room: Room): KernelCall[];
}

/** What runs, over which state, with which row of numbers. Options and shape may choose it: without momentum there is no buffer. */
export type Layout = KernelLayout | CallsLayout;

/** A framework's way of a rule. */
export interface DialectSpec<O extends OptionValues = OptionValues> {
  /** What the framework calls the rule, and the options that the name stands for: `{ nadam: {}, nadamw: { weightDecay: 1e-4 } }`. */
  readonly names: { readonly [name: string]: Readonly<Record<string, unknown>> };
  /** Defaults that differ from those in `options`. */
  readonly defaults?: { readonly [K in keyof O]?: O[K] } & { readonly decayMode?: DecayMode };
  /** Options that it does not have. */
  readonly without?: readonly (keyof O & string)[];
  /**
   * The framework's words for options, where they are neither ours in snake case nor one of the usual ones (`learning_rate`, `epsilon`, `b1`, `beta_1`, …):
   * our name, or what a value of theirs means in our options.
   */
  readonly words?: {
    readonly [theirs: string]: (keyof O & string) | ((value: unknown) => Readonly<Record<string, unknown>>);
  };
}

/** The description of an optimizer. */
export interface Rule<O extends OptionValues = OptionValues> {
  /** As users and files name it. */
  readonly name: string;
  /** One line: what it is. */
  readonly summary: string;
  /** The update as the paper or PyTorch writes it. */
  readonly formula: string;
  /** Paper or papers. */
  readonly source: string;
  /** Default, bounds and one line of meaning of every option. */
  readonly options: OptionSpecs<O>;
  /** Whose numbers it can give; the first is the default. */
  readonly dialects: { readonly [D in Dialect]?: DialectSpec<O> };
  /** How `weightDecay` enters unless the user says otherwise; left out: 'coupled'. */
  readonly decayMode?: DecayMode;
  /** The modes that `numbers` sees to itself; left out: 'coupled' alone. For the others it is given `weightDecay: 0`, and the runner shrinks the parameters before the rule moves them. */
  readonly ownDecay?: readonly DecayMode[];
  /** Every state array that the rule can have, by name, with one line of meaning. */
  readonly slots: { readonly [slot: string]: string };
  /** What tests may expect: each element moves by itself; lr 0 moves nothing from a fresh start. */
  readonly laws: { readonly elementwise: boolean; readonly scalesWithLr: boolean };
  /** Option sets by what is special about them, which together reach every kernel and flag: tests run them all. The first is the usual one. */
  readonly variants: { readonly [variant: string]: Readonly<Record<string, unknown>> };
  /** f64 numbers that it keeps from step to step, with their first values. */
  readonly memory?: { readonly [name: string]: number };
  /** Why options that are good one by one are not good together. A number that has a schedule is NaN here. */
  refuse?(options: Complete<O>): string | undefined;
  /** Must be the same object for the same kernels. A number that has a schedule is NaN here. Throws for a shape that it cannot move. */
  layout(options: Complete<O>, shape: Shape): Layout;
  /** Shape of a state array of a tensor; that of the tensor when left out. */
  slotShape?(slot: string, shape: Shape): Shape;
  /** What a state array holds before the first step; 0 when left out. */
  initial?(slot: string, options: Complete<O>): number;
  /**
   * Writes the numbers of step t (1, 2, …), then the flags, into `row`. Computed in f64; the runner rounds each once. `memory` has the
   * numbers of the step before, and is left with those of this one.
   */
  numbers(options: Complete<O>, t: number, row: Float64Array, memory: Record<string, number>, layout: Layout): void;
}

/** An optimizer as plain data: made by `adam({ lr: 1e-3 })` and its like, survives a structured clone, and says nothing about what it moves. */
export interface Description<N extends string, O extends OptionValues> {
  readonly kind: 'optimizer';
  readonly name: N;
  readonly options: Given<O> & CommonOptions;
}

/** What makes descriptions of one rule. */
export interface Factory<N extends string, O extends OptionValues> {
  /** Throws `option`, naming the option, its bounds and the value. */
  (options?: Given<O> & CommonOptions): Description<N, O>;
  readonly rule: Rule<O>;
}

/** The factory of a rule. */
export function factory<N extends string, O extends OptionValues>(rule: Rule<O> & { readonly name: N }): Factory<N, O> {
  const make = (options: Given<O> & CommonOptions = {}): Description<N, O> => {
    resolveRule(rule, options, rule.name);
    return { kind: 'optimizer', name: rule.name, options: { ...options } };
  };
  return Object.assign(make, { rule });
}

/** The flag at the end of a row of a rule whose moments fade: every 16th step clears what is below 2⁻¹⁰⁰, before it becomes subnormal and slow. */
export const flushAt = (t: number): number => (t % 16 === 0 ? 1 : 0);

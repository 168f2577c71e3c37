// What a rule is: its description as a plain object, from which validation, state, numbers, files, documentation and generated tests
// follow. One file a rule defines it; this file says what it must say.

import type { KernelName } from '../machine/machine.ts';
import type { OptionSpecs } from '../options.ts';
import { resolveRule } from './options.ts';

/** What an option of a rule may be. */
export type OptionValue = number | boolean | readonly [number, number];

/** A rule's options by name. */
export type OptionValues = { readonly [name: string]: OptionValue };

/** Which kernel runs, over which state, with which row of numbers. Options may choose it: without momentum there is no buffer. */
export interface Layout {
  readonly kernel: KernelName;
  /** State arrays by PyTorch's names, in the order in which the kernel takes them. */
  readonly slots: readonly string[];
  /** f32 at the beginning of the row. */
  readonly numbers: number;
  /** Words behind them, each 0 or 1, that choose a variant of the loop. */
  readonly flags: number;
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
  /** Every state array that the rule can have, by name, with one line of meaning. */
  readonly slots: { readonly [slot: string]: string };
  /** What tests may expect: each element moves by itself; lr 0 moves nothing from a fresh start. */
  readonly laws: { readonly elementwise: boolean; readonly scalesWithLr: boolean };
  /** Why options that are good one by one are not good together. */
  refuse?(options: O): string | undefined;
  /** Must be the same object for options with the same kernel. */
  layout(options: O): Layout;
  /** What a state array holds before the first step; 0 when left out. */
  initial?(slot: string, options: O): number;
  /** Writes the numbers of step t (1, 2, …), then the flags, into `row`. Computed in f64; the runner rounds each once. */
  numbers(options: O, t: number, row: Float64Array): void;
}

/** An optimizer as plain data: made by `adam({ lr: 1e-3 })` and its like, survives a structured clone, and says nothing about what it moves. */
export interface Description<N extends string, O extends OptionValues> {
  readonly kind: 'optimizer';
  readonly name: N;
  readonly options: Partial<O>;
}

/** What makes descriptions of one rule. */
export interface Factory<N extends string, O extends OptionValues> {
  /** Throws `option`, naming the option, its bounds and the value. */
  (options?: Partial<O>): Description<N, O>;
  readonly rule: Rule<O>;
}

/** The factory of a rule. */
export function factory<N extends string, O extends OptionValues>(rule: Rule<O> & { readonly name: N }): Factory<N, O> {
  const make = (options: Partial<O> = {}): Description<N, O> => {
    resolveRule(rule, options, rule.name);
    return { kind: 'optimizer', name: rule.name, options: { ...options } };
  };
  return Object.assign(make, { rule });
}

/** The flag at the end of a row of a rule whose moments fade: every 16th step clears what is below 2⁻¹⁰⁰, before it becomes subnormal and slow. */
export const flushAt = (t: number): number => (t % 16 === 0 ? 1 : 0);

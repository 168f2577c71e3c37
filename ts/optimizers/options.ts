// Options that rules have in common, and the check that turns what was given into a complete set of values.

import { DownhillError, show } from '../errors.ts';
import {
  type CheckedOption,
  describe,
  LARGEST_F32,
  type NumberOption,
  type OptionSpec,
  resolveOptions,
} from '../options.ts';
import type { OptionValue, OptionValues, Rule } from './rule.ts';

/** Learning rate. */
export const rate = (value: number): NumberOption => ({
  type: 'number',
  default: value,
  min: 0,
  max: LARGEST_F32,
  text: 'learning rate',
});

/** What keeps a denominator from zero. */
export const epsilon = (value: number): NumberOption => ({
  type: 'number',
  default: value,
  min: 0,
  max: LARGEST_F32,
  text: 'added to the denominator, so that it is not zero',
});

/** Weight decay. */
export const weightDecay = (value: number, text: string): NumberOption => ({
  type: 'number',
  default: value,
  min: 0,
  max: LARGEST_F32,
  text,
});

/** Weight decay as a part of the gradient. */
export const coupled: NumberOption = weightDecay(0, 'this times the parameters is added to the gradient (L2)');

/** A share: of the past in a moving average, or of the last step in this one. */
export const share = (value: number, text: string): NumberOption => ({
  type: 'number',
  default: value,
  min: 0,
  max: 1,
  text,
});

export const maximize: OptionSpec & { readonly default: boolean } = {
  type: 'boolean',
  default: false,
  text: 'go up the gradient instead of down',
};

/** Two numbers with the same bounds. */
export interface PairOption extends CheckedOption {
  readonly default: readonly [number, number];
  /** Bounds of each. */
  readonly element: NumberOption;
}

/** How much of the past the first and second moment keep. */
export const decayRates = (beta1: number, beta2: number): PairOption => {
  const element: NumberOption = { type: 'number', min: 0, below: 1, text: 'a decay rate' };
  return {
    type: 'checked',
    default: [beta1, beta2],
    element,
    text: 'shares of the past that the first and second moment keep at each step',
    check: (value, path) => expectPair(value, element, path),
  };
};

function expectPair(value: unknown, element: NumberOption, path: string): void {
  const { min = -Infinity, below = Infinity } = element;
  const good = (x: unknown): boolean => typeof x === 'number' && x >= min && x < below;
  if (Array.isArray(value) && value.length === 2 && value.every(good)) return;
  const expected = `a pair of numbers [first, second], each ${describe(element)}`;
  throw new DownhillError('option', `${path} must be ${expected}: got ${show(value)}`, {
    path,
    expected,
    received: show(value),
  });
}

/** All options of a rule: what was given, and defaults for the rest. Throws `option`. `path` is where the options stand: `adam.groups[1]`. */
export function resolveRule(rule: Rule, given: Partial<OptionValues>, path: string): OptionValues {
  const owner = path.replace('.', ' ');
  const values = resolveOptions<Partial<OptionValues>>(given, rule.options, { owner, path });
  const resolved: OptionValues = Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, copied(value)]])),
  );
  const reason = rule.refuse?.(resolved);
  if (reason !== undefined) throw new DownhillError('option', `${owner}: ${reason}`, { path });
  return Object.freeze(resolved);
}

const copied = (value: OptionValue): OptionValue => (typeof value === 'object' ? [value[0], value[1]] : value);

// Options that rules have in common, and the check that turns what was given into a complete set of values.

import { DownhillError, show } from '../errors.ts';
import {
  type BooleanOption,
  type CheckedOption,
  describe,
  LARGEST_F32,
  type NumberOption,
  type OptionSpec,
  resolveOptions,
  unknownName,
} from '../options.ts';
import type { Schedule } from '../schedules/index.ts';
import { type DecayMode, type Dialect, decayModes, dialectTitles } from './common.ts';
import type { Complete, DialectSpec, OptionValue, OptionValues, Rule } from './rule.ts';
import { type ScheduledOption, takeSchedules, withNaN, withSchedules } from './scheduled.ts';

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

export const maximize: BooleanOption & { readonly default: boolean } = {
  type: 'boolean',
  default: false,
  text: 'go up the gradient instead of down',
};

/** So many numbers with the same bounds. */
export interface TupleOption extends CheckedOption {
  readonly default: readonly number[];
  /** Bounds of each. */
  readonly element: NumberOption;
}

/** Several numbers with the same bounds. */
export function tuple(values: readonly number[], element: NumberOption, text: string): TupleOption {
  return {
    type: 'checked',
    default: values,
    element,
    text,
    check: (value, path) => expectTuple(value, values.length, element, path),
  };
}

/** How much of the past the moments keep: first and second, or as many as the rule has. */
export const decayRates = (...betas: readonly number[]): TupleOption =>
  tuple(
    betas,
    { type: 'number', min: 0, below: 1, text: 'a decay rate' },
    `shares of the past that ${betas.length === 2 ? 'the first and second moment keep' : 'the moments keep'} at each step`,
  );

const COUNTS: readonly string[] = ['no', 'one', 'two', 'three', 'four'];

function expectTuple(value: unknown, length: number, element: NumberOption, path: string): void {
  const { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity } = element;
  const good = (x: unknown): boolean => typeof x === 'number' && x >= min && x <= max && x > above && x < below;
  if (Array.isArray(value) && value.length === length && value.every(good)) return;
  const expected =
    length === 2
      ? `a pair of numbers [first, second], each ${describe(element)}`
      : `a list of ${COUNTS[length]} numbers, each ${describe(element)}`;
  throw new DownhillError('option', `${path} must be ${expected}: got ${show(value)}`, {
    path,
    expected,
    received: show(value),
  });
}

/** A complete set of options. */
export interface Resolved {
  /** As users see it: a number that has a schedule is the schedule. */
  readonly options: {
    readonly [name: string]: OptionValue | Schedule | readonly (number | Schedule)[] | readonly string[];
  };
  /** For what does not depend on the step: a number that has a schedule is NaN. */
  readonly fixed: Complete;
  readonly scheduled: readonly ScheduledOption[];
  /** What weight decay leaves alone. */
  readonly noDecay: 'none' | 'vectors' | readonly string[];
}

/** The dialect that is meant, and what the rule says of it. Throws `option` when the rule has no such dialect. */
export function dialectOf(rule: Rule, given: unknown, owner: string, path: string): [Dialect, DialectSpec] {
  const names = Object.keys(rule.dialects) as Dialect[];
  const dialect = given === undefined ? names[0] : names.find((name) => name === given);
  const spec = dialect === undefined ? undefined : rule.dialects[dialect];
  if (dialect !== undefined && spec !== undefined) return [dialect, spec];
  const expected = `one of ${names.map((name) => `'${name}'`).join(', ')}`;
  const title = new Map<unknown, string>(Object.entries(dialectTitles)).get(given);
  const why = title === undefined ? '' : `; ${title} has no such optimizer`;
  throw new DownhillError('option', `${owner}: dialect must be ${expected}: got ${show(given)}${why}`, {
    path: `${path}.dialect`,
    expected,
    received: show(given),
  });
}

const modes: OptionSpec = { type: 'choice', values: decayModes, text: 'how weight decay enters' };

/** All options of a rule: what was given, and the dialect's defaults for the rest. Throws `option`. `path` is where the options stand: `adam.groups[1]`. */
export function resolveRule(rule: Rule, given: object, path: string): Resolved {
  const owner = path.replace('.', ' ');
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new DownhillError('option', `${owner}: options must be an object: got ${show(given)}`, { path });
  const { dialect: wanted, decayMode, noDecay, ...own }: Record<string, unknown> = { ...given };
  const [dialect, dialectSpec] = dialectOf(rule, wanted, owner, path);
  const { defaults = {}, without = [] } = dialectSpec;
  for (const name of without) {
    if (own[name] === undefined) continue;
    const title = dialectTitles[dialect];
    throw new DownhillError('option', `${owner}: ${name} is no option in the dialect '${dialect}': ${title} has none`, {
      path: `${path}.${name}`,
    });
  }
  const [plain, scheduled] = takeSchedules(rule, own, owner, path);
  const specs = Object.fromEntries(
    Object.entries(rule.options).map(([name, spec]) => [
      name,
      name in defaults ? { ...spec, default: (defaults as OptionValues)[name] } : spec,
    ]),
  ) as typeof rule.options;
  const values = resolveOptions<Partial<OptionValues>>(plain as Partial<OptionValues>, specs, { owner, path });
  const options: Record<string, OptionValue> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) options[name] = copied(value);
  const decays = Object.hasOwn(rule.options, 'weightDecay');
  if (!decays && (decayMode !== undefined || noDecay !== undefined))
    throw unknownName(
      owner,
      'option',
      decayMode === undefined ? 'noDecay' : 'decayMode',
      Object.keys(rule.options),
      path,
    );
  const { mode } = resolveOptions<{ mode?: string }>(
    decayMode === undefined ? {} : { mode: decayMode as string },
    { mode: { ...modes, default: defaults.decayMode ?? rule.decayMode ?? 'coupled' } as OptionSpec },
    { owner, path },
  );
  const fixed: Complete = Object.freeze({ ...withNaN(options, scheduled), dialect, decayMode: mode as DecayMode });
  const reason = rule.refuse?.(fixed);
  if (reason !== undefined) throw new DownhillError('option', `${owner}: ${reason}`, { path });
  for (const name of without) delete options[name];
  const decayed: OptionValues = decays ? { decayMode: mode as DecayMode } : {};
  return {
    options: Object.freeze({
      ...withSchedules({ ...options, dialect, ...decayed }, scheduled),
      ...(noDecay === undefined ? {} : { noDecay: expectNoDecay(noDecay, owner, path) }),
    }),
    fixed,
    scheduled,
    noDecay: expectNoDecay(noDecay, owner, path),
  };
}

const copied = (value: OptionValue): OptionValue => (typeof value === 'object' ? [...value] : value);

function expectNoDecay(given: unknown, owner: string, path: string): Resolved['noDecay'] {
  if (given === undefined || given === 'none') return 'none';
  if (given === 'vectors') return 'vectors';
  if (Array.isArray(given) && given.every((x) => typeof x === 'string')) return [...given];
  const expected = "'none', 'vectors', or a list of patterns such as ['*.bias']";
  throw new DownhillError('option', `${owner}: noDecay must be ${expected}: got ${show(given)}`, {
    path: `${path}.noDecay`,
    expected,
    received: show(given),
  });
}

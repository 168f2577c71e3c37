// Options of descriptions: what each may be, and the check that names the option, its bounds and the value. Every description, layer,
// loss, initializer and call of the training layer is validated here, so all messages read alike.

import { DownhillError, show } from './errors.ts';

/** A number with bounds: `min` and `max` belong to it, `above` and `below` do not. */
export interface NumberOption {
  readonly type: 'number' | 'integer';
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
  /** One line of meaning. */
  readonly text: string;
}

export interface BooleanOption {
  readonly type: 'boolean';
  readonly default?: boolean;
  readonly text: string;
}

/** One of some words. */
export interface ChoiceOption {
  readonly type: 'choice';
  readonly values: readonly string[];
  readonly default?: string;
  readonly text: string;
}

/** Anything else: `check` throws when it does not like the value; `path` is where it stands. */
export interface CheckedOption {
  readonly type: 'checked';
  readonly check: (value: unknown, path: string) => void;
  readonly default?: unknown;
  readonly text: string;
}

/** What an option may be. One without a default is required unless `optional`. */
export type OptionSpec = (NumberOption | BooleanOption | ChoiceOption | CheckedOption) & { readonly optional?: true };

/** One spec for each option of the description `D`. */
export type OptionSpecs<D extends object> = { readonly [K in Exclude<keyof D, 'kind'>]-?: OptionSpec };

/** Where options stand: how messages begin (`dense`, `layers[0] dense`), and the path of the object (`layers[0]`, or `''`). */
export interface Place {
  readonly owner: string;
  readonly path: string;
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** Checks every option and fills in the defaults. Throws `option`, naming the option, its bounds and the value. */
export function resolveOptions<D extends object>(given: D, specs: OptionSpecs<D>, place: Place): Required<D> {
  const { owner, path } = place;
  const known: Readonly<Record<string, OptionSpec>> = specs;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new DownhillError('option', `${owner}: options must be an object: got ${show(given)}`, { path });
  const resolved: [string, unknown][] = [];
  for (const [name, value] of Object.entries(given)) {
    if (name === 'kind') resolved.push([name, value]);
    else if (!Object.hasOwn(known, name))
      throw unknownName(owner, 'option', name, Object.keys(known), join(path, name));
  }
  const values = new Map<string, unknown>(Object.entries(given));
  for (const [name, spec] of Object.entries(known)) {
    const value = values.get(name) ?? spec.default;
    if (value === undefined && spec.optional) continue;
    checkOption(value, spec, owner, name, join(path, name));
    resolved.push([name, value]);
  }
  return Object.fromEntries(resolved) as Required<D>;
}

function checkOption(value: unknown, spec: OptionSpec, owner: string, name: string, path: string): void {
  if (spec.type === 'checked') {
    spec.check(value, path);
    return;
  }
  if (accepts(value, spec)) return;
  const expected = describe(spec);
  throw new DownhillError('option', `${owner}: ${name} must be ${expected}: got ${show(value)}`, {
    path,
    expected,
    received: show(value),
  });
}

function accepts(value: unknown, spec: Exclude<OptionSpec, CheckedOption>): boolean {
  if (spec.type === 'boolean') return typeof value === 'boolean';
  if (spec.type === 'choice') return typeof value === 'string' && spec.values.includes(value);
  const { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity } = spec;
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (spec.type === 'integer' && !Number.isSafeInteger(value)) return false;
  return value >= min && value <= max && value > above && value < below;
}

/** A bound that only keeps numbers from becoming infinite in a kernel: messages leave it out. */
export const LARGEST_F32 = 3.4028234663852886e38;

/** What a spec allows, in words: `a number > 0 and ≤ 1`. */
export function describe(spec: Exclude<OptionSpec, CheckedOption>): string {
  if (spec.type === 'boolean') return 'true or false';
  if (spec.type === 'choice') return `one of ${spec.values.map((value) => `'${value}'`).join(', ')}`;
  const { min, max, above, below } = spec;
  const bounds = [
    ...(above === undefined ? [] : [`> ${above}`]),
    ...(min === undefined ? [] : [`≥ ${min}`]),
    ...(below === undefined ? [] : [`< ${below}`]),
    ...(max === undefined || max === LARGEST_F32 ? [] : [`≤ ${max}`]),
  ].join(' and ');
  const noun = spec.type === 'integer' ? 'a whole number' : 'a finite number';
  return bounds === '' ? noun : `${noun} ${bounds}`;
}

/** Throws `option` unless `given` is undefined or an object with none but these names: what is misspelt would go unseen. */
export function expectNames(owner: string, given: unknown, names: readonly string[]): void {
  if (given === undefined) return;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new DownhillError('option', `${owner}: options must be an object: got ${show(given)}`, { path: owner });
  for (const name of Object.keys(given))
    if (!names.includes(name)) throw unknownName(owner, 'option', name, names, `${owner}.${name}`);
}

/** What other libraries call an option: too far from our word to be taken for a slip of the pen. */
const ALIASES: Readonly<Record<string, string>> = {
  learningrate: 'lr',
  learning_rate: 'lr',
  stepsize: 'lr',
  rate: 'lr',
  epsilon: 'eps',
  decay: 'weightDecay',
  l2: 'weightDecay',
  keepdim: 'keepDims',
};

/** The error for a name that is not in a list, with the nearest one that is. */
export function unknownName(
  owner: string,
  noun: string,
  name: string,
  names: readonly string[],
  path: string,
): DownhillError {
  const near = nearest(name, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  const list = names.length === 0 ? `there are none` : `there is ${names.join(', ')}`;
  return new DownhillError('option', `${owner}: unknown ${noun} ${show(name)}${hint} (${list})`, {
    path,
    expected: names.join(', '),
    received: show(name),
  });
}

/** The name that takes the fewest edits from `name`, unless it takes more than a third of its letters. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const alias = ALIASES[name.toLowerCase()];
  if (alias !== undefined && names.includes(alias)) return alias;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const distance = edits(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}

/** Finds the definition of a description in a list by its `kind`. Throws `option` when `value` is no description of the list. */
export function definitionFor<T>(list: Readonly<Record<string, T>>, value: unknown, noun: string, path: string): T {
  const names = Object.keys(list);
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  if (typeof kind !== 'string') {
    const expected = `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun} such as ${names[0]}()`;
    throw new DownhillError('option', `${path} must be ${expected}: got ${show(value)}`, {
      path,
      expected,
      received: show(value),
    });
  }
  if (!Object.hasOwn(list, kind)) throw unknownName(path, noun, kind, names, path);
  return list[kind];
}

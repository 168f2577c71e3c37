// What a schedule is: plain data with a kind, and for each kind a definition that checks the data and gives the value of any step.
// Schedules made of schedules get the values of those through the evaluation, so that no definition needs the list.

import { DownhillError, show } from '../errors.ts';
import { LARGEST_F32, type OptionSpecs, type Place, resolveOptions } from '../options.ts';
import type { Schedule } from './list.ts';
import type { PlateauMemory } from './plateau.ts';

/** What stands inside a schedule, while its value is worked out. */
export interface Inside {
  /** The value of a schedule that this one holds, by its position among them, at a step of its own counting. */
  value(index: number, step: number): number;
  /** What a schedule with a memory remembers; undefined before the first metric. */
  readonly memory: PlateauMemory | undefined;
}

/** One schedule of the list. `D` has every option, with its default filled in. */
export interface ScheduleDefinition<D extends { readonly kind: string }> {
  readonly kind: D['kind'];
  readonly options: OptionSpecs<D>;
  /** The option that holds a schedule or a list of them; a number in their place is a constant. */
  readonly holds?: string;
  /** The schedules that it holds. */
  children?(schedule: D): readonly Schedule[];
  /** Whether it has a memory. */
  readonly remembers?: true;
  /** Defaults that follow from other options. */
  complete?(given: Partial<D>): Partial<D>;
  /** Why options that are good one by one are not good together. */
  refuse?(schedule: D): string | undefined;
  /** The value at a step ≥ 0. Takes about the same time for every step. */
  value(schedule: D, step: number, inside: Inside): number;
}

/** Checks a schedule that another holds, and gives it with its defaults. */
export type CheckHeld = (value: unknown, path: string) => object;

/** Schedules whose options are known to be good, which spares each step the check, and how many plateaus each has. */
const checked = new WeakMap<object, number>();

/** Whether `schedule` came from {@link resolveSchedule} with all that it holds, so that it is frozen and good. */
export const isChecked = (schedule: object): boolean => checked.has(schedule);

/** Checks options, fills in the defaults and freezes the result. Throws `option`, naming the option, its bounds and the value. */
export function resolveSchedule<D extends { readonly kind: string }>(
  given: Partial<D>,
  definition: ScheduleDefinition<D>,
  place: Place,
  checkHeld: CheckHeld,
): D {
  const { kind, holds } = definition;
  const options = isObject(given) ? { ...definition.complete?.(given), ...withoutUndefined(given), kind } : given;
  const resolved = resolveOptions<Partial<D>>(
    options as Partial<D>,
    definition.options as OptionSpecs<Partial<D>>,
    place,
  );
  const held: object[] = [];
  const take = (value: unknown, path: string): object => {
    const schedule = checkHeld(value, path);
    held.push(schedule);
    return schedule;
  };
  const entries = Object.entries(resolved).map(([name, value]): [string, unknown] => {
    const path = `${place.path}.${name}`;
    if (!Array.isArray(value)) return [name, name === holds ? take(value, path) : value];
    return [
      name,
      Object.freeze(value.map((each: unknown, i) => (name === holds ? take(each, `${path}[${i}]`) : each))),
    ];
  });
  const schedule = Object.freeze(Object.fromEntries(entries)) as D;
  const reason = definition.refuse?.(schedule);
  if (reason !== undefined) throw new DownhillError('option', `${place.owner}: ${reason}`, { path: place.path });
  const plateaus = held.reduce((sum, each) => sum + (checked.get(each) ?? 0), definition.remembers ? 1 : 0);
  if (plateaus > 1) {
    const reason = `there must be at most one reduceOnPlateau: got ${plateaus}`;
    throw new DownhillError('option', `${place.owner}: ${reason}`, { path: place.path });
  }
  if (held.every(isChecked)) checked.set(schedule, plateaus);
  return schedule;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const withoutUndefined = <T extends object>(given: T): Partial<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Whether a value looks like the data of a schedule: an object with a kind. */
export const hasKind = (value: unknown): value is { readonly kind: string } =>
  isObject(value) && 'kind' in value && typeof value.kind === 'string';

/** Makes a schedule. Data that it holds and no function here made is checked when it is used, where the list is known. */
export function makeSchedule<D extends { readonly kind: string }>(
  definition: ScheduleDefinition<D>,
  options: Partial<D>,
): D {
  const { kind } = definition;
  return resolveSchedule(options, definition, { owner: kind, path: kind }, (value, path) => {
    if (typeof value === 'number') return constantOf(value, path);
    if (hasKind(value)) return value;
    throw notSchedule(value, path);
  });
}

/** A number where a schedule may stand. Throws `option`. */
export function constantOf(value: number, path: string): { readonly kind: 'constant'; readonly value: number } {
  if (!(value >= 0 && value <= LARGEST_F32)) throw notSchedule(value, path);
  const schedule = Object.freeze({ kind: 'constant', value } as const);
  checked.set(schedule, 0);
  return schedule;
}

/** The error for what is neither a schedule nor a number. */
export function notSchedule(value: unknown, path: string): DownhillError {
  const expected = 'a schedule such as cosineDecay() or a finite number ≥ 0';
  const received = show(value);
  return new DownhillError('option', `${path} must be ${expected}: got ${received}`, { path, expected, received });
}

/** `from` at share 1, `to` at share 0, and never beyond either. */
export function blend(from: number, to: number, share: number): number {
  const value = share * from + (1 - share) * to;
  return Math.min(Math.max(value, Math.min(from, to)), Math.max(from, to));
}

/** `value` times a factor that may have grown beyond every number: never infinite, and 0 stays 0. */
export const times = (value: number, factor: number): number =>
  Math.min(value * Math.min(factor, Number.MAX_VALUE), LARGEST_F32);

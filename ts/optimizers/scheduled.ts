// Options that change from step to step: a number of an option may be a schedule. The schedules are taken out before the options are
// checked, and give their numbers, within the option's bounds, at each step.

import { DownhillError } from '../errors.ts';
import { describe, type NumberOption, type OptionSpec } from '../options.ts';
import {
  checkSchedule,
  isSchedule,
  isSerialisable,
  plateauOf,
  type Schedule,
  scheduleValue,
} from '../schedules/index.ts';
import type { Resolved } from './options.ts';
import type { Complete, OptionValue, OptionValues, Rule } from './rule.ts';

/** A number of the options that changes from step to step. */
export interface ScheduledOption {
  readonly name: string;
  /** Which number of a tuple. */
  readonly index: number | undefined;
  readonly schedule: Schedule;
}

/** The options at step t (1, 2, …). Throws `option` when a schedule leaves the bounds of its option. `memories` are those of plateaus. */
export function optionsAt(
  rule: Rule,
  { fixed, scheduled }: Resolved,
  t: number,
  read: (option: ScheduledOption, step: number) => number = ({ schedule }, step) => scheduleValue(schedule, step),
): Complete {
  if (scheduled.length === 0) return fixed;
  const values: Record<string, OptionValue> = { ...fixed };
  for (const option of scheduled) {
    const { name, index } = option;
    const value = read(option, t - 1);
    const spec: OptionSpec & { element?: NumberOption } = rule.options[name];
    expectInBounds(rule.name, name, value, spec.element ?? (spec as NumberOption), t);
    const whole = values[name];
    values[name] = index === undefined || typeof whole !== 'object' ? value : replaced(whole, index, value);
  }
  return values as Complete;
}

function expectInBounds(owner: string, name: string, value: number, spec: NumberOption, t: number): void {
  const { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity } = spec;
  if (value >= min && value <= max && value > above && value < below && Number.isFinite(value)) return;
  const expected = describe(spec);
  throw new DownhillError(
    'option',
    `${owner}: the schedule of ${name} must give ${expected}: at step ${t} it gives ${value}`,
    {
      path: `${owner}.${name}`,
      expected,
      received: String(value),
    },
  );
}

/** Numbers that have a schedule get a place holder that is within bounds; the schedules come in a list. */
export function takeSchedules(
  rule: Rule,
  own: Readonly<Record<string, unknown>>,
  owner: string,
  path: string,
): [Record<string, unknown>, ScheduledOption[]] {
  const scheduled: ScheduledOption[] = [];
  const plain: Record<string, unknown> = { ...own };
  for (const [name, value] of Object.entries(own)) {
    const spec: (OptionSpec & { element?: NumberOption }) | undefined = Object.hasOwn(rule.options, name)
      ? rule.options[name]
      : undefined;
    const take = (x: unknown, index: number | undefined, at: string): void => {
      const schedule = checkSchedule(x, owner, at);
      if (plateauOf(schedule) !== undefined) throw plateauError(owner, at);
      scheduled.push({ name, index, schedule });
    };
    if (spec?.type === 'number' && isSchedule(value)) {
      take(value, undefined, `${path}.${name}`);
      plain[name] = spec.default;
    } else if (spec?.element !== undefined && Array.isArray(value)) {
      const defaults = spec.type === 'checked' && Array.isArray(spec.default) ? spec.default : [];
      plain[name] = value.map((x: unknown, i) => {
        if (!isSchedule(x)) return x;
        take(x, i, `${path}.${name}[${i}]`);
        return defaults[i];
      });
    }
  }
  return [plain, scheduled];
}

export function withNaN(options: OptionValues, scheduled: readonly ScheduledOption[]): OptionValues {
  const values: Record<string, OptionValue> = { ...options };
  for (const { name, index } of scheduled) {
    const whole = values[name];
    values[name] = index === undefined || typeof whole !== 'object' ? Number.NaN : replaced(whole, index, Number.NaN);
  }
  return values;
}

export function withSchedules(options: OptionValues, scheduled: readonly ScheduledOption[]): Resolved['options'] {
  const values: Record<string, Resolved['options'][string]> = { ...options };
  for (const { name, index, schedule } of scheduled) {
    const whole = values[name];
    if (index === undefined || !Array.isArray(whole)) values[name] = schedule;
    else values[name] = whole.map((x: number | Schedule, i) => (i === index ? schedule : x));
  }
  return values;
}

const replaced = (whole: readonly number[], index: number, value: number): number[] =>
  whole.map((x, i) => (i === index ? value : x));

/** A plateau remembers metrics, which an optimizer is not told. */
const plateauError = (owner: string, path: string): DownhillError =>
  new DownhillError(
    'option',
    `${owner}: ${path} cannot hold reduceOnPlateau(), which needs a metric: keep its memory with startPlateau() and nextPlateau(), and set the option to scheduleValue(schedule, step, memory)`,
    { path },
  );

/** Throws `option` where options hold a function, which can be neither saved nor sent to a worker. */
export function expectSerialisable(options: object | undefined, owner: string): void {
  for (const [name, value] of Object.entries(options ?? {})) {
    const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (parts.every((part) => !isSchedule(part) || isSerialisable(part))) continue;
    const path = `${owner}.${name}`;
    const message = `${owner}: ${name} is a schedule with a function in it (lambda), which can be neither saved nor sent to a worker: use another schedule, or set ${name} between calls`;
    throw new DownhillError('option', message, { path });
  }
}

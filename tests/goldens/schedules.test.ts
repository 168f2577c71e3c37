// Schedules and plateaus against PyTorch, Keras and Optax in float64: each case of the data file, through the one table that
// says how a schedule of theirs is written with ours.

import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { join, nextPlateau, product, type Schedule, scheduleValue, startPlateau } from '../../ts/schedules/index.ts';
import { MOMENTUM, type Options, TABLE } from './support/schedules.ts';

interface Case {
  readonly id: string;
  readonly base_lr?: number;
  readonly schedule: readonly { readonly name: string; readonly options: Options }[];
  readonly combine?: { readonly name: string; readonly milestones?: readonly number[] };
  readonly metrics?: string;
  readonly values: readonly number[];
  readonly momentum?: readonly number[];
}

interface File {
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  readonly cases: readonly Case[];
}

const file = JSON.parse(readFileSync(new URL('data/schedules.json', import.meta.url), 'utf8')) as File;

const TOLERANCE = 1e-12;

function scheduleOf({ schedule, combine, base_lr = Number.NaN }: Case): Schedule {
  const parts = schedule.map(({ name, options }, i) =>
    TABLE[name](options, combine?.name === 'ChainedScheduler' && i > 0 ? 1 : base_lr),
  );
  if (combine?.milestones !== undefined) return join({ schedules: parts, boundaries: combine.milestones });
  return parts.length === 1 ? parts[0] : product(...parts);
}

/** The values of all steps; for a plateau those after each metric. */
function valuesOf(each: Case): number[] {
  const schedule = scheduleOf(each);
  if (each.metrics === undefined) return each.values.map((_, step) => scheduleValue(schedule, step));
  const sign = each.schedule[0].options.mode === 'max' ? -1 : 1;
  let memory = startPlateau(schedule);
  return file.metrics[each.metrics].map((metric, step) => {
    memory = nextPlateau(schedule, memory, sign * metric);
    return scheduleValue(schedule, step + 1, memory);
  });
}

/** The largest difference, in units of the largest value. */
function errorOf(got: readonly number[], want: readonly number[]): number {
  expect(got).toHaveLength(want.length);
  const largest = Math.max(...want);
  return Math.max(...got.map((value, i) => (Number.isFinite(value) ? Math.abs(value - want[i]) / largest : Infinity)));
}

test('the data file is whole', () => {
  expect(file.cases).toHaveLength(63);
});

describe.each(file.cases.map((each) => [each.id, each] as const))('%s', (_, each) => {
  it('has the framework’s values', () => {
    expect(errorOf(valuesOf(each), each.values)).toBeLessThan(TOLERANCE);
  });

  const { momentum } = each;
  if (momentum === undefined) return;
  it('has the framework’s momentum', () => {
    const schedule = MOMENTUM[each.schedule[0].name](each.schedule[0].options);
    const got = momentum.map((_, step) => scheduleValue(schedule, step));
    expect(errorOf(got, momentum)).toBeLessThan(TOLERANCE);
  });
});

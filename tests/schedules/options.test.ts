// Bad options of schedules: refused with the place, the bounds and the value, when made or, for data that was read, when checked.
// Good data without its defaults gets them.

import { describe, expect, it } from 'vitest';
import * as s from '../../ts/schedules/index.ts';
import { schedules } from '../../ts/schedules/list.ts';

describe('bad options are named with their place', () => {
  const cosine = { kind: 'cosineDecay', from: 1, steps: 10 };
  it.each<[string, () => unknown, string]>([
    ['bounds', () => s.cosineDecay({ from: 1, steps: 0 }), 'cosineDecay: steps must be a whole number ≥ 1: got 0'],
    [
      'a missing one',
      () => s.cosineDecay({ from: 1 } as s.CosineDecayOptions),
      'cosineDecay: steps must be a whole number ≥ 1: got undefined',
    ],
    ['NaN', () => s.constant(Number.NaN), 'constant: value must be a finite number ≥ 0: got NaN'],
    ['a misspelt one', () => s.stepDecay({ from: 1, evry: 3 } as never), 'did you mean every?'],
    ['no object', () => s.linearDecay(0.1 as never), 'linearDecay: options must be an object: got 0.1'],
    [
      'descending steps',
      () => s.multistepDecay({ from: 1, boundaries: [5, 5] }),
      'multistepDecay.boundaries must be a list of whole numbers ≥ 1, each larger than the one before: got [5, 5]',
    ],
    [
      'too few values',
      () => s.piecewise({ values: [1], boundaries: [5] }),
      'piecewise: values must be one more than boundaries (1): got 1',
    ],
    [
      'too few schedules',
      () => s.join({ schedules: [1], boundaries: [5] }),
      'join: schedules must be one more than boundaries (1): got 1',
    ],
    ['no factors', () => s.product(), 'product.schedules must be a list of schedules and numbers, one or more: got []'],
    [
      'a held number',
      () => s.product(1, -1),
      'product.schedules[1] must be a schedule such as cosineDecay() or a finite number ≥ 0: got -1',
    ],
    [
      'a held word',
      () => s.warmup('fast' as never, { steps: 1 }),
      'warmup.schedule must be a schedule such as cosineDecay() or a finite number ≥ 0',
    ],
    [
      'a bound on the wrong side',
      () => s.exponentialDecay({ from: 1, factor: 0.5, to: 2 }),
      'exponentialDecay: to must be ≤ from (1) where factor is 0.5: got 2',
    ],
    [
      'three long phases',
      () => s.oneCycle({ peak: 1, steps: 9, riseShare: 0.6, threePhases: true }),
      'oneCycle: riseShare must be ≤ 0.5 with threePhases: got 0.6',
    ],
    ['a floor above', () => s.reduceOnPlateau({ from: 1, to: 2 }), 'reduceOnPlateau: to must be ≤ from (1): got 2'],
    ['a list for one', () => s.warmup([1] as never, { steps: 1 }), 'warmup.schedule must be a schedule such as'],
    [
      'a hole in a list',
      () => s.piecewise({ values: Object.assign([1, 2], { length: 3 }), boundaries: [1, 2] }),
      'piecewise.values must be a list of finite numbers',
    ],
    ['no function', () => s.lambda(3 as never), 'lambda.f must be a function of the step: got 3'],
    [
      'two plateaus',
      () => s.product(s.reduceOnPlateau({ from: 1 }), s.reduceOnPlateau({ from: 1 })),
      'product: there must be at most one reduceOnPlateau: got 2',
    ],
    ['a step', () => s.scheduleValue(s.constant(1), -1), 'scheduleValue: step must be a whole number ≥ 0: got -1'],
    [
      'no plateau',
      () => s.startPlateau(s.constant(1)),
      'schedule must be a schedule with a reduceOnPlateau: got constant',
    ],
    [
      'checked data',
      () => s.checkSchedule({ ...cosine, steps: -1 }, 'adam', 'optimizer.lr'),
      'adam: optimizer.lr cosineDecay: steps must be a whole number ≥ 1: got -1',
    ],
    [
      'checked data within',
      () => s.checkSchedule({ kind: 'product', schedules: [1, { ...cosine, steps: -1 }] }, 'adam', 'adam.lr'),
      'adam.lr.schedules[1] cosineDecay: steps must be',
    ],
    ['an unknown kind', () => s.checkSchedule({ kind: 'cosineDecy' }, 'adam', 'adam.lr'), 'did you mean cosineDecay?'],
    [
      'what is none',
      () => s.checkSchedule(null, 'adam', 'adam.lr'),
      'adam.lr must be a schedule such as cosineDecay() or a finite number ≥ 0: got null',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(expect.objectContaining({ code: 'option', message: expect.stringContaining(message) }));
  });

  it('data that a schedule holds is checked at the latest when it is used', () => {
    const bad = s.product(1, { ...cosine, steps: -1 } as s.Schedule);
    expect(() => s.scheduleValue(bad, 0)).toThrow('schedule.schedules[1] cosineDecay: steps must be');
  });

  it('data without its defaults gets them', () => {
    expect(s.checkSchedule(cosine, 'adam', 'lr')).toEqual(s.cosineDecay({ from: 1, steps: 10 }));
    expect(s.scheduleValue(cosine as s.Schedule, 10)).toBe(0);
    const checked = s.cosineDecay({ from: 1, steps: 10 });
    expect(s.checkSchedule(checked, 'adam', 'lr')).toBe(checked);
  });

  it('values go up to the largest f32', () => {
    const largest = 3.4028234663852886e38;
    const values = (list: readonly unknown[]) => (): unknown =>
      s.piecewise({ values: list as number[], boundaries: [1] });
    expect(values([largest, 0])).not.toThrow();
    expect(s.scheduleValue(s.product(largest, largest), 0)).toBe(largest);
    for (const bad of [3.5e38, -1, '1', null]) expect(values([1, bad])).toThrow('piecewise.values must be');
  });

  it('isSchedule knows the kinds', () => {
    expect([cosine, { kind: 'dense' }, { kind: 'toString' }, 3, null, 'constant', []].map(s.isSchedule)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

/** Good data of each kind, every option given. */
const WHOLE: { readonly [K in s.Schedule['kind']]: Extract<s.Schedule, { kind: K }> } = {
  constant: s.constant(1),
  cosineDecay: s.cosineDecay({ from: 1, steps: 10 }),
  cyclic: s.cyclic({ from: 1, peak: 2 }),
  exponentialDecay: s.exponentialDecay({ from: 1, factor: 0.5, to: 0.1 }),
  inverseTimeDecay: s.inverseTimeDecay({ from: 1, rate: 1 }),
  join: s.join({ schedules: [1, 2], boundaries: [3] }),
  lambda: s.lambda(() => 1),
  linearDecay: s.linearDecay({ from: 1, steps: 10 }),
  multistepDecay: s.multistepDecay({ from: 1, boundaries: [3] }),
  noam: s.noam({ modelSize: 4 }),
  oneCycle: s.oneCycle({ peak: 1, steps: 10 }),
  piecewise: s.piecewise({ values: [1, 2], boundaries: [3] }),
  polynomialDecay: s.polynomialDecay({ from: 1, steps: 10 }),
  product: s.product(1, 2),
  reduceOnPlateau: s.reduceOnPlateau({ from: 1 }),
  stepDecay: s.stepDecay({ from: 1, every: 10 }),
  warmRestarts: s.warmRestarts({ from: 1, steps: 10 }),
  warmup: s.warmup(1, { steps: 10 }),
};

const options = Object.values(WHOLE).flatMap((whole) =>
  Object.entries(schedules[whole.kind].options).map(
    ([name, spec]) => [`${whole.kind}.${name}`, whole, name, spec] as const,
  ),
);

it.each(options)('%s refuses what it is not, by its path', (at, whole, name, spec) => {
  const bad: unknown[] = ['x', Number.NaN, -1, Infinity, [], {}];
  if (spec.type === 'integer') bad.push(0.5, ...(spec.min === 1 ? [0] : []));
  if (spec.type === 'number') bad.push(...[spec.above, spec.below, (spec.max ?? Infinity) * 1.01].filter(isGiven));
  if (spec.type === 'checked') bad.push([Number.NaN], ['x'], [-1], [null]);
  for (const value of bad) {
    const check = (): unknown => s.checkSchedule({ ...whole, [name]: value }, whole.kind, whole.kind);
    expect(check, String(value)).toThrow(
      expect.objectContaining({ code: 'option', path: expect.stringMatching(`^${at}(\\[0\\])?$`) }),
    );
  }
  expect(s.checkSchedule(structuredCloneOf(whole), 'adam', 'adam.lr')).toEqual(whole);
  expect(spec.text.length).toBeGreaterThan(5);
});

const isGiven = (x: number | undefined): boolean => x !== undefined;

/** What a worker gets; a function is kept, as no worker would. */
const structuredCloneOf = (schedule: s.Schedule): unknown =>
  schedule.kind === 'lambda' ? { ...schedule } : structuredClone(schedule);

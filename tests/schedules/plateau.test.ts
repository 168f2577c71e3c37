// The schedule with a memory: what it remembers is finite plain numbers, from which it goes on as if nothing had happened.
// Its values are compared with the frameworks' in the golden tests.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as s from '../../ts/schedules/index.ts';

describe('a plateau', () => {
  const schedule = s.reduceOnPlateau({ from: 1, factor: 0.5, patience: 1, average: 2 });
  const reported = (metrics: readonly number[], start = s.startPlateau(schedule)): s.PlateauMemory =>
    metrics.reduce((memory, metric) => s.nextPlateau(schedule, memory, metric), start);

  it('goes on from a memory that went through JSON as if it had not, and changes no memory', () => {
    const metric = fc.oneof(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.constantFrom(Number.NaN, Infinity, 1e308, -1e308),
    );
    fc.assert(
      fc.property(fc.array(metric), fc.array(metric), (before, behind) => {
        const memory = Object.freeze(reported(before));
        expect(Object.values(memory).every(Number.isFinite)).toBe(true);
        expect(reported(behind, JSON.parse(JSON.stringify(memory)))).toEqual(reported([...before, ...behind]));
      }),
    );
  });

  it('takes a metric that is not finite for a bad one, in an average too', () => {
    expect(reported([3, 3, Number.NaN, 0, Infinity, 0]).value).toBe(1 * 0.5);
    expect(reported([3, 3, 1, 0, 2, 0]).value).toBe(1);
  });

  it('counts wherever it stands', () => {
    const whole = s.product(0.1, s.warmup(schedule, { steps: 4 }));
    expect(s.plateauOf(whole)).toBe(schedule);
    expect(s.plateauOf(s.product(1, s.constant(1)))).toBeUndefined();
    let memory = s.startPlateau(whole);
    for (let k = 0; k < 6; k++) memory = s.nextPlateau(whole, memory, 1);
    expect([2, 4, 9].map((at) => s.scheduleValue(whole, at, memory))).toEqual([0.025, 0.05, 0.05]);
  });

  it('averages as many metrics as it is told', () => {
    expect(reported([3, 5, 2, 3])).toMatchObject({ best: 2.5, pending: 0, bad: 0 });
    expect(reported([3, 5, 2])).toMatchObject({ best: 4, pending: 1, mean: 2 });
  });

  it.each<[string, s.ReduceOnPlateauOptions, number, number]>([
    ['a smaller one', { from: 1, relative: 0.25, absolute: 0.5 }, 4, 2.5],
    ['a larger one', { from: 1, mode: 'max', relative: 0.25, absolute: 0.5 }, 4, 5.5],
  ])('counts %s as better only beyond both thresholds', (_, options, best, limit) => {
    const plateau = s.reduceOnPlateau(options);
    const first = s.nextPlateau(plateau, s.startPlateau(plateau), best);
    expect(s.nextPlateau(plateau, first, limit)).toMatchObject({ best, bad: 1 });
    const beyond = limit + (limit < best ? -0.01 : 0.01);
    expect(s.nextPlateau(plateau, first, beyond)).toMatchObject({ best: beyond, bad: 0 });
  });

  it('leaves out a reduction of no more than eps', () => {
    const after = (eps: number): number => {
      const plateau = s.reduceOnPlateau({ from: 1, factor: 0.5, patience: 0, eps });
      return s.nextPlateau(plateau, s.nextPlateau(plateau, s.startPlateau(plateau), 1), 1).value;
    };
    expect([0.49, 0.5].map(after)).toEqual([0.5, 1]);
  });
});

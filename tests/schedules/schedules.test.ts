// Laws of every schedule: plain data that survives JSON, finite values at any step that is asked for directly, and an order of
// steps that does not matter. The schedules are drawn at random from all kinds.

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import * as s from '../../ts/schedules/index.ts';
import { schedules } from '../../ts/schedules/list.ts';

const rate = fc.double({ min: 0, max: 10, noNaN: true });
const factor = fc.double({ min: 0.01, max: 1.5, noNaN: true });
const share = fc.double({ min: 0.01, max: 1, noNaN: true });
const steps = fc.integer({ min: 1, max: 2 ** 32 });
const power = fc.double({ min: 0.1, max: 5, noNaN: true });
const curve = fc.constantFrom('cosine' as const, 'linear' as const);
const ascending = fc
  .uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 5 })
  .map((list) => list.toSorted((a, b) => a - b));
const values = (n: number): fc.Arbitrary<number[]> => fc.array(rate, { minLength: n, maxLength: n });

/** Schedules of each kind that hold no other and no function. */
const leaf: fc.Arbitrary<s.Schedule> = fc.oneof(
  rate.map(s.constant),
  fc.record({ from: rate, factor, every: steps }).map(s.stepDecay),
  fc.record({ from: rate, factor, boundaries: ascending }).map(s.multistepDecay),
  ascending
    .chain((boundaries) =>
      fc.record({
        values: values(boundaries.length + 1),
        boundaries: fc.constant(boundaries),
        interpolation: fc.constantFrom('none' as const, 'linear' as const, 'cosine' as const),
      }),
    )
    .map(s.piecewise),
  fc.record({ from: rate, to: rate, steps }).map(s.linearDecay),
  fc.record({ from: rate, to: rate, steps, power, cycle: fc.boolean() }).map(s.polynomialDecay),
  fc.record({ from: rate, factor, every: steps, staircase: fc.boolean() }).map(s.exponentialDecay),
  fc.record({ from: rate, rate, every: steps, staircase: fc.boolean() }).map(s.inverseTimeDecay),
  fc.record({ modelSize: steps, warmupSteps: steps, scale: rate }).map(s.noam),
  fc.record({ from: rate, to: rate, steps, power, periodic: fc.boolean() }).map(s.cosineDecay),
  fc
    .record({
      from: rate,
      to: rate,
      steps,
      lengthFactor: fc.oneof(fc.constantFrom(1, 1 + 2 ** -52, 2, 1e300), fc.double({ min: 1, max: 3, noNaN: true })),
      heightFactor: share,
    })
    .map(s.warmRestarts),
  fc
    .record({
      peak: rate,
      steps,
      riseShare: fc.double({ min: 0, max: 0.5, noNaN: true }),
      interpolation: curve,
      threePhases: fc.boolean(),
    })
    .map(s.oneCycle),
  fc.record({ steps }).map(s.oneCycleMomentum),
  fc.record({ from: rate, peak: rate, up: steps, down: steps, cycleFactor: share, stepFactor: share }).map(s.cyclic),
  fc.record({ from: rate, factor: fc.double({ min: 0.1, max: 0.9, noNaN: true }) }).map(s.reduceOnPlateau),
);

const plain = leaf.filter(({ kind }) => kind !== 'reduceOnPlateau');

const any: fc.Arbitrary<s.Schedule> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  fc.tuple(leaf, fc.record({ steps, from: rate, interpolation: curve })).map(([held, o]) => s.warmup(held, o)),
  fc.tuple(leaf, plain, rate).map((factors) => s.product(...factors)),
  fc
    .tuple(plain, leaf, fc.integer({ min: 1, max: 100 }))
    .map(([first, second, at]) => s.join({ schedules: [first, second], boundaries: [at] })),
);

const step = fc.oneof(
  fc.nat(300),
  fc.nat(2 ** 31 - 1),
  fc.maxSafeNat().map((n) => n % 2 ** 40),
  fc.constant(2 ** 40),
);

describe('every schedule', () => {
  it('has a finite value ≥ 0 at any step', () => {
    fc.assert(
      fc.property(any, step, (schedule, at) => {
        const value = s.scheduleValue(schedule, at);
        return Number.isFinite(value) && value >= 0;
      }),
      { numRuns: 1000 },
    );
  });

  it('has the same bits after JSON, which is checked anew', () => {
    fc.assert(
      fc.property(any, step, (schedule, at) => {
        const copy = JSON.parse(JSON.stringify(schedule)) as s.Schedule;
        expect(s.isSerialisable(copy)).toBe(true);
        expect(s.checkSchedule(copy, 'adam', 'adam.lr')).toEqual(schedule);
        return Object.is(s.scheduleValue(copy, at), s.scheduleValue(schedule, at));
      }),
      { numRuns: 300 },
    );
  });

  it('gives a step the same value whether it is asked for first or after all others', () => {
    fc.assert(
      fc.property(any, fc.nat(50), (schedule, at) => {
        const direct = s.scheduleValue(schedule, at);
        const inOrder = Array.from({ length: 51 }, (_, k) => s.scheduleValue(schedule, k));
        return Object.is(inOrder[at], direct);
      }),
    );
  });

  it('is frozen, with every option filled in and the kind that the list knows it by', () => {
    fc.assert(
      fc.property(any, (schedule) => {
        const names = Object.keys(schedules[schedule.kind].options).filter((name) => name !== 'to');
        return (
          Object.isFrozen(schedule) && s.isSchedule(schedule) && names.every((name) => Object.hasOwn(schedule, name))
        );
      }),
    );
  });
});

test('a schedule of one factor, and one with nothing before it, is that schedule', () => {
  fc.assert(
    fc.property(leaf, step, (schedule, at) =>
      [s.product(schedule), s.product(1, schedule), s.join({ schedules: [0, schedule], boundaries: [7] })].every(
        (whole, i) => s.scheduleValue(whole, at + (i === 2 ? 7 : 0)) === s.scheduleValue(schedule, at),
      ),
    ),
  );
});

test('curves begin and end exactly where they should and stay between', () => {
  const n = fc.integer({ min: 2, max: 10_000 });
  fc.assert(
    fc.property(rate, rate, n, fc.nat(10_000), (from, to, length, at) => {
      const curves = [
        s.linearDecay({ from, to, steps: length }),
        s.polynomialDecay({ from, to, steps: length, power: 2.5 }),
        s.cosineDecay({ from, to, steps: length }),
        s.warmup(to, { from, steps: length }),
      ];
      for (const schedule of curves) {
        expect(s.scheduleValue(schedule, 0)).toBe(from);
        expect(s.scheduleValue(schedule, length)).toBe(to);
        const value = s.scheduleValue(schedule, at);
        expect(value >= Math.min(from, to) && value <= Math.max(from, to)).toBe(true);
      }
    }),
  );
});

test('Noam rises to its peak at the last step of the warm-up and then falls as one over the root', () => {
  const schedule = s.noam({ modelSize: 512, warmupSteps: 4000 });
  const peak = 1 / Math.sqrt(512 * 4000);
  expect(s.scheduleValue(schedule, 3999)).toBeCloseTo(peak, 15);
  expect(s.scheduleValue(schedule, 1999)).toBeCloseTo(peak / 2, 15);
  expect(s.scheduleValue(schedule, 15999)).toBeCloseTo(peak / 2, 15);
});

test('restarts of growing length begin at the sums of the lengths', () => {
  const schedule = s.warmRestarts({ from: 1, steps: 10, lengthFactor: 1.5, heightFactor: 0.5 });
  // falls begin at 0, 10, 25, 47.5
  expect([0, 10, 25].map((at) => s.scheduleValue(schedule, at))).toEqual([1, 0.5, 0.25]);
  expect(s.scheduleValue(schedule, 47)).toBeLessThan(0.01);
  expect(s.scheduleValue(schedule, 48)).toBeGreaterThan(0.12);
});

test('restarts of equal length fall to `to` from heights that shrink', () => {
  const schedule = s.warmRestarts({ from: 1.5, to: 0.5, steps: 10, heightFactor: 0.5 });
  expect([0, 5, 10, 15, 20].map((at) => s.scheduleValue(schedule, at))).toEqual([1.5, 1, 1, 0.75, 0.75]);
});

test('an exponential stops at `to`, which it falls or rises to', () => {
  const at = (schedule: s.Schedule): number[] => [0, 1, 2, 3].map((step) => s.scheduleValue(schedule, step));
  expect(at(s.exponentialDecay({ from: 1, factor: 2, to: 3 }))).toEqual([1, 2, 3, 3]);
  expect(at(s.exponentialDecay({ from: 1, factor: 0.5, to: 0.3 }))).toEqual([1, 0.5, 0.3, 0.3]);
  for (const factor of [0.5, 1, 2]) expect(at(s.exponentialDecay({ from: 1, factor, to: 1 }))).toEqual([1, 1, 1, 1]);
  expect(at(s.exponentialDecay({ from: 1, factor: 1, to: 0.5 }))).toEqual([1, 1, 1, 1]);
});

test('a one-cycle begins at peak / 25 and ends at a ten-thousandth of that, as PyTorch’s', () => {
  expect(s.oneCycle({ peak: 0.5, steps: 10 })).toMatchObject({ from: 0.02, to: 2e-6 });
  expect(s.oneCycle({ peak: 0.5, steps: 10, from: 0.1 })).toMatchObject({ from: 0.1, to: 1e-5 });
  const symmetric = s.oneCycle({ peak: 1, steps: 10, riseShare: 0.5, threePhases: true });
  expect(s.scheduleValue(symmetric, 4)).toBe(1);
});

test('a short one-cycle, whose peak lies before its first step, begins at the peak', () => {
  const schedule = s.oneCycle({ peak: 1, steps: 3, riseShare: 0.1, to: 0, interpolation: 'linear' });
  expect([0, 1, 2, 3].map((at) => s.scheduleValue(schedule, at))).toEqual([1, 0.5, 0, 0]);
  expect(s.scheduleValue(s.oneCycle({ peak: 1, steps: 10 / 0.5, riseShare: 0.05 }), 0)).toBe(1);
});

describe('a lambda', () => {
  it('gives what its function gives, and is not serialisable wherever it stands', () => {
    const lambda = s.lambda((at) => 1 / (at + 1));
    expect(s.scheduleValue(lambda, 3)).toBe(0.25);
    expect([lambda, s.product(2, lambda), s.warmup(lambda, { steps: 2 })].map(s.isSerialisable)).toEqual([
      false,
      false,
      false,
    ]);
  });
});

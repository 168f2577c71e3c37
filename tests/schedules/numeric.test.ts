// Our own log, pow, cos and exp against those of the engine, whose last bits may differ from engine to engine but not by more.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cos, exp, log, pow, powInt } from '../../ts/numeric.ts';

/** The distance in units of the expected value, absolute where that is subnormal. */
const errorOf = (got: number, want: number): number =>
  Object.is(got, want) || got === want ? 0 : Math.abs(got - want) / Math.max(Math.abs(want), 1e-300);

const magnitude = fc
  .tuple(fc.double({ min: 1, max: 2, noNaN: true }), fc.integer({ min: -1000, max: 1000 }))
  .map(([m, k]) => m * 2 ** k);

test('log', () => {
  fc.assert(fc.property(magnitude, (x) => errorOf(log(x), Math.log(x)) < 1e-15));
  fc.assert(fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), (x) => errorOf(log(x), Math.log(x)) < 1e-15));
  expect([0, -1, 1, Infinity, Number.NaN, 5e-324].map(log)).toEqual(
    [0, -1, 1, Infinity, Number.NaN, 5e-324].map(Math.log),
  );
});

test('pow', () => {
  const exponent = fc.double({ min: -40, max: 40, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 1e-7, max: 1e7, noNaN: true }), exponent, (x, y) => {
      return errorOf(pow(x, y), x ** y) < 2e-15;
    }),
  );
  const [bases, exponents] = [
    [0, 1, 0.5, 2, Infinity],
    [0, 0.5, 1, 2, 2.5, -1, -0.5],
  ];
  for (const x of bases) for (const y of exponents) expect(errorOf(pow(x, y), x ** y), `${x}^${y}`).toBeLessThan(1e-15);
  expect(pow(-1, 0.5)).toBeNaN();
});

test('pow of a base near 1 with a large exponent loses no digits', () => {
  for (const n of [1e6, 1e9, 2 ** 40]) {
    // (1 + ε)ⁿ = exp(n(ε − ε²/2 + …)), and the further terms are below 1e-15 of the result here
    const epsilon = 2 ** -40;
    expect(errorOf(pow(1 + epsilon, n), Math.exp(n * epsilon * (1 - epsilon / 2)))).toBeLessThan(1e-15);
    expect(errorOf(pow(1 - epsilon, n + 0.5), Math.exp(-(n + 0.5) * epsilon * (1 + epsilon / 2)))).toBeLessThan(1e-15);
  }
});

test('powInt', () => {
  expect([0, 1, 2, 10].map((n) => powInt(3, n))).toEqual([1, 3, 9, 59049]);
  expect([powInt(-1, 2 ** 40 + 1), powInt(0.5, 2 ** 40), powInt(2, 2 ** 40), powInt(2, 1023)]).toEqual([
    -1,
    0,
    Infinity,
    2 ** 1023,
  ]);
  fc.assert(
    fc.property(
      fc.double({ min: 0.9, max: 1.1, noNaN: true }),
      fc.integer({ min: 0, max: 1000 }),
      (x, n) => errorOf(powInt(x, n), x ** n) < n * 2e-16 + 1e-15,
    ),
  );
});

test('cos', () => {
  const inRange = fc.double({ min: -7, max: 7, noNaN: true });
  fc.assert(fc.property(inRange, (x) => errorOf(cos(x), Math.cos(x)) < 1e-15));
  fc.assert(fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (x) => errorOf(cos(x), Math.cos(x)) < 1e-15));
  for (let k = -4; k <= 4; k++)
    expect(errorOf(cos((k * Math.PI) / 2), Math.cos((k * Math.PI) / 2)), `${k}π/2`).toBeLessThan(1e-15);
  expect([cos(1e7), cos(Infinity), cos(Number.NaN)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});

test('exp', () => {
  fc.assert(fc.property(fc.double({ min: -690, max: 709, noNaN: true }), (x) => errorOf(exp(x), Math.exp(x)) < 1e-15));
});

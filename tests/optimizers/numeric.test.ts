// Real functions of our own, against the engine's: near enough everywhere, and exact where the exact answer is known.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp, powInt } from '../../ts/numeric.ts';

describe('powInt', () => {
  it('is exact for powers of two and small whole numbers', () => {
    for (let n = 0; n <= 1000; n++) expect(powInt(2, n)).toBe(2 ** n);
    for (let n = 0; n <= 33; n++) expect(powInt(3, n)).toBe(Number(3n ** BigInt(n)));
    expect([powInt(0, 0), powInt(0, 5), powInt(-1, 7), powInt(5, 1)]).toEqual([1, 0, -1, 5]);
  });

  it('is right to 1e-12 for decay rates and any whole exponent', () => {
    const rate = fc.double({ min: 0.5, max: 1, noNaN: true });
    fc.assert(
      fc.property(rate, fc.integer({ min: 0, max: 5000 }), (x, n) => {
        const want = x ** n;
        expect(Math.abs(powInt(x, n) - want)).toBeLessThanOrEqual(1e-12 * want + 1e-300);
      }),
    );
    expect(powInt(0.999, 2 ** 40)).toBe(0);
    expect(powInt(1, 2 ** 52 + 1)).toBe(1);
    expect(powInt(-1, 2 ** 40 + 1)).toBe(-1);
  });
});

describe('exp', () => {
  it('is right to 1e-15 relative, and at the ends', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 709, noNaN: true }), (x) => {
        expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThanOrEqual(1e-15);
      }),
      { numRuns: 2000 },
    );
    expect([exp(0), exp(-800), exp(800), exp(Number.NaN), exp(Number.NEGATIVE_INFINITY), exp(Infinity)]).toEqual([
      1,
      0,
      Infinity,
      Number.NaN,
      0,
      Infinity,
    ]);
    expect(exp(-745)).toBe(5e-324);
  });
});

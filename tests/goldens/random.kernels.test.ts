// Random numbers of both machines: Threefry-2×32 against the test vectors that Random123 publishes (kat_vectors, 20 rounds),
// and the distributions against moments and the Kolmogorov–Smirnov distance.

import { describe, expect, it } from 'vitest';
import { makeStage } from './support/stage.ts';

const N = 100_000;
/** Of a mean of n numbers with variance 1, in units of 1/√n: one run in 60,000 would exceed it, and the key is fixed. */
const SIGMAS = 4.2;
/** The Kolmogorov–Smirnov distance times √n exceeds this in one run of 1,000. */
const KOLMOGOROV = 1.95;

/** counter low, high, key₀, key₁, and the two words that they give. */
const vectors: readonly (readonly number[])[] = [
  [0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6b200159, 0x99ba4efe],
  [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
  [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xc4923a9c, 0x483df7a0],
];

describe.each(['simd', 'reference'] as const)('on %s', (machine) => {
  it.each(vectors)('counter %i %i under key %i %i', (low, high, key0, key1, first, second) => {
    const stage = makeStage(machine);
    const out = stage.space(2);
    stage.call('random_bits', out, 2, stage.words([key0, key1, low, high]), 0);
    expect(stage.readWords(out, 2)).toEqual([first, second]);
  });

  it.each([
    [7, 0],
    [0xffffffff, 0xfffffffe],
    [0, 0xffffffff],
  ])('blocks are numbered by a counter of 64 bits: %i, low word %i', (high, low) => {
    const stage = makeStage(machine);
    const draw = (n: number, counter: readonly [number, number], offset: number): number[] => {
      const out = stage.space(n);
      stage.call('random_bits', out, n, stage.words([11, 22, ...counter]), offset);
      return stage.readWords(out, n);
    };
    const all = draw(101, [low, high], 0);
    for (let block = 0; block < 50; block++) {
      const number = (BigInt(high) << 32n) + BigInt(low) + BigInt(block);
      const counter = [Number(number & 0xffffffffn), Number((number >> 32n) & 0xffffffffn)] as const;
      expect(draw(2, counter, 0)).toEqual(all.slice(2 * block, 2 * block + 2));
      expect(draw(2, [low, high], block)).toEqual(all.slice(2 * block, 2 * block + 2));
    }
  });

  it('advances the counter of 64 bits', () => {
    const stage = makeStage(machine);
    const state = stage.words([1, 2, 0xfffffff0, 0xffffffff]);
    stage.call('advance', state, 15);
    expect(stage.readWords(state, 4)).toEqual([1, 2, 0xffffffff, 0xffffffff]);
    stage.call('advance', state, 0xffffffff);
    expect(stage.readWords(state, 4)).toEqual([1, 2, 0xfffffffe, 0]);
  });

  it('draws uniform numbers in [low, low + span) from the words', () => {
    const stage = makeStage(machine);
    const [out, bits, state] = [stage.space(N), stage.space(N), stage.words([3, 1, 4, 1])];
    stage.call('random_bits', bits, N, state, 9);
    stage.call('random_uniform', out, N, state, 9, stage.numbers([0, 1]));
    const u = stage.read(out, N);
    expect(u).toEqual(stage.readWords(bits, N).map((word) => (word >>> 8) * 2 ** -24));
    const scaled = u.map((x) => (x - 0.5) * Math.sqrt(12));
    expect(distance(u, (x) => x)).toBeLessThan(KOLMOGOROV / Math.sqrt(N));
    expect(Math.abs(mean(scaled))).toBeLessThan(SIGMAS / Math.sqrt(N));
    expect(Math.abs(mean(scaled.map((x) => x * x)) - 1)).toBeLessThan((SIGMAS * Math.sqrt(0.8)) / Math.sqrt(N));
    expect(Math.abs(mean(products(scaled)))).toBeLessThan(SIGMAS / Math.sqrt(N));

    stage.call('random_uniform', out, N, state, 9, stage.numbers([-3, 0.5]));
    expect(stage.read(out, N)).toEqual(u.map((x) => Math.fround(-3 + 0.5 * x)));
  });

  it('draws normal numbers', () => {
    const stage = makeStage(machine);
    const [out, state] = [stage.space(N), stage.words([5, 9, 2, 6])];
    stage.call('random_normal', out, N, state, 0, stage.numbers([0, 1]));
    const z = stage.read(out, N);
    expect(distance(z, normal)).toBeLessThan(KOLMOGOROV / Math.sqrt(N));
    // The variances of z, z², z³, z⁴ are 1, 2, 15, 96.
    const moments = [0, 1, 0, 3];
    for (const [k, variance] of [1, 2, 15, 96].entries()) {
      const moment = mean(z.map((x) => x ** (k + 1)));
      expect(Math.abs(moment - moments[k]), `moment ${k + 1}`).toBeLessThan(SIGMAS * Math.sqrt(variance / N));
    }
    // Neighbours are the sine and the cosine of one angle, and independent.
    expect(Math.abs(mean(products(z)))).toBeLessThan(SIGMAS / Math.sqrt(N));
    expect(Math.abs(mean(products(z.map((x) => x * x - 1))))).toBeLessThan((SIGMAS * 2) / Math.sqrt(N));

    stage.call('random_normal', out, 1001, state, 0, stage.numbers([10, 3]));
    const moved = stage.read(out, 1001);
    for (const [i, x] of moved.entries()) expect(Math.abs(x - (10 + 3 * z[i]))).toBeLessThan(4e-6);
  });

  it('computes normal numbers from its words by Box and Muller', () => {
    const stage = makeStage(machine);
    const [out, bits, state] = [stage.space(N), stage.space(N), stage.words([7, 7, 7, 7])];
    stage.call('random_bits', bits, N, state, 0);
    stage.call('random_normal', out, N, state, 0, stage.numbers([0, 1]));
    const [word, z] = [stage.readWords(bits, N), stage.read(out, N)];
    for (let i = 0; i < N; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(((word[i] >>> 8) + 1) * 2 ** -24));
      const angle = 2 * Math.PI * (word[i + 1] >>> 8) * 2 ** -24;
      const error = Math.max(Math.abs(z[i] - radius * Math.cos(angle)), Math.abs(z[i + 1] - radius * Math.sin(angle)));
      if (error > 4e-6) expect.fail(`pair ${i >> 1}: ${error}`);
    }
  });

  it.each([0, 0.25, 0.5, 0.9])('drops with rate %f exactly where the word is below the threshold', (rate) => {
    const stage = makeStage(machine);
    const [out, bits, state] = [stage.space(N), stage.space(N), stage.words([0, 0, 8, 8])];
    const threshold = rate * 2 ** 32;
    const scale = Math.fround(1 / (1 - rate));
    const numbers = stage.numbers([0, scale]);
    const row = stage.words([threshold, stage.readWords(numbers + 4, 1)[0]]);
    stage.call('random_bits', bits, N, state, 1);
    stage.call('dropout_mask', out, N, state, 1, row);
    const mask = stage.read(out, N);
    expect(mask).toEqual(stage.readWords(bits, N).map((word) => (word < threshold ? 0 : scale)));
    if (rate > 0) {
      // A word that equals the threshold is kept.
      const own = stage.words([stage.readWords(bits, 3)[2], stage.readWords(numbers + 4, 1)[0]]);
      stage.call('dropout_mask', out, 3, state, 1, own);
      expect(stage.read(out, 3)[2]).toBe(scale);
    }
    const dropped = mean(mask.map((x) => (x === 0 ? 1 : 0)));
    expect(Math.abs(dropped - rate)).toBeLessThanOrEqual(SIGMAS * Math.sqrt((rate * (1 - rate)) / N));
  });
});

const mean = (x: readonly number[]): number => x.reduce((sum, value) => sum + value, 0) / x.length;
const products = (x: readonly number[]): number[] => x.slice(1).map((value, i) => value * x[i]);

/** The largest difference between the share of numbers up to x and the distribution function. */
function distance(values: readonly number[], distribution: (x: number) => number): number {
  const sorted = Float64Array.from(values).sort();
  let most = 0;
  sorted.forEach((x, i) => {
    const want = distribution(x);
    most = Math.max(most, Math.abs(i / sorted.length - want), Math.abs((i + 1) / sorted.length - want));
  });
  return most;
}

/** The normal distribution function: ½ + φ(x) · (x + x³/3 + x⁵/15 + …). */
function normal(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}

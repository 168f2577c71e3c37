// The two rules of summation, written here a second time in the plainest way, and the norms against PyTorch's numbers and at the ends
// of the range of f32.

import { describe, expect, it } from 'vitest';
import { errorOf, goldenCases, toNumber } from './support/forward-backward.ts';
import { makeStage } from './support/stage.ts';

const f = Math.fround;

/** The plain sum: level by level, blocks of 4,096 in sixteen lanes, and the lanes folded in halves. */
function plainSum(values: readonly number[]): number {
  const blocks: number[] = [];
  for (let begin = 0; begin === 0 || begin < values.length; begin += 4096) {
    let lanes: number[] = Array.from({ length: 16 }, (_, lane) => {
      let sum = 0;
      for (let i = begin + lane; i < Math.min(begin + 4096, values.length); i += 16) sum = f(sum + values[i]);
      return sum;
    });
    while (lanes.length > 1) {
      const half = lanes.length / 2;
      lanes = lanes.slice(0, half).map((value, j) => f(value + lanes[j + half]));
    }
    blocks.push(lanes[0]);
  }
  return blocks.length === 1 ? blocks[0] : plainSum(blocks);
}

/** The sum of products' rule: blocks of 256 in ascending order. */
function blockSum(values: readonly number[]): number {
  let total = 0;
  for (let begin = 0; begin < values.length; begin += 256) {
    total = f(total + values.slice(begin, begin + 256).reduce((sum, value) => f(sum + value), 0));
  }
  return total;
}

/** n numbers of both signs and several magnitudes, from a fixed recurrence. */
function numbers(n: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return f((state / 2 ** 31 - 1) * 10 ** (state % 4));
  });
}

describe.each(['simd', 'reference'] as const)('on %s', (machine) => {
  const one = (kernel: 'sum_squares' | 'norm' | 'max_abs', values: readonly number[]): number => {
    const stage = makeStage(machine);
    const out = stage.space(1);
    stage.call(kernel, stage.numbers(values), out, values.length);
    return stage.read(out, 1)[0];
  };

  it.each([0, 1, 5, 16, 17, 31, 4095, 4096, 4097, 4112, 65_536, 100_003])('sums %i numbers by the rule', (n) => {
    const stage = makeStage(machine);
    const [x, out] = [numbers(n), stage.space(2)];
    stage.call('sum', stage.numbers(x), out, 1, n, 1);
    expect(stage.read(out, 1)).toEqual([plainSum(x)]);
    stage.call('mean', stage.numbers(x), out, 1, n, 1);
    expect(stage.read(out, 1)).toEqual([f(plainSum(x) / n)]);
  });

  it('sums 4,096² + 4,096 + 1 numbers by the rule, in three levels', () => {
    const n = 4096 * 4096 + 4097;
    const stage = makeStage(machine);
    const pattern = numbers(1021);
    const x = Float32Array.from({ length: n }, (_, i) => pattern[i % 1021]);
    const out = stage.space(1);
    stage.call('sum', stage.numbers(x), out, 1, n, 1);
    const total = plainSum(Array.from(x));
    expect(stage.read(out, 1)).toEqual([total]);
    // n has 25 bits: it is rounded before it divides.
    stage.call('mean', stage.numbers(x), out, 1, n, 1);
    expect(stage.read(out, 1)).toEqual([f(total / f(n))]);
  });

  it.each([
    [255, 5],
    [256, 10],
    [257, 16],
    [1000, 21],
  ])('sums %i rows of %i columns in blocks of 256', (n, inner) => {
    const stage = makeStage(machine);
    const [x, out] = [numbers(n * inner), stage.space(inner)];
    const columns = Array.from({ length: inner }, (_, j) => x.filter((_, i) => i % inner === j));
    stage.call('sum', stage.numbers(x), out, 1, n, inner);
    expect(stage.read(out, inner)).toEqual(columns.map(blockSum));
    stage.call('mean', stage.numbers(x), out, 1, n, inner);
    expect(stage.read(out, inner)).toEqual(columns.map((column) => f(blockSum(column) / n)));
    stage.call('max', stage.numbers(x), out, 1, n, inner);
    expect(stage.read(out, inner)).toEqual(columns.map((column) => Math.max(...column)));
    stage.call('min', stage.numbers(x), out, 1, n, inner);
    expect(stage.read(out, inner)).toEqual(columns.map((column) => Math.min(...column)));
  });

  it.each([0, 1, 255, 256, 257, 1023, 1025, 2047, 2048, 2049, 5000, 9001])('squares %i numbers by the rule', (n) => {
    const x = numbers(n);
    expect(one('sum_squares', x)).toBe(blockSum(x.map((value) => f(value * value))));
    expect(one('norm', x)).toBe(f(Math.sqrt(blockSum(x.map((value) => f(value * value))))));
    expect(one('max_abs', x)).toBe(Math.max(0, ...x.map(Math.abs)));
  });

  it.each(goldenCases('losses').filter(({ op, options }) => op === 'clip_grad_norm' && options.norm_type !== 1))(
    'norm of $id',
    ({ fixed, options, output }) => {
      const x = Object.values(fixed ?? {}).flatMap(({ data }) => data.map(toNumber));
      expect(errorOf([one(options.norm_type === 'inf' ? 'max_abs' : 'norm', x)], output.data)).toBeLessThan(2e-6);
    },
  );

  it.each([
    ['two of the largest', [3e38, 1e38], 3.1622776601683795e38],
    ['too large for a norm', [3.4e38, 3.4e38], Infinity],
    ['subnormal', [3 * 2 ** -149, 4 * 2 ** -149], 5 * 2 ** -149],
    ['tiny', [3 * 2 ** -120, -4 * 2 ** -120], 5 * 2 ** -120],
    ['mixed', [1e30, 1e-30], 1e30],
    ['zero', [0, -0], 0],
    ['infinite', [1, -Infinity], Infinity],
    ['not a number', [Infinity, Number.NaN], Number.NaN],
  ])('norm of numbers that are %s', (_, x, want) => {
    const got = one('norm', x);
    if (Number.isFinite(want)) expect(Math.abs(got - want)).toBeLessThanOrEqual(2 ** -23 * want);
    else expect(got).toBe(want);
  });

  it('finds a single number that is not finite, wherever it is', () => {
    const stage = makeStage(machine);
    const flag = stage.words([0]);
    for (const n of [1, 3, 4, 15, 16, 17, 40]) {
      const largest = Array.from({ length: n }, (_, i) => (i % 2 ? 3.4028234663852886e38 : -1e-45));
      stage.call('check_finite', stage.numbers(largest), flag, n);
      expect(stage.readWords(flag, 1), `${n} finite ones`).toEqual([0]);
      for (let i = 0; i < n; i++) {
        for (const bad of [Infinity, -Infinity, Number.NaN]) {
          stage.call('fill', flag, 1, stage.words([4]));
          stage.call('check_finite', stage.numbers(largest.map((x, j) => (j === i ? bad : x))), flag, n);
          expect(stage.readWords(flag, 1), `${bad} at ${i} of ${n}`).toEqual([5]);
        }
      }
      stage.call('fill', flag, 1, stage.words([0]));
    }
  });
});

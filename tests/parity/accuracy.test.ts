// The error bound that stands beside each function of math.rs and math.ts, held against float64 over every binade of f32, on both
// machines; and the bits of the two machines at the same points.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../ts/machine/machine.ts';
import * as math from '../../ts/machine/reference/math.ts';
import { makeReference, makeSimd } from '../support/machines.ts';

/** Points of one sign in each of the 255 binades (the subnormal numbers count as one), and in those from 2⁻¹⁰ to 2⁸. */
const POINTS = 2048;
const POINTS_NEAR_ONE = 32768;
/** How far below a bound the worst point of the sample may stay: a bound that promises too little fails as well. */
const SLACK = 0.1;

const functions = [
  ['exp', math.EXP_ULP, Math.exp],
  ['expm1', math.EXPM1_ULP, Math.expm1],
  ['log', math.LOG_ULP, Math.log],
  ['log1p', math.LOG1P_ULP, Math.log1p],
  ['tanh', math.TANH_ULP, Math.tanh],
  ['erf', math.ERF_ULP, erf],
  ['sin', math.SIN_ULP, Math.sin],
  ['cos', math.COS_ULP, Math.cos],
] as const;

/** erf in float64: 2/√π · e^(−x²) · Σ 2ᵏ·x²ᵏ⁺¹ / (2k + 1)!!, whose terms have one sign. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Numbers of both signs in every binade, its ends among them; infinities, NaN and zeros. */
const samples: Float32Array = sample();

function sample(): Float32Array {
  const bits: number[] = [0, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000];
  for (let binade = 0; binade < 255; binade++) {
    const points = binade >= 117 && binade < 135 ? POINTS_NEAR_ONE : POINTS;
    for (let j = 0; j < points; j++) {
      // One number in each of equal parts of the binade, at a place that looks random and is always the same.
      const part = 0x800000 / points;
      const inside = (Math.imul(binade * points + j, 0x9e3779b1) >>> 16) % part;
      const mantissa = j === 0 ? 0 : j === points - 1 ? 0x7fffff : j * part + inside;
      bits.push((binade << 23) | mantissa, ((binade << 23) | mantissa | 0x80000000) >>> 0);
    }
  }
  return new Float32Array(Uint32Array.from(bits).buffer);
}

function evaluate({ kernels, memory, heapBase, grow }: Machine, name: (typeof functions)[number][0]): Float32Array {
  const n = samples.length;
  grow(heapBase + 8 * n);
  memory.f32.set(samples, heapBase >>> 2);
  kernels[name](heapBase, heapBase + 4 * n, n);
  return memory.f32.slice((heapBase >>> 2) + n, (heapBase >>> 2) + 2 * n);
}

/** The distance from `got` to `want` in units in the last place that an f32 near `want` has. */
function ulps(got: number, want: number): number {
  const rounded = Math.fround(want);
  if (Object.is(got, rounded) || got === rounded) return got === want || Number.isNaN(got) ? 0 : distance(got, want);
  return Number.isFinite(got) && Number.isFinite(rounded) ? distance(got, want) : Infinity;
}

const distance = (got: number, want: number): number =>
  Math.abs(want) === Infinity || Math.abs(got) === Infinity
    ? 0
    : Math.abs(got - want) / 2 ** (Math.max(Math.floor(Math.log2(Math.abs(want))), -126) - 23);

describe.each(functions)('%s', (name, bound, exact) => {
  const simd = evaluate(makeSimd(), name);
  const reference = evaluate(makeReference(), name);

  it('has the same bits on both machines', () => {
    const [a, b] = [new Uint32Array(simd.buffer), new Uint32Array(reference.buffer)];
    const at = a.findIndex((bits, i) => bits !== b[i] && !(Number.isNaN(simd[i]) && Number.isNaN(reference[i])));
    expect(at === -1 ? undefined : { x: samples[at], simd: simd[at], reference: reference[at] }).toBeUndefined();
  });

  it(`is right to ${bound} ulp`, () => {
    let [worst, at] = [0, 0];
    samples.forEach((x, i) => {
      const want = exact(x);
      // By definition exp has no subnormal results.
      const error = name === 'exp' && want < 2 ** -126 ? (simd[i] === 0 ? 0 : Infinity) : ulps(simd[i], want);
      if (error > worst) [worst, at] = [error, i];
    });
    const where = `at ${samples[at]}: ${simd[at]} for ${exact(samples[at])}`;
    expect(worst, where).toBeLessThanOrEqual(bound);
    expect(worst, where).toBeGreaterThan(bound - SLACK);
  });
});

it('the bounds in the crate are those of the reference', () => {
  const source = ['math.rs', 'math/circle.rs'].map((file) =>
    readFileSync(new URL(`../../crate/src/${file}`, import.meta.url), 'utf8'),
  );
  const found = [...source.join('').matchAll(/pub const (\w+_ULP): f32 = ([\d.]+);/g)];
  expect(Object.fromEntries(found.map(([, name, bound]) => [name, Number(bound)]))).toEqual(
    Object.fromEntries(functions.map(([name, bound]) => [`${name.toUpperCase()}_ULP`, bound])),
  );
});

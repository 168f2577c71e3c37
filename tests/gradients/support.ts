// Finite differences: the derivative of Σ output · cotangent along a random direction, from values alone, against what backward() gives.

import fc from 'fast-check';
import { expect } from 'vitest';
import type { Runtime } from '../../ts/engine/runtime.ts';
import type { Tensor } from '../../ts/tensor/tensor.ts';
import { constantOf, newRuntime, parameterOf } from '../goldens/support/forward-backward.ts';

/** A run of numbers that a seed decides: uniform in −1 … 1. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2147483648 - 1;
  };
}

/** One input: its shape, and the numbers it takes from a uniform −1 … 1. */
export interface Input {
  readonly shape: readonly number[];
  /** Makes an element out of a uniform number in −1 … 1; `i` is its position. */
  readonly from: (u: number, i: number) => number;
}

/** What is differentiated. */
export interface Problem {
  readonly inputs: readonly Input[];
  readonly forward: (inputs: readonly Tensor[], runtime: Runtime) => Tensor;
}

/** Steps of a central difference of fourth order, small enough for the fifth derivative and large enough for f32. */
const STEP = 1 / 64;

/** Share of the sum of magnitudes by which the two may differ: rounding of f32 values over the step, and the fifth derivative. */
const TOLERANCE = 2e-3;

/** Compares backward() with finite differences along a random direction. */
export function checkGradient(
  { inputs, forward }: Problem,
  seed: number,
  runtime: Runtime = newRuntime('reference'),
): void {
  const next = uniform(seed);
  const draw = (n: number): Float32Array => Float32Array.from({ length: n }, next);
  const sizes = inputs.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const start = inputs.map(({ from }, i) => draw(sizes[i]).map(from));
  const direction = sizes.map(draw);
  const parameters = inputs.map(({ shape }, i) => parameterOf(runtime, `x${i}`, shape, start[i]));
  const run = <T>(step: number, use: (y: Tensor) => T): T => {
    for (const [i, p] of parameters.entries()) p.set(start[i].map((x, j) => x + step * direction[i][j]));
    const { state } = runtime.random;
    runtime.openScope();
    try {
      return use(forward(parameters, runtime));
    } finally {
      runtime.closeScope();
      runtime.random.state = state; // every run draws the same dropout mask
    }
  };
  const size = run(0, (y) => y.size);
  const cotangent = draw(size);
  const value = (step: number): number =>
    run(step, (y) => Array.from(y.read()).reduce((total, yi, i) => total + yi * cotangent[i], 0));
  run(0, (y) =>
    y
      .mul(constantOf(runtime, y.shape, cotangent))
      .sum()
      .backward(),
  );
  let got = 0;
  let magnitude = 1;
  parameters.forEach((p, i) => {
    p.gradient.read().forEach((g, j) => {
      got += g * direction[i][j];
      magnitude += Math.abs(g * direction[i][j]);
    });
  });
  const [near, far] = [value(STEP) - value(-STEP), value(2 * STEP) - value(-2 * STEP)];
  const wanted = (8 * near - far) / (12 * STEP);
  for (const p of parameters) p.dispose();
  expect(Math.abs(got - wanted), `backward ${got}, differences ${wanted}`).toBeLessThanOrEqual(TOLERANCE * magnitude);
}

/** A shape of one to three axes, and two shapes that broadcast to it. */
export const broadcastShapes: fc.Arbitrary<readonly [readonly number[], readonly number[]]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 })), { minLength: 0, maxLength: 4 })
  .chain((axes) => {
    const side = (bit: number): number[] => axes.map(([n, stretch]) => (stretch === bit ? 1 : n));
    return fc.tuple(fc.integer({ min: 0, max: axes.length }), fc.boolean()).map(([cut, first]) => {
      const [a, b] = [side(1), side(2)];
      return first ? ([a.slice(cut), b] as const) : ([a, b.slice(cut)] as const);
    });
  });

/** A shape of one to three axes. */
export const shapes: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 });

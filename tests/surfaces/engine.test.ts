// The surfaces in an engine: the same function as in f64 to the rounding of f32, with the gradient that the tape gives, and the same bits on
// both machines.

import { describe, expect, it } from 'vitest';
import { type Surface, surfaces } from '../../ts/surfaces/index.ts';
import { bits, errorLine, machineNames, makeEngine } from '../optimizers/support.ts';
import { all, each, pointsIn, ROUNDINGS, sizes } from './support.ts';

/** Heights and gradients at points, and the gradient that the tape gives, on a machine. */
function evaluate(
  machine: 'simd' | 'reference',
  surface: Surface,
  points: Float32Array,
): { value: Float32Array; gradient: Float32Array; taped: Float32Array } {
  const engine = makeEngine(machine);
  const parameter = engine.parameter([points.length / 2, 2], points);
  return engine.scope(() => {
    const value = surface.tensor.value(parameter);
    value.sum().backward();
    const gradient = surface.tensor.gradient(parameter);
    expect([value.requiresGrad, gradient.requiresGrad]).toEqual([true, false]);
    const [a, b, c] = [value, gradient, parameter.gradient].map((tensor) => tensor.read() as Float32Array);
    return { value: a, gradient: b, taped: c };
  });
}

describe.each(all)('%s', (name, surface) => {
  const minima = surface.minima.flatMap(({ x, y }) => [x, y]);
  const points = Float32Array.from([...minima, ...surface.starts.flat(), ...pointsIn(surface, 500, 4)]);
  const { value, gradient, taped } = evaluate('simd', surface, points);

  it('value and gradient are those of f64, rounded', () => {
    each(points).forEach(([x, y], i) => {
      const [dx, dy] = surface.gradient(x, y);
      const [size, sizeX, sizeY] = sizes[name](x, y);
      expect(Math.abs(value[i] - surface.value(x, y))).toBeLessThanOrEqual(ROUNDINGS * size);
      expect(Math.abs(gradient[2 * i] - dx)).toBeLessThanOrEqual(ROUNDINGS * sizeX);
      expect(Math.abs(gradient[2 * i + 1] - dy)).toBeLessThanOrEqual(ROUNDINGS * sizeY);
    });
  });

  it('the tape gives the same gradient', () => {
    each(points).forEach(([x, y], i) => {
      const [, sizeX, sizeY] = sizes[name](x, y);
      expect(Math.abs(taped[2 * i] - gradient[2 * i])).toBeLessThanOrEqual(ROUNDINGS * sizeX);
      expect(Math.abs(taped[2 * i + 1] - gradient[2 * i + 1])).toBeLessThanOrEqual(ROUNDINGS * sizeY);
    });
  });

  it('both machines have the same bits', () => {
    const other = evaluate('reference', surface, points);
    expect([other.value, other.gradient, other.taped].map(bits)).toEqual([value, gradient, taped].map(bits));
  });

  it('a minimum at numbers of f32 is exactly 0, and flat', () => {
    surface.minima.forEach(({ x, y }, i) => {
      if (Math.fround(x) !== x || Math.fround(y) !== y) return;
      const here = [value[i], gradient[2 * i], gradient[2 * i + 1], taped[2 * i], taped[2 * i + 1]];
      expect(here.map(Math.abs)).toEqual([0, 0, 0, 0, 0]);
    });
  });
});

describe('where formulas lose their digits', () => {
  it('the wells of Rastrigin lie at whole numbers, and beside the lowest all digits stay', () => {
    const { value, gradient } = evaluate('simd', surfaces.rastrigin, Float32Array.of(4, -3, 1e-4, 0));
    expect([...value.subarray(0, 1), ...gradient.subarray(0, 2)]).toEqual([25, 8, -6]);
    expect(value[1] / surfaces.rastrigin.value(Math.fround(1e-4), 0)).toBeCloseTo(1, 6);
  });

  it('the tip of Ackley has a slope down to the smallest distances, and none in it', () => {
    const points = Float32Array.of(1e-6, 0, 1e-12, 0, 1e-30, 1e-30, 0, 0);
    const { value, gradient, taped } = evaluate('simd', surfaces.ackley, points);
    const slope = 2 * Math.SQRT2;
    expect(gradient[0]).toBeCloseTo(slope, 3);
    expect(gradient[2]).toBeCloseTo(slope, 5);
    expect(value[0]).toBeCloseTo(surfaces.ackley.value(Math.fround(1e-6), 0), 11);
    expect(value[3]).toBe(0);
    expect([...gradient, ...taped].every((x) => Math.abs(x) < 3)).toBe(true);
  });

  it('what has run away is not finite, and nothing else is', () => {
    for (const [, surface] of all) {
      const { value, gradient } = evaluate('simd', surface, Float32Array.of(Number.NaN, 1, 1, 2, 3e38, 3e38, 0, 1));
      expect([value[1], value[3], ...gradient.subarray(2, 4), ...gradient.subarray(6)].every(Number.isFinite)).toBe(
        true,
      );
      expect(Number.isNaN(value[0])).toBe(true);
    }
  });
});

describe.each(machineNames)('on %s', (machine) => {
  it('outside every scope only the result stays in memory', () => {
    const engine = makeEngine(machine);
    const points = engine.tensor([
      [1, 2],
      [3, 0.5],
    ]);
    const before = engine.memory.live;
    for (const [, { tensor }] of all) {
      const made = [tensor.value(points), tensor.gradient(points)];
      expect(made.map(({ shape }) => shape)).toEqual([[2], [2, 2]]);
      expect(engine.memory.live - before).toBe(128);
      for (const one of made) one.dispose();
    }
    expect(engine.memory.live).toBe(before);
  });

  it('no points and one point are points too', () => {
    const engine = makeEngine(machine);
    for (const [, { tensor, value }] of all) {
      expect(tensor.value(engine.tensor(new Float32Array(0), { shape: [0, 2] })).read()).toHaveLength(0);
      expect(tensor.value(engine.tensor([[1, 1]])).item()).toBeCloseTo(value(1, 1), 5);
    }
  });

  it('in a compiled step a surface is a loss like any other', () => {
    const engine = makeEngine(machine);
    const point = engine.parameter([1, 2], [[2, 0]]);
    const step = engine.compile(() => {
      const loss = surfaces.booth.tensor.value(point).sum();
      loss.backward();
      return loss;
    });
    for (let i = 0; i < 4; i++) expect(step().item()).toBe(26);
    expect([...point.gradient.read()]).toEqual([-14, -22]);
  });

  it('what is no list of points is refused', () => {
    const engine = makeEngine(machine);
    const { value, gradient } = surfaces.booth.tensor;
    expect(errorLine(() => value([[1, 2]] as never))).toMatch(/^option .*value of booth needs a tensor.*engine.tensor/);
    expect(errorLine(() => gradient(engine.tensor([1, 2])))).toMatch(/^shape .*gradient of booth.*\[n, 2\].*\[2\]/);
    expect(errorLine(() => value(engine.tensor([[1, 2, 3]])))).toMatch(/^shape .*\[1, 3\]/);
    expect(errorLine(() => value(engine.tensor(Int32Array.of(1, 2), { shape: [1, 2] })))).toMatch(/^data .*f32/);
  });
});

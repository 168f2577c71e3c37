// The surfaces in f64: published values, gradients that are those of the values, minima and saddle points that are what they are called,
// identities that the formulas must obey, and views in which there is something to see.

import { describe, expect, it, test } from 'vitest';
import { type Point, quadratic, type Surface, surfaces } from '../../ts/surfaces/index.ts';
import { errorLine } from '../optimizers/support.ts';
import { all, each, pointsIn, sizes } from './support.ts';

/** Points at `radius` around a centre. */
const around = (x: number, y: number, radius: number, n = 36): Point[] =>
  Array.from({ length: n }, (_, i) => {
    const angle = (2 * Math.PI * i) / n;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)] as const;
  });

/** The points of a grid over the view. */
function grid({ view }: Surface, n: number): Point[] {
  const at = ([min, max]: readonly [number, number], i: number): number => min + ((max - min) * i) / (n - 1);
  return Array.from({ length: n * n }, (_, i) => [at(view.x, i % n), at(view.y, Math.floor(i / n))] as const);
}

/** The derivative of f at 0 from five points: the error is f⁽⁵⁾ h⁴ / 30. */
const derivative = (f: (h: number) => number, h = 2e-3): number =>
  (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);

describe('published values', () => {
  test.each<[Surface, Point, number, number]>([
    [surfaces.saddle, [2, 1], 3, 0],
    [surfaces.monkeySaddle, [1, 1], -2, 0],
    [surfaces.quadratic, [2, 1], 52, 0],
    [surfaces.booth, [1, 3], 0, 0],
    [surfaces.booth, [0, 0], 74, 0],
    [surfaces.beale, [3, 0.5], 0, 0],
    [surfaces.beale, [0, 0], 14.203125, 0],
    [surfaces.beale, [1, 1], 14.203125, 0], // where Moré, Garbow & Hillstrom 1981 begin
    [surfaces.rosenbrock, [1, 1], 0, 0],
    [surfaces.rosenbrock, [-1.2, 1], 24.2, 1e-13], // the same
    [surfaces.himmelblau, [3, 2], 0, 0],
    [surfaces.himmelblau, [0, 0], 170, 0],
    [surfaces.himmelblau, [-0.270845, -0.923039], 181.617, 5e-4], // the hill
    [surfaces.rastrigin, [0, 0], 0, 0],
    [surfaces.rastrigin, [1, 1], 2, 0],
    [surfaces.rastrigin, [4.52299366, 4.52299366], 80.70658039, 5e-9], // the highest in the view
    [surfaces.ackley, [0, 0], 0, 0],
    [surfaces.ackley, [1, 1], 3.6253849384403627, 1e-14],
  ])('$0.title at $1 is $2', (surface, [x, y], value, tolerance) => {
    expect(Math.abs(surface.value(x, y) - value)).toBeLessThanOrEqual(tolerance);
  });

  it('Himmelblau has its four minima where they were published, to six digits', () => {
    expect(surfaces.himmelblau.minima.map(({ x, y }) => [x.toFixed(6), y.toFixed(6)])).toEqual([
      ['3.000000', '2.000000'],
      ['-2.805118', '3.131313'],
      ['-3.779310', '-3.283186'],
      ['3.584428', '-1.848127'],
    ]);
  });

  it('ripples are the formulas of the books', () => {
    const turn = 2 * Math.PI;
    for (const [x, y] of each(pointsIn(surfaces.rastrigin, 200, 1))) {
      const cosines = Math.cos(turn * x) + Math.cos(turn * y);
      expect(surfaces.rastrigin.value(x, y)).toBeCloseTo(20 + x * x + y * y - 10 * cosines, 11);
      const tip = -20 * Math.exp(-0.2 * Math.sqrt((x * x + y * y) / 2));
      expect(surfaces.ackley.value(x, y)).toBeCloseTo(tip - Math.exp(cosines / 2) + 20 + Math.E, 12);
    }
  });
});

describe.each(all)('%s', (name, surface) => {
  it('goes by its name and says what it is', () => {
    expect(surface).toMatchObject({ kind: 'surface', name });
    for (const text of [surface.title, surface.formula, surface.source, surface.summary]) expect(text).toMatch(/\w/);
  });

  it('its gradient is the slope of its value', () => {
    for (const [x, y] of each(pointsIn(surface, 300, 2))) {
      const [dx, dy] = surface.gradient(x, y);
      const [, sizeX, sizeY] = sizes[name](x, y);
      const slopes = [derivative((h) => surface.value(x + h, y)), derivative((h) => surface.value(x, y + h))];
      expect(Math.abs(slopes[0] - dx)).toBeLessThan(1e-7 * sizeX + 1e-12);
      expect(Math.abs(slopes[1] - dy)).toBeLessThan(1e-7 * sizeY + 1e-12);
    }
  });

  it('its minima are flat, and nothing in the view lies lower', () => {
    for (const { x, y, value } of surface.minima) {
      expect(Math.abs(surface.value(x, y) - value)).toBeLessThan(1e-25);
      expect(Math.hypot(...surface.gradient(x, y))).toBeLessThan(1e-12);
      for (const [px, py] of [...around(x, y, 1e-3), ...around(x, y, 0.1), ...grid(surface, 101)])
        if (surface.minima.every((minimum) => Math.hypot(px - minimum.x, py - minimum.y) > 5e-4))
          expect(surface.value(px, py)).toBeGreaterThan(value);
    }
  });

  it('its saddle points are flat, with higher and lower ground around', () => {
    for (const { x, y, value } of surface.saddles) {
      expect(surface.value(x, y)).toBeCloseTo(value, 11);
      expect(Math.hypot(...surface.gradient(x, y))).toBeLessThan(1e-11);
      const heights = around(x, y, 1e-3).map((point) => surface.value(...point));
      expect(Math.min(...heights)).toBeLessThan(value);
      expect(Math.max(...heights)).toBeGreaterThan(value);
    }
  });

  it('its view shows the minima, the saddles and the starts, and every contour', () => {
    const { x, y, levels, scale } = surface.view;
    const places = [...surface.minima, ...surface.saddles].map((place): Point => [place.x, place.y]);
    for (const [px, py] of [...places, ...surface.starts]) {
      expect(px > x[0] && px < x[1] && py > y[0] && py < y[1]).toBe(true);
    }
    const heights = grid(surface, 201).map((point) => surface.value(...point));
    const [low, high] = [Math.min(...heights), Math.max(...heights)];
    levels.forEach((level, i) => {
      expect(level > low && level < high).toBe(true);
      if (i > 0) expect(level).toBeGreaterThan(levels[i - 1]);
    });
    expect(levels.length).toBeGreaterThan(7);
    if (scale === 'log') expect(surface.minima.map(({ value }) => value)).toContain(0);
    expect(surface.starts.length).toBeGreaterThan(1);
  });
});

describe('identities', () => {
  const points = each(pointsIn(surfaces.booth, 50, 3));

  it.each(['saddle', 'monkeySaddle'] as const)(
    '%s is harmonic: the mean over a circle is the value in its middle',
    (name) => {
      const { value } = surfaces[name];
      for (const [x, y] of points) {
        const circle = around(x, y, 1.5).map((point) => value(...point));
        expect(circle.reduce((a, b) => a + b, 0) / circle.length).toBeCloseTo(value(x, y), 9);
      }
    },
  );

  it('the monkey saddle has three ways down, 120° apart', () => {
    const [cos, sin] = [-0.5, Math.sqrt(3) / 2];
    const { value } = surfaces.monkeySaddle;
    for (const [x, y] of points) expect(value(cos * x - sin * y, sin * x + cos * y)).toBeCloseTo(value(x, y), 9);
  });

  it.each<[Surface, number]>([
    [surfaces.saddle, 2],
    [surfaces.quadratic, 2],
    [surfaces.monkeySaddle, 3],
  ])('$0.name is homogeneous: x·∇f = $1 f', ({ value, gradient }, degree) => {
    for (const [x, y] of points) {
      const [dx, dy] = gradient(x, y);
      expect((x * dx + y * dy) / degree).toBeCloseTo(value(x, y), 9);
    }
  });

  it('the gradient of Rastrigin grows by 2 from ripple to ripple', () => {
    const { gradient } = surfaces.rastrigin;
    for (const [x, y] of points) {
      const [here, there] = [gradient(x, y), gradient(x + 1, y - 3)];
      expect(there[0] - here[0]).toBeCloseTo(2, 11);
      expect(there[1] - here[1]).toBeCloseTo(-6, 11);
    }
  });

  it.each(['rastrigin', 'ackley'] as const)('%s is the same for x and y, and on both sides of 0', (name) => {
    const { value, gradient } = surfaces[name];
    for (const [x, y] of points) {
      expect(value(-y, x)).toBeCloseTo(value(x, y), 12);
      expect(gradient(-y, x)[1]).toBeCloseTo(gradient(x, y)[0], 12);
    }
  });

  it('ripples keep their digits beside the minimum', () => {
    const x = 1e-9; // cos 2πx is 1 here
    expect(surfaces.rastrigin.value(x, 0) / (x * x * (1 + 20 * Math.PI ** 2))).toBeCloseTo(1, 12);
    expect(surfaces.ackley.gradient(0, 0)).toEqual([0, 0]);
    expect(surfaces.ackley.gradient(x, 0)[0]).toBeCloseTo(2 * Math.SQRT2, 6); // the slope of the tip
  });
});

describe('quadratic(kappa)', () => {
  it('has the curvatures 1 and kappa', () => {
    const { gradient, formula } = quadratic(7);
    expect([gradient(3, 0), gradient(0, 3)]).toEqual([
      [3, 0],
      [0, 21],
    ]);
    expect(formula).toBe('½(x² + 7y²)');
  });

  it.each([0.5, Number.NaN, 1e7, '100'])('refuses %s', (kappa) => {
    expect(errorLine(() => quadratic(kappa as never))).toMatch(/^option \| kappa \| quadratic: kappa must be .*≥ 1/);
  });
});

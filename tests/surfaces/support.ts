// What tests of surfaces share: points of a view, and how large the rounding errors of f32 may be, from the sizes of a formula's terms.

import type { Point, Surface } from '../../ts/surfaces/index.ts';
import { type SurfaceName, surfaces } from '../../ts/surfaces/index.ts';
import { numbers } from '../optimizers/support.ts';

/** Every surface of the list by its name. */
export const all: readonly (readonly [SurfaceName, Surface])[] = Object.entries(surfaces).map(
  ([name, surface]) => [name as SurfaceName, surface] as const,
);

/** `n` points all over the view, f32 numbers, a function of the seed. */
export function pointsIn({ view }: Surface, n: number, seed: number): Float32Array {
  const unit = numbers(n * 2, seed);
  return unit.map((u, i) => {
    const [min, max] = i % 2 === 0 ? view.x : view.y;
    return min + ((max - min) * (u + 1)) / 2;
  });
}

/** The points one by one. */
export const each = (flat: Float32Array): Point[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]] as const);

/** Sums of the absolute values of all terms, in the value and in the two derivatives: f32 is right to a few 2⁻²⁴ of them. */
export const sizes: Readonly<Record<SurfaceName, (x: number, y: number) => readonly [number, number, number]>> = {
  saddle: (x, y) => [x * x + y * y, 2 * Math.abs(x), 2 * Math.abs(y)],
  monkeySaddle: (x, y) => [Math.abs(x) * (x * x + 3 * y * y), 3 * (x * x + y * y), 6 * Math.abs(x * y)],
  quadratic: (x, y) => [(x * x + 100 * y * y) / 2, Math.abs(x), 100 * Math.abs(y)],
  booth: (x, y) => {
    const [a, b] = [Math.abs(x), Math.abs(y)];
    return [(a + 2 * b + 7) ** 2 + (2 * a + b + 5) ** 2, 10 * a + 8 * b + 34, 8 * a + 10 * b + 38];
  },
  beale: (x, y) => {
    const [a, b] = [Math.abs(x), Math.abs(y)];
    const factors = [1 + b, 1 + b * b, 1 + b ** 3];
    const terms = [1.5, 2.25, 2.625].map((c, i) => c + a * factors[i]);
    return [
      terms.reduce((sum, term) => sum + term * term, 0),
      2 * terms.reduce((sum, term, i) => sum + term * factors[i], 0),
      2 * a * (terms[0] + 2 * b * terms[1] + 3 * b * b * terms[2]),
    ];
  },
  rosenbrock: (x, y) => {
    const [a, off] = [1 + Math.abs(x), Math.abs(y) + x * x];
    return [a * a + 100 * off * off, 2 * a + 400 * Math.abs(x) * off, 200 * off];
  },
  himmelblau: (x, y) => {
    const [a, b] = [x * x + Math.abs(y) + 11, Math.abs(x) + y * y + 7];
    return [a * a + b * b, 4 * Math.abs(x) * a + 2 * b, 2 * a + 4 * Math.abs(y) * b];
  },
  rastrigin: (x, y) => [x * x + y * y + 40, 2 * Math.abs(x) + 20 * Math.PI, 2 * Math.abs(y) + 20 * Math.PI],
  ackley: () => [20 + Math.E, 2 * Math.SQRT2 + Math.PI * Math.E, 2 * Math.SQRT2 + Math.PI * Math.E],
};

/** Roundings that a formula may add up to, in units of 2⁻²⁴ of its terms. */
export const ROUNDINGS: number = 8 * 2 ** -24;

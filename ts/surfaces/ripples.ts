// Surfaces with a wide bowl under many small ripples, each with a minimum of its own at (about) whole numbers: what follows the gradient stays in
// the nearest one.

import { exp } from '../numeric.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { defineSurface, linearLevels, type Surface } from './surface.ts';
import { sinSquared, sinSquaredOf, sinTwice, sinTwiceOf } from './waves.ts';

/** 20 + x² − 10 cos 2πx + y² − 10 cos 2πy, written x² + y² + 20(sin² πx + sin² πy), which keeps its digits near the minimum. */
export const rastrigin: Surface = defineSurface({
  name: 'rastrigin',
  title: 'Rastrigin',
  formula: '20 + x² − 10 cos 2πx + y² − 10 cos 2πy',
  source: 'Rastrigin 1974',
  summary: 'A bowl full of holes: a hundred local minima in the view, the deepest in the middle.',
  value: (x, y) => x * x + y * y + 20 * (sinSquared(x) + sinSquared(y)),
  gradient: (x, y) => [2 * x + 20 * Math.PI * sinTwice(x), 2 * y + 20 * Math.PI * sinTwice(y)],
  columns: {
    value: (x, y) =>
      x
        .square()
        .add(y.square())
        .add(sinSquaredOf(x).add(sinSquaredOf(y)).mul(20)),
    gradient: (x, y) => [x.mul(2).add(sinTwiceOf(x).mul(20 * Math.PI)), y.mul(2).add(sinTwiceOf(y).mul(20 * Math.PI))],
  },
  minima: [{ x: 0, y: 0, value: 0 }],
  saddles: [],
  view: { x: [-5.12, 5.12], y: [-5.12, 5.12], levels: linearLevels(5, 75, 15), scale: 'linear' },
  starts: [
    [-3.3, 2.4],
    [0.4, -0.3],
    [4.6, 4.4],
  ],
});

/** 2⁻⁵⁰: in the engine a smaller distance from the origin counts as 0, so that no 0 is divided by 0 at the tip. */
const TINY = 8.881784197001252e-16;

const radiusOf = (x: Tensor, y: Tensor): Tensor =>
  x
    .square()
    .add(y.square())
    .mul(0.5)
    .maximum(TINY * TINY)
    .sqrt();

/**
 * −20 e^(−0.2 √(½(x² + y²))) − e^(½(cos 2πx + cos 2πy)) + 20 + e, with the sum of cosines written 1 − (sin² πx + sin² πy) and each
 * difference of exponentials as one, which keeps its digits near the minimum. The gradient there is that of the smooth part: 0.
 */
export const ackley: Surface = defineSurface({
  name: 'ackley',
  title: 'Ackley',
  formula: '−20 exp(−0.2 √(½(x² + y²))) − exp(½(cos 2πx + cos 2πy)) + 20 + e',
  source: 'Ackley 1987',
  summary: 'Nearly flat far out, with ripples, and a steep funnel in the middle that ends in a tip.',
  value: (x, y) =>
    20 - 20 * exp(-0.2 * Math.sqrt(0.5 * (x * x + y * y))) + Math.E - Math.E * exp(-sinSquared(x) - sinSquared(y)),
  gradient: (x, y) => {
    const radius = Math.sqrt(0.5 * (x * x + y * y));
    const funnel = radius === 0 ? 0 : (2 * exp(-0.2 * radius)) / radius;
    const ripples = Math.PI * Math.E * exp(-sinSquared(x) - sinSquared(y));
    return [funnel * x + ripples * sinTwice(x), funnel * y + ripples * sinTwice(y)];
  },
  columns: {
    value: (x, y) => {
      const ripples = sinSquaredOf(x).add(sinSquaredOf(y)).neg().expm1().mul(-Math.E);
      return radiusOf(x, y).sub(TINY).mul(-0.2).expm1().mul(-20).add(ripples);
    },
    gradient: (x, y) => {
      const radius = radiusOf(x, y);
      const funnel = radius.mul(-0.2).exp().mul(2).div(radius);
      const ripples = sinSquaredOf(x)
        .add(sinSquaredOf(y))
        .neg()
        .exp()
        .mul(Math.PI * Math.E);
      return [funnel.mul(x).add(ripples.mul(sinTwiceOf(x))), funnel.mul(y).add(ripples.mul(sinTwiceOf(y)))];
    },
  },
  minima: [{ x: 0, y: 0, value: 0 }],
  saddles: [],
  view: { x: [-5, 5], y: [-5, 5], levels: linearLevels(1, 13, 13), scale: 'linear' },
  starts: [
    [-3.4, 2.7],
    [0.4, -0.3],
    [4.5, 4.2],
  ],
});

// The two saddles: a gradient that vanishes at a point that is no minimum, and no lowest point anywhere. They show how an optimizer leaves
// a flat place: what divides by the size of the gradient leaves soon, what does not takes its time.

import { defineSurface, linearLevels, type Surface } from './surface.ts';

/** x² − y² */
export const saddle: Surface = defineSurface({
  name: 'saddle',
  title: 'Saddle',
  formula: 'x² − y²',
  source: 'the quadratic form of signature (1, 1)',
  summary: 'Down along x into a point where the gradient is zero, and out of it along y.',
  value: (x, y) => x * x - y * y,
  gradient: (x, y) => [2 * x, -2 * y],
  columns: {
    value: (x, y) => x.square().sub(y.square()),
    gradient: (x, y) => [x.mul(2), y.mul(-2)],
  },
  minima: [],
  saddles: [{ x: 0, y: 0, value: 0 }],
  view: { x: [-1.5, 1.5], y: [-1.5, 1.5], levels: linearLevels(-2, 2, 17), scale: 'linear' },
  starts: [
    [-1, 1e-3],
    [1, 1e-3],
    [-1, 0], // stays on the ridge
  ],
});

/** x³ − 3xy² */
export const monkeySaddle: Surface = defineSurface({
  name: 'monkeySaddle',
  title: 'Monkey saddle',
  formula: 'x³ − 3xy²',
  source: 'Hilbert & Cohn-Vossen 1932',
  summary: 'Three ways down, room for two legs and a tail; at the saddle the curvature is zero too.',
  value: (x, y) => x * (x * x - 3 * y * y),
  gradient: (x, y) => [3 * (x * x - y * y), -6 * x * y],
  columns: {
    value: (x, y) => x.mul(x.square().sub(y.square().mul(3))),
    gradient: (x, y) => [x.square().sub(y.square()).mul(3), x.mul(y).mul(-6)],
  },
  minima: [],
  saddles: [{ x: 0, y: 0, value: 0 }],
  view: { x: [-1.5, 1.5], y: [-1.5, 1.5], levels: linearLevels(-4, 4, 17), scale: 'linear' },
  starts: [
    [1, 1e-3],
    [0.8, -0.2],
    [1, 0], // runs into the saddle
  ],
});

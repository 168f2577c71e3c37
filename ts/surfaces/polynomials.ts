// The polynomial test functions that every text on optimization knows: valleys that are bent or flat, and several minima.

import { defineSurface, logLevels, type Surface } from './surface.ts';

/** (1 − x)² + 100(y − x²)² */
export const rosenbrock: Surface = defineSurface({
  name: 'rosenbrock',
  title: 'Rosenbrock',
  formula: '(1 − x)² + 100(y − x²)²',
  source: 'Rosenbrock 1960',
  summary: 'A narrow bent valley: to find it is easy, to follow it to the minimum is not.',
  value: (x, y) => (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x),
  gradient: (x, y) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
  columns: {
    value: (x, y) => x.sub(1).square().add(y.sub(x.square()).square().mul(100)),
    gradient: (x, y) => {
      const off = y.sub(x.square());
      return [x.sub(1).mul(2).sub(x.mul(off).mul(400)), off.mul(200)];
    },
  },
  minima: [{ x: 1, y: 1, value: 0 }],
  saddles: [],
  view: { x: [-2, 2], y: [-1, 3], levels: logLevels(0.25, 2, 13), scale: 'log' },
  starts: [
    [-1.2, 1], // Rosenbrock's own
    [-0.5, 2.5],
    [1.5, -0.5],
  ],
});

/** (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)² */
export const beale: Surface = defineSurface({
  name: 'beale',
  title: 'Beale',
  formula: '(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²',
  source: 'Beale 1958',
  summary: 'A flat valley between steep corners, with a saddle on the way.',
  value: (x, y) => {
    const [a, b, c] = [1.5 - x * (1 - y), 2.25 - x * (1 - y * y), 2.625 - x * (1 - y * y * y)];
    return a * a + b * b + c * c;
  },
  gradient: (x, y) => {
    const [a, b, c] = [1.5 - x * (1 - y), 2.25 - x * (1 - y * y), 2.625 - x * (1 - y * y * y)];
    return [-2 * (a * (1 - y) + b * (1 - y * y) + c * (1 - y * y * y)), 2 * x * (a + b * 2 * y + c * 3 * y * y)];
  },
  columns: {
    value: (x, y) => {
      const square = y.square();
      const a = x.mul(y.sub(1)).add(1.5);
      const b = x.mul(square.sub(1)).add(2.25);
      const c = x.mul(square.mul(y).sub(1)).add(2.625);
      return a.square().add(b.square()).add(c.square());
    },
    gradient: (x, y) => {
      const square = y.square();
      const [p, q, r] = [y.sub(1), square.sub(1), square.mul(y).sub(1)];
      const [a, b, c] = [x.mul(p).add(1.5), x.mul(q).add(2.25), x.mul(r).add(2.625)];
      const dx = a.mul(p).add(b.mul(q)).add(c.mul(r)).mul(2);
      const dy = a.add(b.mul(y).mul(2)).add(c.mul(square).mul(3)).mul(x).mul(2);
      return [dx, dy];
    },
  },
  minima: [{ x: 3, y: 0.5, value: 0 }],
  saddles: [{ x: 0, y: 1, value: 14.203125 }],
  view: { x: [-4.5, 4.5], y: [-4.5, 4.5], levels: logLevels(0.125, 2, 20), scale: 'log' },
  starts: [
    [1, 1.5],
    [1, 1],
    [-1, -1.5],
  ],
});

/** (x + 2y − 7)² + (2x + y − 5)² */
export const booth: Surface = defineSurface({
  name: 'booth',
  title: 'Booth',
  formula: '(x + 2y − 7)² + (2x + y − 5)²',
  source: 'Booth 1949',
  summary: 'A round bowl that lies across the axes.',
  value: (x, y) => (x + 2 * y - 7) * (x + 2 * y - 7) + (2 * x + y - 5) * (2 * x + y - 5),
  gradient: (x, y) => [10 * x + 8 * y - 34, 8 * x + 10 * y - 38],
  columns: {
    value: (x, y) => x.add(y.mul(2)).sub(7).square().add(x.mul(2).add(y).sub(5).square()),
    gradient: (x, y) => [x.mul(10).add(y.mul(8)).sub(34), x.mul(8).add(y.mul(10)).sub(38)],
  },
  minima: [{ x: 1, y: 3, value: 0 }],
  saddles: [],
  view: { x: [-10, 10], y: [-10, 10], levels: logLevels(1, 2, 12), scale: 'log' },
  starts: [
    [-8, -6],
    [9, -8],
    [-9, 9],
  ],
});

/** (x² + y − 11)² + (x + y² − 7)² */
export const himmelblau: Surface = defineSurface({
  name: 'himmelblau',
  title: 'Himmelblau',
  formula: '(x² + y − 11)² + (x + y² − 7)²',
  source: 'Himmelblau 1972',
  summary: 'Four minima of one depth: a small change of the start, and another one is found.',
  value: (x, y) => (x * x + y - 11) * (x * x + y - 11) + (x + y * y - 7) * (x + y * y - 7),
  gradient: (x, y) => {
    const [a, b] = [x * x + y - 11, x + y * y - 7];
    return [4 * x * a + 2 * b, 2 * a + 4 * y * b];
  },
  columns: {
    value: (x, y) => x.square().add(y).sub(11).square().add(y.square().add(x).sub(7).square()),
    gradient: (x, y) => {
      const [a, b] = [x.square().add(y).sub(11), y.square().add(x).sub(7)];
      return [x.mul(a).mul(4).add(b.mul(2)), y.mul(b).mul(4).add(a.mul(2))];
    },
  },
  minima: [
    { x: 3, y: 2, value: 0 },
    { x: -2.805118086952745, y: 3.131312518250573, value: 0 },
    { x: -3.779310253377747, y: -3.2831859912861696, value: 0 },
    { x: 3.5844283403304917, y: -1.8481265269644036, value: 0 },
  ],
  saddles: [
    { x: 3.385154183607021, y: 0.07385187983774928, value: 13.31192627040559 },
    { x: 0.08667750455539636, y: 2.884254701174776, value: 67.71915008752615 },
    { x: -3.0730257507643897, y: -0.08135304428796751, value: 104.0151629175581 },
    { x: -0.12796134673068008, y: -1.9537149802445763, value: 178.33723920192747 },
  ],
  view: { x: [-6, 6], y: [-6, 6], levels: logLevels(1, 2, 11), scale: 'log' },
  starts: [
    [-0.3, -0.9], // beside the hill in the middle
    [0, 0],
    [-5, 5],
  ],
});

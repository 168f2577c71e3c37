// A long straight valley: the simplest surface on which plain gradient descent is slow, because its rate is bound by the steep direction
// and its progress by the flat one.

import { resolveOptions } from '../options.ts';
import { defineSurface, logLevels, type Surface } from './surface.ts';

/**
 * ½(x² + κy²), whose curvatures differ by the condition number `kappa` (≥ 1 and ≤ 1e6, default 100). Throws `option`.
 *
 * @example
 * ```js
 * import { quadratic } from 'downhill/surfaces';
 * const valley = quadratic(1000);
 * console.log(valley.value(2, 1), valley.gradient(2, 1)); // 502 [ 2, 1000 ]
 * ```
 */
export function quadratic(kappa = 100): Surface {
  resolveOptions(
    { kappa },
    { kappa: { type: 'number', min: 1, max: 1e6, text: 'condition number' } },
    { owner: 'quadratic', path: '' },
  );
  return defineSurface({
    name: 'quadratic',
    title: 'Ill-conditioned quadratic',
    formula: `½(x² + ${kappa}y²)`,
    source: 'Polyak 1964',
    summary: 'A straight valley: the rate is bound by its steep walls, and the progress along it by its flat floor.',
    value: (x, y) => 0.5 * (x * x + kappa * y * y),
    gradient: (x, y) => [x, kappa * y],
    columns: {
      value: (x, y) => x.square().add(y.square().mul(kappa)).mul(0.5),
      gradient: (x, y) => [x, y.mul(kappa)],
    },
    minima: [{ x: 0, y: 0, value: 0 }],
    saddles: [],
    view: { x: [-2, 2], y: [-2, 2], levels: logLevels(kappa / 400, 2, 10), scale: 'log' },
    starts: [
      [-1.8, 1],
      [1.5, -1.5],
      [-1, 0.1],
    ],
  });
}

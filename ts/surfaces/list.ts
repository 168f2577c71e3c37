// The list of test functions, and the way from what a user names to one of them.

import { DownhillError, show } from '../errors.ts';
import { unknownName } from '../options.ts';
import { beale, booth, himmelblau, rosenbrock } from './polynomials.ts';
import { quadratic } from './quadratic.ts';
import { ackley, rastrigin } from './ripples.ts';
import { monkeySaddle, saddle } from './saddles.ts';
import type { Surface } from './surface.ts';

/** Names of the test functions. */
export type SurfaceName =
  | 'saddle'
  | 'monkeySaddle'
  | 'quadratic'
  | 'booth'
  | 'beale'
  | 'rosenbrock'
  | 'himmelblau'
  | 'rastrigin'
  | 'ackley';

/**
 * The test functions by name: two saddles, valleys, a surface with four minima, and two with very many. The quadratic
 * has condition number 100; `quadratic(kappa)` makes others.
 *
 * @example
 * ```js
 * import { surfaces } from 'downhill/surfaces';
 * const { value, gradient, minima } = surfaces.beale;
 * console.log(minima); // [ { x: 3, y: 0.5, value: 0 } ]
 * console.log(value(3, 0.5), value(0, 1), gradient(1, 2)); // 0 14.203125 [ 171.25, 278 ]
 * ```
 */
export const surfaces: Readonly<Record<SurfaceName, Surface>> = {
  saddle,
  monkeySaddle,
  quadratic: quadratic(),
  booth,
  beale,
  rosenbrock,
  himmelblau,
  rastrigin,
  ackley,
};

const list: Readonly<Record<string, Surface>> = surfaces;

/** The surface that is meant by a name, or the surface itself. Throws `option`, naming the caller. */
export function surfaceOf(owner: string, given: unknown): Surface {
  if (typeof given === 'string') {
    if (Object.hasOwn(list, given)) return list[given];
    throw unknownName(owner, 'surface', given, Object.keys(list), 'surface');
  }
  if (isSurface(given)) return given;
  const expected = `a name such as 'saddle', or one of surfaces`;
  const hint = typeof given === 'function' ? '; call it' : '';
  throw new DownhillError('option', `${owner}: surface must be ${expected}: got ${show(given)}${hint}`, {
    path: 'surface',
    expected,
    received: show(given),
  });
}

const isSurface = (x: unknown): x is Surface =>
  typeof x === 'object' && x !== null && 'kind' in x && x.kind === 'surface' && 'tensor' in x;

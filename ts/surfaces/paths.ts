// Whole paths in one call: what the picture of optimizers on a saddle is drawn from.

import type { Engine } from '../engine.ts';
import { DownhillError } from '../errors.ts';
import type { OptimizerDescription } from '../optimizers/rules.ts';
import { type OptionSpec, resolveOptions } from '../options.ts';
import { makeTrace, OPTIONS, type TraceOptions } from './create.ts';
import type { SurfaceName } from './list.ts';
import type { Starts } from './starts.ts';
import type { Surface } from './surface.ts';

/** Options of {@link trace}. */
export interface PathOptions extends TraceOptions {
  /** Keep every so many-th step only, a whole number ≥ 1. Default 1. */
  readonly every?: number;
}

const EVERY: OptionSpec = { type: 'integer', min: 1, default: 1, text: 'steps from one kept point to the next' };

/** Where every start was, and how high. */
export interface Paths {
  /** `[rows, starts, 2]`: row r is after r · every steps; row 0 is the starts themselves. */
  readonly points: Float32Array;
  /** Heights at the points, `[rows, starts]`. */
  readonly losses: Float32Array;
  /** steps / every, rounded down, and one. */
  readonly rows: number;
  readonly starts: number;
  readonly every: number;
}

/**
 * Lets an optimizer go `steps` (≥ 0) steps on a surface from one start or many at once, each as if it were alone, and
 * gives their paths. A start that runs away goes on as infinity and NaN and stops no other. Throws as `createTrace`
 * does, and `memory` for paths that no array can hold: take a larger `every`.
 *
 * @example
 * ```js
 * import { createEngine, rmsprop, sgd } from 'downhill';
 * import { trace } from 'downhill/surfaces';
 * const engine = await createEngine();
 * const start = [-1, 1e-3]; // close to the ridge of x² − y²
 * const plain = trace(engine, sgd({ lr: 0.01 }), 'saddle', start, 200);
 * const scaled = trace(engine, rmsprop({ lr: 0.01 }), 'saddle', start, 200);
 * console.log(plain.points.length, plain.losses.length); // 402 201
 * console.log(plain.losses[200] > -0.01, scaled.losses[200] < -1); // true true
 * ```
 */
export function trace(
  engine: Engine,
  optimizer: OptimizerDescription,
  surface: SurfaceName | Surface,
  starts: Starts,
  steps: number,
  options: PathOptions = {},
): Paths {
  const place = { owner: 'trace', path: '' };
  resolveOptions({ steps }, { steps: { type: 'integer', min: 0, text: 'steps to take' } }, place);
  const { every, ...rest } = resolveOptions(options, { ...OPTIONS, every: EVERY }, place);
  const descent = makeTrace(place.owner, engine, optimizer, surface, starts, rest);
  try {
    const n = descent.starts;
    const rows = Math.floor(steps / every) + 1;
    const [points, losses] = arrays(rows, n);
    for (let row = 0; row < rows; row++) {
      if (row > 0) descent.step(every);
      points.set(descent.positions, row * n * 2);
      losses.set(descent.losses, row * n);
    }
    return { points, losses, rows, starts: n, every };
  } finally {
    descent.dispose();
  }
}

function arrays(rows: number, starts: number): [Float32Array, Float32Array] {
  try {
    return [new Float32Array(rows * starts * 2), new Float32Array(rows * starts)];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DownhillError(
      'memory',
      `trace: no array can hold ${rows} points of ${starts} starts: give every, to keep fewer of them`,
      { path: 'steps', cause: error },
    );
  }
}

// How a trace is made of what a user gives: names, descriptions and points, each checked with a message that says what it must be.

import { Engine } from '../engine.ts';
import { DownhillError, show } from '../errors.ts';
import { type OptimizerDescription, ruleOf } from '../optimizers/rules.ts';
import { type OptionSpecs, resolveOptions } from '../options.ts';
import { type SurfaceName, surfaceOf } from './list.ts';
import { flatStarts, type Starts } from './starts.ts';
import type { Surface } from './surface.ts';
import { NOISE, Trace } from './trace.ts';

/** Options of {@link createTrace}. */
export interface TraceOptions {
  /** Standard deviation of Gaussian noise that each component of each gradient gets at each step, ≥ 0. Default 0. */
  readonly noise?: number;
  /** Of the noise, a whole number ≥ 0: the same seed, start and step have the same noise under every optimizer. Default 0. */
  readonly seed?: number;
}

/** What the options may be. */
export const OPTIONS: OptionSpecs<TraceOptions> = {
  noise: NOISE,
  seed: { type: 'integer', min: 0, default: 0, text: 'seed of the noise' },
};

/**
 * Puts an optimizer at `starts` on a surface (a name, or one of `surfaces`), to be moved by `step(n)`. Each start moves
 * as if it were alone. Throws `option` for an unknown surface or optimizer, `data` for starts that are none, `memory`.
 *
 * @example
 * ```js
 * import { adam, createEngine } from 'downhill';
 * import { createTrace } from 'downhill/surfaces';
 * const engine = await createEngine();
 * const rain = createTrace(engine, adam({ lr: 0.05 }), 'himmelblau', [[0, 0], [-5, 5]]);
 * for (let frame = 0; frame < 60; frame++) rain.step(5); // draw rain.positions
 * const [x, y] = rain.positions;
 * console.log(x.toFixed(3), y.toFixed(3), rain.losses[0] < 1e-6); // 3.000 2.000 true
 * rain.set({ lr: 0.2 });
 * rain.reset([[5, 5]]);
 * console.log(rain.starts, rain.losses[0]); // 1 890
 * rain.dispose();
 * ```
 */
export function createTrace(
  engine: Engine,
  optimizer: OptimizerDescription,
  surface: SurfaceName | Surface,
  starts: Starts,
  options: TraceOptions = {},
): Trace {
  const place = { owner: 'createTrace', path: '' };
  return makeTrace(place.owner, engine, optimizer, surface, starts, resolveOptions(options, OPTIONS, place));
}

/** As {@link createTrace}, for a caller of another name, who has checked the options. */
export function makeTrace(
  owner: string,
  engine: unknown,
  optimizer: OptimizerDescription,
  surface: unknown,
  starts: unknown,
  { noise, seed }: Required<TraceOptions>,
): Trace {
  if (!(engine instanceof Engine)) {
    const expected = 'an engine made by createEngine()';
    throw new DownhillError('option', `${owner}: engine must be ${expected}: got ${show(engine)}`, {
      path: 'engine',
      expected,
      received: show(engine),
    });
  }
  ruleOf(optimizer);
  return new Trace(engine, optimizer, surfaceOf(owner, surface), flatStarts(owner, starts), noise, seed);
}

// What a plain loop is: the rule that it is timed against, as the same careful author would write it: doubles inside, one rounding at the
// store, no unrolling.

import type { OptimizerDescription } from '../../optimizers/index.ts';

/** One step of a rule over parameters, gradient and as many state arrays as it names. Options are the rule's defaults, unless it says others. */
export interface PlainRule {
  /** What it is timed against; left out: the rule of its name, with the defaults. */
  readonly of?: OptimizerDescription;
  readonly slots: number;
  step(p: Float32Array, g: Float32Array, slots: readonly Float32Array[], t: number): void;
}

/** By the name of the workload. */
export type PlainRules = Readonly<Record<string, PlainRule>>;

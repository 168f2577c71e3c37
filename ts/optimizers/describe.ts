// What a description means: its options complete, with the defaults of its dialect, and what the framework calls it.

import type { Dialect } from './common.ts';
import { type Resolved, resolveRule } from './options.ts';
import { type OptimizerDescription, ruleOf } from './rules.ts';

/** What {@link describe} says of an optimizer. */
export interface OptimizerSummary {
  readonly name: string;
  /** One line: what it is. */
  readonly summary: string;
  readonly formula: string;
  /** Paper or papers. */
  readonly source: string;
  /** Whose numbers it follows. */
  readonly dialect: Dialect;
  /** Every dialect that it has. */
  readonly dialects: readonly Dialect[];
  /** What the framework of the dialect calls it. */
  readonly frameworkNames: readonly string[];
  /** Every option with its number; one that has a schedule is the schedule. */
  readonly options: Resolved['options'];
}

/**
 * What a description means: every option with the number that it gets in its dialect. Throws `option` for what is no
 * description.
 *
 * @example
 * ```js
 * import { adam, describe } from 'downhill';
 * const { dialect, options } = describe(adam({ dialect: 'keras' }));
 * console.log(dialect, options.eps, options.decayMode); // keras 1e-7 decoupled
 * ```
 */
export function describe(description: OptimizerDescription): OptimizerSummary {
  const rule = ruleOf(description);
  const { name, summary, formula, source, dialects } = rule;
  const { fixed, options } = resolveRule(rule, description.options, name);
  const { dialect } = fixed;
  return {
    name,
    summary,
    formula,
    source,
    dialect,
    dialects: Object.keys(dialects) as Dialect[],
    frameworkNames: Object.keys(dialects[dialect]?.names ?? {}),
    options,
  };
}

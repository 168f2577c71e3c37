// The plain loops of all families by workload: a rule that has one is measured.

import type { OptimizerDescription } from '../optimizers/index.ts';
import * as families from './plain/index.ts';
import type { PlainRule, PlainRules } from './plain/rule.ts';

export type { PlainRule, PlainRules } from './plain/rule.ts';

const { classic, ...others } = families;

/** By the name of the workload, the classic ones first. */
export const plainRules: PlainRules = Object.assign({}, classic, ...Object.values(others));

/** What each is timed against. */
export const plainDescriptions: Readonly<Record<string, OptimizerDescription>> = Object.fromEntries(
  Object.entries(plainRules).map(([workload, { of }]: [string, PlainRule]) => [
    workload,
    of ?? ({ kind: 'optimizer', name: workload, options: {} } as OptimizerDescription),
  ]),
);

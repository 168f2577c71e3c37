// The rules by name, made from the list in index.ts, and the way from a description back to its rule.

import { DownhillError, show } from '../errors.ts';
import { unknownName } from '../options.ts';
import * as factories from './index.ts';
import type { Rule } from './rule.ts';

/** A description of any optimizer of the list. */
export type OptimizerDescription = ReturnType<(typeof factories)[keyof typeof factories]>;

/** Every rule by its name. */
export const rules: Readonly<Record<string, Rule>> = Object.fromEntries(
  Object.values(factories).map(({ rule }): [string, Rule] => [rule.name, rule]),
);

/** The rule that a description names. Throws `option` when it is no description of the list. */
export function ruleOf(description: unknown): Rule {
  const is = typeof description === 'object' && description !== null && 'kind' in description;
  if (!is || description.kind !== 'optimizer' || !('name' in description) || typeof description.name !== 'string') {
    const expected = 'an optimizer such as adam({ lr: 1e-3 })';
    const hint = typeof description === 'function' ? '; call it' : '';
    throw new DownhillError('option', `optimizer must be ${expected}: got ${show(description)}${hint}`, {
      path: 'optimizer',
      expected,
      received: show(description),
    });
  }
  const { name } = description;
  if (!Object.hasOwn(rules, name))
    throw unknownName('optimizer', 'optimizer', name, Object.keys(rules), 'optimizer.name');
  return rules[name];
}

// The two schedules without options: one value for all steps, and whatever a function says.

import { DownhillError, show } from '../errors.ts';
import { rate } from './options.ts';
import { makeSchedule, type ScheduleDefinition } from './schedule.ts';

/** What {@link constant} makes. */
export interface Constant {
  readonly kind: 'constant';
  readonly value: number;
}

/**
 * The same value at every step, 0 or more: what a number is where a schedule may stand. Throws `option`.
 *
 * @example
 * ```js
 * import { constant, scheduleValue } from 'downhill';
 * console.log(scheduleValue(constant(0.1), 7)); // 0.1
 * ```
 */
export const constant = (value: number): Constant => makeSchedule(constantSchedule, { value });

export const constantSchedule: ScheduleDefinition<Constant> = {
  kind: 'constant',
  options: { value: rate('the value') },
  value: ({ value }) => value,
};

/** What {@link lambda} makes. */
export interface Lambda {
  readonly kind: 'lambda';
  readonly f: (step: number) => number;
}

/**
 * The value that a function of the step gives; steps count from 0. It must be pure. A function cannot be saved or sent to a
 * worker ({@link isSerialisable} is false), and that its digits are the same everywhere is up to it: `Math.pow` differs
 * from engine to engine. Throws `option`.
 *
 * @example
 * ```js
 * import { lambda, scheduleValue } from 'downhill';
 * console.log(scheduleValue(lambda((step) => 1 / (1 + step)), 3)); // 0.25
 * ```
 */
export const lambda = (f: (step: number) => number): Lambda => makeSchedule(lambdaSchedule, { f });

export const lambdaSchedule: ScheduleDefinition<Lambda> = {
  kind: 'lambda',
  options: {
    f: {
      type: 'checked',
      text: 'gives the value of a step',
      check: (value, path) => {
        if (typeof value === 'function') return;
        const expected = 'a function of the step';
        const received = show(value);
        throw new DownhillError('option', `${path} must be ${expected}: got ${received}`, { path, expected, received });
      },
    },
  },
  value: ({ f }, step) => f(step),
};

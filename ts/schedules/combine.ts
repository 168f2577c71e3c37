// Schedules made of schedules: a rise before one, one behind the other, and several multiplied.

import { LARGEST_F32 } from '../options.ts';
import { between, type Interpolation } from './curves.ts';
import type { Schedule } from './list.ts';
import { ascending, held, heldList, interpolation, rate, stepCount } from './options.ts';
import { makeSchedule, type ScheduleDefinition } from './schedule.ts';
import { reached } from './steps.ts';

/** Options of {@link warmup}. */
export interface WarmupOptions {
  /** How many steps the rise takes, 1 or more. */
  readonly steps: number;
  /** The value at step 0. Default 0. */
  readonly from?: number;
  /** The curve. Default `linear`. */
  readonly interpolation?: Interpolation;
}

/** What {@link warmup} makes. */
export interface Warmup extends Required<WarmupOptions> {
  readonly kind: 'warmup';
  readonly schedule: Schedule;
}

/**
 * A rise from `from` to where a schedule begins, and then the schedule from its own step 0: Optax's `warmup_…` schedules
 * (their decay_steps include the rise), Keras's `CosineDecay` with warm-up, PyTorch's `LinearLR` in a `SequentialLR`. A
 * number is a constant. Throws `option`.
 *
 * @example
 * ```js
 * import { cosineDecay, scheduleValue, warmup } from 'downhill';
 * const schedule = warmup(cosineDecay({ from: 1, steps: 90 }), { steps: 10 });
 * console.log([0, 5, 10, 100].map((step) => scheduleValue(schedule, step))); // [ 0, 0.5, 1, 0 ]
 * ```
 */
export const warmup = (schedule: Schedule | number, options: WarmupOptions): Warmup =>
  makeSchedule<Warmup>(warmupSchedule, { ...options, schedule: schedule as Schedule });

export const warmupSchedule: ScheduleDefinition<Warmup> = {
  kind: 'warmup',
  options: {
    schedule: held('what comes behind the rise'),
    steps: stepCount('how many steps the rise takes'),
    from: rate('the first value', 0),
    interpolation: interpolation('linear'),
  },
  holds: 'schedule',
  children: ({ schedule }) => [schedule],
  value: ({ steps, from, interpolation }, step, inside) =>
    step >= steps ? inside.value(0, step - steps) : between(from, inside.value(0, 0), step / steps, interpolation),
};

/** Options of {@link join}. */
export interface JoinOptions {
  /** One schedule or number more than boundaries. */
  readonly schedules: readonly (Schedule | number)[];
  /** The steps at which the next one begins, ascending from 1. */
  readonly boundaries: readonly number[];
}

/** What {@link join} makes. */
export interface Join {
  readonly kind: 'join';
  readonly schedules: readonly Schedule[];
  readonly boundaries: readonly number[];
}

/**
 * One schedule behind the other, each from its own step 0: Optax's `join_schedules`, PyTorch's `SequentialLR`. Throws
 * `option`.
 *
 * @example
 * ```js
 * import { join, linearDecay, scheduleValue } from 'downhill';
 * const schedule = join({ schedules: [1, linearDecay({ from: 1, steps: 10 })], boundaries: [20] });
 * console.log([0, 19, 20, 25, 30].map((step) => scheduleValue(schedule, step))); // [ 1, 1, 1, 0.5, 0 ]
 * ```
 */
export const join = (options: JoinOptions): Join => makeSchedule<Join>(joinSchedule, options as Join);

export const joinSchedule: ScheduleDefinition<Join> = {
  kind: 'join',
  options: {
    schedules: heldList('one behind the other'),
    boundaries: ascending('the steps at which the next one begins'),
  },
  holds: 'schedules',
  children: ({ schedules }) => schedules,
  refuse: ({ schedules, boundaries }) =>
    schedules.length === boundaries.length + 1
      ? undefined
      : `schedules must be one more than boundaries (${boundaries.length}): got ${schedules.length}`,
  value: ({ boundaries }, step, inside) => {
    const i = reached(boundaries, step);
    return inside.value(i, i === 0 ? step : step - boundaries[i - 1]);
  },
};

/** What {@link product} makes. */
export interface Product {
  readonly kind: 'product';
  readonly schedules: readonly Schedule[];
}

/**
 * The product of schedules and numbers at the same step: what PyTorch's `ChainedScheduler` comes to. With a schedule from 1
 * as a factor any other is scaled; `product(warmup(0.1, { steps: 100 }), reduceOnPlateau({ from: 1 }))` shrinks on a plateau.
 * Throws `option`.
 *
 * @example
 * ```js
 * import { linearDecay, product, scheduleValue } from 'downhill';
 * const schedule = product(0.5, linearDecay({ from: 1, steps: 4 }));
 * console.log([0, 1, 2].map((step) => scheduleValue(schedule, step))); // [ 0.5, 0.375, 0.25 ]
 * ```
 */
export const product = (...schedules: (Schedule | number)[]): Product =>
  makeSchedule<Product>(productSchedule, { schedules: schedules as Schedule[] });

export const productSchedule: ScheduleDefinition<Product> = {
  kind: 'product',
  options: { schedules: heldList('what is multiplied') },
  holds: 'schedules',
  children: ({ schedules }) => schedules,
  value: ({ schedules }, step, inside) => {
    let value = 1;
    for (let i = 0; i < schedules.length; i++) value = Math.min(value * inside.value(i, step), LARGEST_F32);
    return value;
  },
};

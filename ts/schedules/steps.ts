// Schedules that change at chosen steps: at regular ones, at listed ones, or to listed values.

import { pow } from '../numeric.ts';
import { between, type Interpolation } from './curves.ts';
import { ascending, factor, interpolation, rate, rates, stepCount } from './options.ts';
import { makeSchedule, type ScheduleDefinition, times } from './schedule.ts';

/** Options of {@link stepDecay}. */
export interface StepDecayOptions {
  /** The value of the first steps, 0 or more. */
  readonly from: number;
  /** What it is multiplied by, above 0. Default 0.1. */
  readonly factor?: number;
  /** After how many steps, again and again. */
  readonly every: number;
}

/** What {@link stepDecay} makes. */
export interface StepDecay extends Required<StepDecayOptions> {
  readonly kind: 'stepDecay';
}

/**
 * `from` · `factor`^⌊step / every⌋, as PyTorch's `StepLR`. Throws `option`.
 *
 * @example
 * ```js
 * import { scheduleValue, stepDecay } from 'downhill';
 * const schedule = stepDecay({ from: 1, factor: 0.5, every: 30 });
 * console.log([0, 29, 30, 60].map((step) => scheduleValue(schedule, step))); // [ 1, 1, 0.5, 0.25 ]
 * ```
 */
export const stepDecay = (options: StepDecayOptions): StepDecay => makeSchedule(stepDecaySchedule, options);

export const stepDecaySchedule: ScheduleDefinition<StepDecay> = {
  kind: 'stepDecay',
  options: {
    from: rate('the first value'),
    factor: factor('what it is multiplied by', 0.1),
    every: stepCount('after how many steps'),
  },
  value: ({ from, factor, every }, step) => times(from, pow(factor, Math.floor(step / every))),
};

/** Options of {@link multistepDecay}. */
export interface MultistepDecayOptions {
  /** The value of the first steps, 0 or more. */
  readonly from: number;
  /** What it is multiplied by, above 0. Default 0.1. */
  readonly factor?: number;
  /** The steps at which that happens, ascending from 1. */
  readonly boundaries: readonly number[];
}

/** What {@link multistepDecay} makes. */
export interface MultistepDecay extends Required<MultistepDecayOptions> {
  readonly kind: 'multistepDecay';
}

/**
 * `from` times `factor` once for each boundary that is reached, as PyTorch's `MultiStepLR`. Throws `option`.
 *
 * @example
 * ```js
 * import { multistepDecay, scheduleValue } from 'downhill';
 * const schedule = multistepDecay({ from: 1, factor: 0.5, boundaries: [10, 15] });
 * console.log([9, 10, 15].map((step) => scheduleValue(schedule, step))); // [ 1, 0.5, 0.25 ]
 * ```
 */
export const multistepDecay = (options: MultistepDecayOptions): MultistepDecay =>
  makeSchedule(multistepDecaySchedule, options);

export const multistepDecaySchedule: ScheduleDefinition<MultistepDecay> = {
  kind: 'multistepDecay',
  options: {
    from: rate('the first value'),
    factor: factor('what it is multiplied by', 0.1),
    boundaries: ascending('the steps at which that happens'),
  },
  value: ({ from, factor, boundaries }, step) => times(from, pow(factor, reached(boundaries, step))),
};

/** How many boundaries lie at or before a step. */
export function reached(boundaries: readonly number[], step: number): number {
  const next = boundaries.findIndex((boundary) => step < boundary);
  return next === -1 ? boundaries.length : next;
}

/** Options of {@link piecewise}. */
export interface PiecewiseOptions {
  /** One value more than boundaries, each 0 or more. */
  readonly values: readonly number[];
  /** The steps at which the next value is reached, ascending from 1. */
  readonly boundaries: readonly number[];
  /**
   * `none` (default): a value holds until the next boundary. `linear` and `cosine`: the first value stands at step 0, each
   * other one at its boundary, and a line or half a cosine lies between two.
   */
  readonly interpolation?: 'none' | Interpolation;
}

/** What {@link piecewise} makes. */
export interface Piecewise extends Required<PiecewiseOptions> {
  readonly kind: 'piecewise';
}

/**
 * Listed values from listed steps on. As Optax's `piecewise_constant_schedule` and `piecewise_interpolate_schedule` (whose
 * scales are multiplied up to values), and Keras's `PiecewiseConstantDecay`, whose boundaries are one less: there the old
 * value still holds at the boundary. Throws `option`.
 *
 * @example
 * ```js
 * import { piecewise, scheduleValue } from 'downhill';
 * const steps = piecewise({ values: [1, 0.5], boundaries: [10] });
 * console.log([0, 9, 10].map((step) => scheduleValue(steps, step))); // [ 1, 1, 0.5 ]
 * const line = piecewise({ values: [1, 0.5], boundaries: [10], interpolation: 'linear' });
 * console.log([0, 5, 10, 99].map((step) => scheduleValue(line, step))); // [ 1, 0.75, 0.5, 0.5 ]
 * ```
 */
export const piecewise = (options: PiecewiseOptions): Piecewise => makeSchedule(piecewiseSchedule, options);

export const piecewiseSchedule: ScheduleDefinition<Piecewise> = {
  kind: 'piecewise',
  options: {
    values: rates('the values'),
    boundaries: ascending('the steps at which the next value is reached'),
    interpolation: interpolation('none', 'none'),
  },
  refuse: ({ values, boundaries }) =>
    values.length === boundaries.length + 1
      ? undefined
      : `values must be one more than boundaries (${boundaries.length}): got ${values.length}`,
  value: ({ values, boundaries, interpolation }, step) => {
    const i = reached(boundaries, step);
    if (interpolation === 'none' || i === boundaries.length) return values[i];
    const start = i === 0 ? 0 : boundaries[i - 1];
    return between(values[i], values[i + 1], (step - start) / (boundaries[i] - start), interpolation);
  },
};

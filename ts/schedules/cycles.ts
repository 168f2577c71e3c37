// Schedules that go up and down: once over a whole training, or in cycles.

import { pow } from '../numeric.ts';
import { between, type Interpolation } from './curves.ts';
import { factor, interpolation, rate, stepCount } from './options.ts';
import { blend, makeSchedule, type ScheduleDefinition, times } from './schedule.ts';

/** Options of {@link oneCycle}. */
export interface OneCycleOptions {
  /** The value in the middle of it. */
  readonly peak: number;
  /** The steps of the whole training, 1 or more; the last is step `steps` − 1. */
  readonly steps: number;
  /** The share of the steps that leads to the peak, from 0 to 1. Default 0.3. */
  readonly riseShare?: number;
  /** The value at step 0. Default peak / 25. */
  readonly from?: number;
  /** The last value. Default `from` / 10000. */
  readonly to?: number;
  /** The curve. Default `cosine`. */
  readonly interpolation?: Interpolation;
  /** Whether it goes back to `from` as fast as it came, and then on to `to`. Default false. */
  readonly threePhases?: boolean;
}

/** What {@link oneCycle} makes. */
export interface OneCycle extends Required<OneCycleOptions> {
  readonly kind: 'oneCycle';
}

/**
 * From `from` to `peak` and down to `to`, as PyTorch's `OneCycleLR` with its div_factor and final_div_factor multiplied out
 * (Smith and Topin 2018, "Super-Convergence"). The momentum that goes with it is {@link oneCycleMomentum}; Optax's one-cycle
 * schedules are {@link piecewise} with an interpolation. Throws `option`.
 *
 * @example
 * ```js
 * import { oneCycle, scheduleValue } from 'downhill';
 * const schedule = oneCycle({ peak: 0.5, steps: 101, riseShare: 0.5, interpolation: 'linear', to: 0 });
 * console.log([0, 100].map((step) => scheduleValue(schedule, step))); // [ 0.02, 0 ]
 * ```
 */
export const oneCycle = (options: OneCycleOptions): OneCycle => makeSchedule(oneCycleSchedule, options);

/** Options of {@link oneCycleMomentum}; steps, riseShare, interpolation and threePhases as those of the rate. */
export interface OneCycleMomentumOptions extends Omit<OneCycleOptions, 'peak' | 'from' | 'to'> {
  /** The momentum at both ends. Default 0.95. */
  readonly high?: number;
  /** The momentum at the peak of the rate. Default 0.85. */
  readonly low?: number;
}

/**
 * The momentum that goes with {@link oneCycle}: low where the rate is high. A `oneCycle` from `high` over `low` to `high`,
 * for `sgd`'s momentum or Adam's first beta. Throws `option`.
 *
 * @example
 * ```js
 * import { oneCycleMomentum, scheduleValue } from 'downhill';
 * const schedule = oneCycleMomentum({ steps: 100 });
 * console.log([0, 29, 99].map((step) => scheduleValue(schedule, step))); // [ 0.95, 0.85, 0.95 ]
 * ```
 */
export const oneCycleMomentum = ({ high = 0.95, low = 0.85, ...options }: OneCycleMomentumOptions): OneCycle =>
  makeSchedule(oneCycleSchedule, { ...options, from: high, peak: low, to: high });

export const oneCycleSchedule: ScheduleDefinition<OneCycle> = {
  kind: 'oneCycle',
  options: {
    peak: rate('the value in the middle'),
    steps: stepCount('the steps of the whole training'),
    riseShare: { type: 'number', default: 0.3, min: 0, max: 1, text: 'the share of the steps that leads to the peak' },
    from: rate('the first value'),
    to: rate('the last value'),
    interpolation: interpolation('cosine'),
    threePhases: { type: 'boolean', default: false, text: 'back to `from` as fast as it came, then on to `to`' },
  },
  complete: ({ peak, from = typeof peak === 'number' ? peak / 25 : 0 }) =>
    typeof from === 'number' ? { from, to: from / 1e4 } : { from },
  refuse: ({ threePhases, riseShare }) =>
    threePhases && riseShare > 0.5 ? `riseShare must be ≤ 0.5 with threePhases: got ${riseShare}` : undefined,
  value: ({ peak, steps, riseShare, from, to, interpolation, threePhases }, step) => {
    const last = steps - 1;
    const top = riseShare * steps - 1;
    const back = threePhases ? 2 * riseShare * steps - 2 : last;
    if (step >= last) return to;
    if (step < top) return between(from, peak, step / top, interpolation);
    const start = Math.max(top, 0);
    const end = Math.max(back, start);
    if (step < end) return between(peak, threePhases ? from : to, (step - start) / (end - start), interpolation);
    return between(from, to, (step - end) / (last - end), interpolation);
  },
};

/** Options of {@link cyclic}. */
export interface CyclicOptions {
  /** The value at the ends of each cycle. */
  readonly from: number;
  /** The value in the middle of the first. It may be the smaller one: a momentum that falls and rises. */
  readonly peak: number;
  /** The steps up, 1 or more. Default 2000. */
  readonly up?: number;
  /** The steps down, 1 or more. Default: as many as up. */
  readonly down?: number;
  /** What the height of each cycle is multiplied by from one to the next, above 0 and at most 1. Default 1. */
  readonly cycleFactor?: number;
  /** What the height is multiplied by at each step, above 0 and at most 1. Default 1. */
  readonly stepFactor?: number;
}

/** What {@link cyclic} makes. */
export interface Cyclic extends Required<CyclicOptions> {
  readonly kind: 'cyclic';
}

/**
 * Straight up and down, again and again, as PyTorch's `CyclicLR` (Smith 2017, "Cyclical Learning Rates"): its `triangular2`
 * is `cycleFactor` ½, its `exp_range` is `stepFactor` gamma, and its momentum is a cycle with the lower value as `peak`.
 * Throws `option`.
 *
 * @example
 * ```js
 * import { cyclic, scheduleValue } from 'downhill';
 * const schedule = cyclic({ from: 0, peak: 1, up: 4, cycleFactor: 0.5 });
 * console.log([0, 2, 4, 8, 12].map((step) => scheduleValue(schedule, step))); // [ 0, 0.5, 1, 0, 0.5 ]
 * ```
 */
export const cyclic = (options: CyclicOptions): Cyclic => makeSchedule(cyclicSchedule, options);

export const cyclicSchedule: ScheduleDefinition<Cyclic> = {
  kind: 'cyclic',
  options: {
    from: rate('the value at the ends'),
    peak: rate('the value in the middle'),
    up: stepCount('the steps up', 2000),
    down: stepCount('the steps down'),
    cycleFactor: { ...factor('what the height is multiplied by from cycle to cycle', 1), max: 1 },
    stepFactor: { ...factor('what the height is multiplied by at each step', 1), max: 1 },
  },
  complete: ({ up = 2000 }) => ({ down: up }),
  value: ({ from, peak, up, down, cycleFactor, stepFactor }, step) => {
    const cycle = Math.floor(step / (up + down));
    const inside = step - cycle * (up + down);
    const height = inside <= up ? inside / up : (up + down - inside) / down;
    return blend(peak, from, times(height, pow(cycleFactor, cycle) * pow(stepFactor, step)));
  },
};

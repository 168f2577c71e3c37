// Schedules that fall by a formula of the step: a line, a power, an exponential, one over the time, and Noam's.

import { pow } from '../numeric.ts';
import { factor, rate, staircase, stepCount } from './options.ts';
import { blend, makeSchedule, type ScheduleDefinition, times } from './schedule.ts';

/** Options of {@link linearDecay}. */
export interface LinearDecayOptions {
  /** The value at step 0. */
  readonly from: number;
  /** The value at step `steps` and ever after; it may be the larger one. Default 0. */
  readonly to?: number;
  /** How many steps it takes, 1 or more. */
  readonly steps: number;
}

/** What {@link linearDecay} makes. */
export interface LinearDecay extends Required<LinearDecayOptions> {
  readonly kind: 'linearDecay';
}

/**
 * A straight line from `from` to `to`, which then stays: PyTorch's `LinearLR`, Optax's `linear_schedule`. Throws `option`.
 *
 * @example
 * ```js
 * import { linearDecay, scheduleValue } from 'downhill';
 * const schedule = linearDecay({ from: 1, steps: 4 });
 * console.log([0, 1, 4, 9].map((step) => scheduleValue(schedule, step))); // [ 1, 0.75, 0, 0 ]
 * ```
 */
export const linearDecay = (options: LinearDecayOptions): LinearDecay => makeSchedule(linearDecaySchedule, options);

export const linearDecaySchedule: ScheduleDefinition<LinearDecay> = {
  kind: 'linearDecay',
  options: {
    from: rate('the first value'),
    to: rate('the last value', 0),
    steps: stepCount('how many steps it takes'),
  },
  value: ({ from, to, steps }, step) => blend(from, to, 1 - Math.min(step / steps, 1)),
};

/** Options of {@link polynomialDecay}. */
export interface PolynomialDecayOptions extends LinearDecayOptions {
  /** The exponent, above 0; 1 is a line. Default 1. */
  readonly power?: number;
  /** Whether `steps` doubles, triples, … each time it is reached, and the value springs back. Default false. */
  readonly cycle?: boolean;
}

/** What {@link polynomialDecay} makes. */
export interface PolynomialDecay extends Required<PolynomialDecayOptions> {
  readonly kind: 'polynomialDecay';
}

/**
 * `to` + (`from` − `to`)·(1 − step/steps)^`power`, then `to`: PyTorch's `PolynomialLR`, Optax's `polynomial_schedule`, and
 * with `cycle` Keras's `PolynomialDecay`. Throws `option`.
 *
 * @example
 * ```js
 * import { polynomialDecay, scheduleValue } from 'downhill';
 * const schedule = polynomialDecay({ from: 1, steps: 4, power: 2 });
 * console.log([0, 1, 2, 4].map((step) => scheduleValue(schedule, step))); // [ 1, 0.5625, 0.25, 0 ]
 * ```
 */
export const polynomialDecay = (options: PolynomialDecayOptions): PolynomialDecay =>
  makeSchedule(polynomialDecaySchedule, options);

export const polynomialDecaySchedule: ScheduleDefinition<PolynomialDecay> = {
  kind: 'polynomialDecay',
  options: {
    ...linearDecaySchedule.options,
    power: { type: 'number', default: 1, above: 0, text: 'the exponent' },
    cycle: { type: 'boolean', default: false, text: 'begin again whenever `steps` are done' },
  },
  value: ({ from, to, steps, power, cycle }, step) => {
    const length = cycle ? steps * Math.max(Math.ceil(step / steps), 1) : steps;
    return blend(from, to, pow(1 - Math.min(step / length, 1), power));
  },
};

/** Options of {@link exponentialDecay}. */
export interface ExponentialDecayOptions {
  /** The value at step 0. */
  readonly from: number;
  /** What it is multiplied by in `every` steps, above 0. */
  readonly factor: number;
  /** In how many steps. Default 1. */
  readonly every?: number;
  /** Whether it changes only when `every` steps are done. Default false. */
  readonly staircase?: boolean;
  /** The value that it does not pass. Default: none. */
  readonly to?: number;
}

/** What {@link exponentialDecay} makes. */
export interface ExponentialDecay extends ExponentialDecayOptions {
  readonly kind: 'exponentialDecay';
  readonly every: number;
  readonly staircase: boolean;
}

/**
 * `from` · `factor`^(step / every), not beyond `to`: PyTorch's `ExponentialLR`, Optax's `exponential_decay`, Keras's
 * `ExponentialDecay`. Throws `option`.
 *
 * @example
 * ```js
 * import { exponentialDecay, scheduleValue } from 'downhill';
 * const schedule = exponentialDecay({ from: 1, factor: 0.5, to: 0.2 });
 * console.log([0, 1, 2, 3].map((step) => scheduleValue(schedule, step))); // [ 1, 0.5, 0.25, 0.2 ]
 * ```
 */
export const exponentialDecay = (options: ExponentialDecayOptions): ExponentialDecay =>
  makeSchedule(exponentialDecaySchedule, options);

export const exponentialDecaySchedule: ScheduleDefinition<ExponentialDecay> = {
  kind: 'exponentialDecay',
  options: {
    from: rate('the first value'),
    factor: factor('what it is multiplied by in `every` steps'),
    every: stepCount('in how many steps', 1),
    staircase,
    to: { ...rate('the value that it does not pass'), optional: true },
  },
  refuse: ({ from, factor, to }) => {
    if (to === undefined || (factor <= 1 ? to <= from : to >= from)) return undefined;
    return `to must be ${factor <= 1 ? '≤' : '≥'} from (${from}) where factor is ${factor}: got ${to}`;
  },
  value: ({ from, factor, every, staircase, to }, step) => {
    const exponent = staircase ? Math.floor(step / every) : step / every;
    const value = times(from, pow(factor, exponent));
    if (to === undefined) return value;
    return factor <= 1 ? Math.max(value, to) : Math.min(value, to);
  },
};

/** Options of {@link inverseTimeDecay}. */
export interface InverseTimeDecayOptions {
  /** The value at step 0. */
  readonly from: number;
  /** How much the divisor grows in `every` steps, 0 or more: at 1 half is left when they are done. */
  readonly rate: number;
  /** In how many steps. Default 1. */
  readonly every?: number;
  /** Whether it changes only when `every` steps are done. Default false. */
  readonly staircase?: boolean;
}

/** What {@link inverseTimeDecay} makes. */
export interface InverseTimeDecay extends Required<InverseTimeDecayOptions> {
  readonly kind: 'inverseTimeDecay';
}

/**
 * `from` / (1 + `rate` · step / every), as Keras's `InverseTimeDecay`. Throws `option`.
 *
 * @example
 * ```js
 * import { inverseTimeDecay, scheduleValue } from 'downhill';
 * const schedule = inverseTimeDecay({ from: 1, rate: 1, every: 10 });
 * console.log([0, 10, 30].map((step) => scheduleValue(schedule, step))); // [ 1, 0.5, 0.25 ]
 * ```
 */
export const inverseTimeDecay = (options: InverseTimeDecayOptions): InverseTimeDecay =>
  makeSchedule(inverseTimeDecaySchedule, options);

export const inverseTimeDecaySchedule: ScheduleDefinition<InverseTimeDecay> = {
  kind: 'inverseTimeDecay',
  options: {
    from: rate('the first value'),
    rate: rate('how much the divisor grows in `every` steps'),
    every: stepCount('in how many steps', 1),
    staircase,
  },
  value: ({ from, rate, every, staircase }, step) =>
    from / (1 + rate * (staircase ? Math.floor(step / every) : step / every)),
};

/** Options of {@link noam}. */
export interface NoamOptions {
  /** The width of the model, d in the paper: 1 or more. */
  readonly modelSize: number;
  /** The steps of the rise. Default 4000, the paper's. */
  readonly warmupSteps?: number;
  /** What all is multiplied by. Default 1. */
  readonly scale?: number;
}

/** What {@link noam} makes. */
export interface Noam extends Required<NoamOptions> {
  readonly kind: 'noam';
}

/**
 * scale · d^−½ · min(t^−½, t·w^−3/2) with t = step + 1: a line up to step `warmupSteps` − 1, then one over the root of the
 * time (Vaswani et al. 2017, "Attention Is All You Need", §5.3). Throws `option`.
 *
 * @example
 * ```js
 * import { noam, scheduleValue } from 'downhill';
 * const schedule = noam({ modelSize: 16, warmupSteps: 4 });
 * console.log([0, 3, 15].map((step) => scheduleValue(schedule, step))); // [ 0.03125, 0.125, 0.0625 ]
 * ```
 */
export const noam = (options: NoamOptions): Noam => makeSchedule(noamSchedule, options);

export const noamSchedule: ScheduleDefinition<Noam> = {
  kind: 'noam',
  options: {
    modelSize: stepCount('the width of the model'),
    warmupSteps: stepCount('the steps of the rise', 4000),
    scale: rate('what all is multiplied by', 1),
  },
  value: ({ modelSize, warmupSteps, scale }, step) => {
    const t = step + 1;
    return (scale * Math.min(1 / Math.sqrt(t), t / (warmupSteps * Math.sqrt(warmupSteps)))) / Math.sqrt(modelSize);
  },
};

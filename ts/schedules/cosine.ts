// Half a cosine from one value to another: once, to and fro, or again and again from the top.

import { pow, powInt } from '../numeric.ts';
import { cosineShare } from './curves.ts';
import { factor, rate, stepCount } from './options.ts';
import { blend, makeSchedule, type ScheduleDefinition } from './schedule.ts';

/** Options of {@link cosineDecay}. */
export interface CosineDecayOptions {
  /** The value at step 0. */
  readonly from: number;
  /** The value at step `steps`. Default 0. */
  readonly to?: number;
  /** How many steps it takes, 1 or more. */
  readonly steps: number;
  /** The exponent of the cosine's share, above 0. Default 1. */
  readonly power?: number;
  /** Whether it goes back up the same way behind `steps`, and so on for ever, rather than stay. Default false. */
  readonly periodic?: boolean;
}

/** What {@link cosineDecay} makes. */
export interface CosineDecay extends Required<CosineDecayOptions> {
  readonly kind: 'cosineDecay';
}

/**
 * `to` + (`from` − `to`)·(½(1 + cos(π·step/steps)))^`power`, then `to` (Loshchilov and Hutter 2017, "SGDR"). As Optax's
 * `cosine_decay_schedule` and Keras's `CosineDecay`, where `to` is `from` · alpha; with `periodic` PyTorch's
 * `CosineAnnealingLR`. Throws `option`.
 *
 * @example
 * ```js
 * import { cosineDecay, scheduleValue } from 'downhill';
 * const schedule = cosineDecay({ from: 1, steps: 100 });
 * console.log([0, 50, 100, 150].map((step) => scheduleValue(schedule, step).toFixed(3)).join(' ')); // 1.000 0.500 0.000 0.000
 * ```
 */
export const cosineDecay = (options: CosineDecayOptions): CosineDecay => makeSchedule(cosineDecaySchedule, options);

export const cosineDecaySchedule: ScheduleDefinition<CosineDecay> = {
  kind: 'cosineDecay',
  options: {
    from: rate('the first value'),
    to: rate('the last value', 0),
    steps: stepCount('how many steps it takes'),
    power: { type: 'number', default: 1, above: 0, text: "the exponent of the cosine's share" },
    periodic: { type: 'boolean', default: false, text: 'go back up behind `steps`, and so on' },
  },
  value: ({ from, to, steps, power, periodic }, step) => {
    const t = (periodic ? step % (2 * steps) : Math.min(step, steps)) / steps;
    return blend(from, to, pow(cosineShare(t), power));
  },
};

/** Options of {@link warmRestarts}. */
export interface WarmRestartsOptions {
  /** The value at step 0. */
  readonly from: number;
  /** The value that each fall approaches. Default 0. */
  readonly to?: number;
  /** How many steps the first fall takes, 1 or more. */
  readonly steps: number;
  /** How much longer each fall is than the one before, 1 or more. Default 1. */
  readonly lengthFactor?: number;
  /** What the height above `to` is multiplied by at each restart, above 0 and at most 1. Default 1. */
  readonly heightFactor?: number;
}

/** What {@link warmRestarts} makes. */
export interface WarmRestarts extends Required<WarmRestartsOptions> {
  readonly kind: 'warmRestarts';
}

/**
 * Falls of half a cosine, one after the other (Loshchilov and Hutter 2017, "SGDR"): PyTorch's
 * `CosineAnnealingWarmRestarts` (T_mult is `lengthFactor`) and Keras's `CosineDecayRestarts` (t_mul, m_mul, alpha·from is
 * `to`, and what is left above `to` shrinks by m_mul). For falls with a rise before each take {@link join}. Throws `option`.
 *
 * @example
 * ```js
 * import { scheduleValue, warmRestarts } from 'downhill';
 * const schedule = warmRestarts({ from: 1, steps: 10, lengthFactor: 2 });
 * console.log([0, 10, 30, 70].map((step) => scheduleValue(schedule, step))); // [ 1, 1, 1, 1 ]
 * ```
 */
export const warmRestarts = (options: WarmRestartsOptions): WarmRestarts => makeSchedule(warmRestartsSchedule, options);

export const warmRestartsSchedule: ScheduleDefinition<WarmRestarts> = {
  kind: 'warmRestarts',
  options: {
    from: rate('the first value'),
    to: rate('the value that each fall approaches', 0),
    steps: stepCount('how many steps the first fall takes'),
    lengthFactor: { type: 'number', default: 1, min: 1, text: 'how much longer each fall is than the one before' },
    heightFactor: { ...factor('what the height is multiplied by at each restart', 1), max: 1 },
  },
  value: ({ from, to, steps, lengthFactor, heightFactor }, step) => {
    const { index, part } = fallAt(step / steps, lengthFactor);
    return blend(from, to, pow(heightFactor, index) * cosineShare(part));
  },
};

/**
 * Which fall a time lies in, and which part of it has passed, where fall i is mⁱ long. The sums 1 + m + … are put together
 * from sums of 1, 2, 4, … falls, so that any time takes about the same number of operations and nothing cancels.
 */
function fallAt(time: number, m: number): { index: number; part: number } {
  if (m === 1) return { index: Math.floor(time), part: time - Math.floor(time) };
  const sums = [1];
  const powers = [m]; // m to the 1st, 2nd, 4th, …
  for (let k = 0; sums[k] <= time; k++) {
    sums.push(sums[k] * (1 + powers[k]));
    powers.push(powers[k] * powers[k]);
  }
  let index = 0;
  let start = 0;
  let length = 1; // of the fall at `index`
  for (let k = sums.length - 1; k >= 0; k--) {
    const end = start + length * sums[k];
    if (!(end <= time)) continue;
    index += powInt(2, k);
    start = end;
    length *= powers[k];
  }
  return { index, part: Math.min((time - start) / length, 1) };
}

// The one schedule with a memory: it shrinks when a metric stops getting better.
// The memory is plain numbers that go beside the state of the optimizer, and what follows a metric is a pure function of it.

import { count, rate, stepCount } from './options.ts';
import { makeSchedule, type ScheduleDefinition } from './schedule.ts';

/** Options of {@link reduceOnPlateau}. */
export interface ReduceOnPlateauOptions {
  /** The value before the first reduction. */
  readonly from: number;
  /** The smallest value. Default 0. */
  readonly to?: number;
  /** What the value is multiplied by at each reduction, above 0 and below 1. Default 0.1. */
  readonly factor?: number;
  /** How many metrics without a better one are waited for; the next such one reduces. Default 10. */
  readonly patience?: number;
  /** How many metrics behind a reduction do not count. Default 0. */
  readonly cooldown?: number;
  /** Whether smaller (`min`, default) or larger (`max`) metrics are better. */
  readonly mode?: 'min' | 'max';
  /** By which share of the best metric one must be better to count, from 0. Default 1e-4. */
  readonly relative?: number;
  /** By how much, beside that, from 0. Default 0. */
  readonly absolute?: number;
  /** A reduction by this much or less is left out. Default 1e-8. */
  readonly eps?: number;
  /** How many metrics are averaged to one. Default 1. */
  readonly average?: number;
}

/** What {@link reduceOnPlateau} makes. */
export interface ReduceOnPlateau extends Required<ReduceOnPlateauOptions> {
  readonly kind: 'reduceOnPlateau';
}

/** What a plateau remembers: finite numbers, which JSON keeps. */
export interface PlateauMemory {
  /** The value now. */
  readonly value: number;
  /** The best metric; 0 while `known` is 0. */
  readonly best: number;
  /** 1 as soon as there is a best metric, else 0. */
  readonly known: number;
  /** Metrics since the best that were not better. */
  readonly bad: number;
  /** Metrics that will not count yet. */
  readonly cooldown: number;
  /** How many metrics there are since the last average, their mean, and 1 instead of 0 when one of them was not finite. */
  readonly pending: number;
  readonly mean: number;
  readonly spoilt: number;
}

/**
 * A value that is multiplied by `factor` when a metric has not got better for more than `patience` reports: PyTorch's
 * `ReduceLROnPlateau`, its threshold as `relative` or `absolute`. Optax's `reduce_on_plateau` and Keras's callback reduce one
 * report earlier (our `patience` is theirs − 1) and have `eps` 0; Keras's cooldown is one report shorter (ours is theirs − 1).
 * Who trains reports the metric to {@link nextPlateau} and keeps what it gives; without that the value is `from`. At most one
 * may be within a schedule. Another schedule shrinks on a plateau as `product(it, reduceOnPlateau({ from: 1 }))`. Throws `option`.
 *
 * @example
 * ```js
 * import { nextPlateau, reduceOnPlateau, scheduleValue, startPlateau } from 'downhill';
 * const schedule = reduceOnPlateau({ from: 1, factor: 0.5, patience: 1 });
 * let memory = startPlateau(schedule);
 * for (const loss of [3, 2, 2, 2]) memory = nextPlateau(schedule, memory, loss);
 * console.log(scheduleValue(schedule, 4), scheduleValue(schedule, 4, memory)); // 1 0.5
 * ```
 */
export const reduceOnPlateau = (options: ReduceOnPlateauOptions): ReduceOnPlateau =>
  makeSchedule(reduceOnPlateauSchedule, options);

export const reduceOnPlateauSchedule: ScheduleDefinition<ReduceOnPlateau> = {
  kind: 'reduceOnPlateau',
  options: {
    from: rate('the value before the first reduction'),
    to: rate('the smallest value', 0),
    factor: { type: 'number', default: 0.1, above: 0, below: 1, text: 'what the value is multiplied by' },
    patience: count('metrics without a better one that are waited for', 10),
    cooldown: count('metrics behind a reduction that do not count', 0),
    mode: { type: 'choice', values: ['min', 'max'], default: 'min', text: 'which metrics are better' },
    relative: { ...rate('by which share of the best a metric must be better', 1e-4), max: 1 },
    absolute: rate('by how much a metric must be better', 0),
    eps: rate('the reduction that is left out', 1e-8),
    average: stepCount('how many metrics are averaged', 1),
  },
  remembers: true,
  refuse: ({ from, to }) => (to <= from ? undefined : `to must be ≤ from (${from}): got ${to}`),
  value: ({ from }, _, { memory }) => memory?.value ?? from,
};

/** What a plateau remembers before the first metric. */
export const freshMemory = ({ from }: ReduceOnPlateau): PlateauMemory => ({
  value: from,
  best: 0,
  known: 0,
  bad: 0,
  cooldown: 0,
  pending: 0,
  mean: 0,
  spoilt: 0,
});

/** What it remembers after one more metric. One that is not finite is not better than any. */
export function afterMetric(plateau: ReduceOnPlateau, memory: PlateauMemory, metric: number): PlateauMemory {
  const { average } = plateau;
  if (average === 1) return afterAverage(plateau, memory, metric);
  const pending = memory.pending + 1;
  const finite = Number.isFinite(metric) && memory.spoilt === 0;
  const mean = finite ? memory.mean * (memory.pending / pending) + metric / pending : 0; // no sum, which may overflow
  if (pending < average) return { ...memory, pending, mean, spoilt: finite ? 0 : 1 };
  return afterAverage(plateau, { ...memory, pending: 0, mean: 0, spoilt: 0 }, finite ? mean : Number.NaN);
}

function afterAverage(plateau: ReduceOnPlateau, memory: PlateauMemory, metric: number): PlateauMemory {
  const better = isBetter(plateau, memory, metric);
  const next = better ? { ...memory, best: metric, known: 1, bad: 0 } : { ...memory, bad: memory.bad + 1 };
  if (memory.cooldown > 0) return { ...next, bad: 0, cooldown: memory.cooldown - 1 };
  if (next.bad <= plateau.patience) return next;
  const value = Math.max(memory.value * plateau.factor, plateau.to);
  const changes = memory.value - value > plateau.eps;
  return { ...next, value: changes ? value : memory.value, bad: 0, cooldown: plateau.cooldown };
}

function isBetter(
  { mode, relative, absolute }: ReduceOnPlateau,
  { best, known }: PlateauMemory,
  metric: number,
): boolean {
  if (!Number.isFinite(metric)) return false;
  if (known === 0) return true;
  return mode === 'min' ? metric < best * (1 - relative) - absolute : metric > best * (1 + relative) + absolute;
}

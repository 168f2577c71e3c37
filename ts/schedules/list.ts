// The list of schedules, and what needs it: the check of any schedule and its value at a step.

import { DownhillError, show } from '../errors.ts';
import { definitionFor, type Place } from '../options.ts';
import { type Join, joinSchedule, type Product, productSchedule, type Warmup, warmupSchedule } from './combine.ts';
import { type Constant, constantSchedule, type Lambda, lambdaSchedule } from './constant.ts';
import { type CosineDecay, cosineDecaySchedule, type WarmRestarts, warmRestartsSchedule } from './cosine.ts';
import { type Cyclic, cyclicSchedule, type OneCycle, oneCycleSchedule } from './cycles.ts';
import {
  type ExponentialDecay,
  exponentialDecaySchedule,
  type InverseTimeDecay,
  inverseTimeDecaySchedule,
  type LinearDecay,
  linearDecaySchedule,
  type Noam,
  noamSchedule,
  type PolynomialDecay,
  polynomialDecaySchedule,
} from './decays.ts';
import {
  afterMetric,
  freshMemory,
  type PlateauMemory,
  type ReduceOnPlateau,
  reduceOnPlateauSchedule,
} from './plateau.ts';
import { constantOf, hasKind, isChecked, notSchedule, resolveSchedule, type ScheduleDefinition } from './schedule.ts';
import {
  type MultistepDecay,
  multistepDecaySchedule,
  type Piecewise,
  piecewiseSchedule,
  type StepDecay,
  stepDecaySchedule,
} from './steps.ts';

/** A schedule: plain data with a kind. Its value at a step is {@link scheduleValue}. */
export type Schedule =
  | Constant
  | CosineDecay
  | Cyclic
  | ExponentialDecay
  | InverseTimeDecay
  | Join
  | Lambda
  | LinearDecay
  | MultistepDecay
  | Noam
  | OneCycle
  | Piecewise
  | PolynomialDecay
  | Product
  | ReduceOnPlateau
  | StepDecay
  | WarmRestarts
  | Warmup;

/** Every schedule by its kind. */
export const schedules: { readonly [K in Schedule['kind']]: ScheduleDefinition<Extract<Schedule, { kind: K }>> } = {
  constant: constantSchedule,
  cosineDecay: cosineDecaySchedule,
  cyclic: cyclicSchedule,
  exponentialDecay: exponentialDecaySchedule,
  inverseTimeDecay: inverseTimeDecaySchedule,
  join: joinSchedule,
  lambda: lambdaSchedule,
  linearDecay: linearDecaySchedule,
  multistepDecay: multistepDecaySchedule,
  noam: noamSchedule,
  oneCycle: oneCycleSchedule,
  piecewise: piecewiseSchedule,
  polynomialDecay: polynomialDecaySchedule,
  product: productSchedule,
  reduceOnPlateau: reduceOnPlateauSchedule,
  stepDecay: stepDecaySchedule,
  warmRestarts: warmRestartsSchedule,
  warmup: warmupSchedule,
};

/** Whether a value is meant as a schedule: an object of one of the kinds. Its options may still be wrong. */
export const isSchedule = (value: unknown): value is Schedule => hasKind(value) && Object.hasOwn(schedules, value.kind);

/**
 * The schedule with its defaults filled in, frozen. `owner` begins messages (`adam`) and `path` is where the schedule
 * stands (`optimizer.lr`). Throws `option`, naming the path, the option, its bounds and the value.
 */
export function checkSchedule(value: unknown, owner: string, path: string): Schedule {
  if (typeof value === 'object' && value !== null && isChecked(value)) return value as Schedule;
  if (!hasKind(value)) throw notSchedule(value, path);
  const definition: ScheduleDefinition<Schedule> = definitionFor(schedules, value, 'schedule', path);
  const place: Place = { owner: `${path.startsWith(owner) ? '' : `${owner}: `}${path} ${value.kind}`, path };
  return resolveSchedule(value as Schedule, definition, place, (held, at) =>
    typeof held === 'number' ? constantOf(held, at) : checkSchedule(held, owner, at),
  );
}

function childrenOf(schedule: Schedule): readonly Schedule[] {
  const definition: ScheduleDefinition<Schedule> = schedules[schedule.kind];
  return definition.children?.(schedule) ?? [];
}

const good = (schedule: Schedule): Schedule =>
  isChecked(schedule) ? schedule : checkSchedule(schedule, 'schedule', 'schedule');

/**
 * The value at a step, which counts from 0; any step can be asked for directly, and none takes long. `memory` is that of
 * the plateau in the schedule ({@link startPlateau}). Throws `option` for bad data and a bad step.
 *
 * @example
 * ```js
 * import { scheduleValue, stepDecay } from 'downhill';
 * console.log(scheduleValue(stepDecay({ from: 1, factor: 0.5, every: 10 }), 25)); // 0.25
 * ```
 */
export function scheduleValue(schedule: Schedule, step: number, memory?: PlateauMemory): number {
  if (Number.isSafeInteger(step) && step >= 0) return evaluate(good(schedule), step, memory);
  const expected = 'a whole number ≥ 0';
  const received = show(step);
  throw new DownhillError('option', `scheduleValue: step must be ${expected}: got ${received}`, {
    path: 'step',
    expected,
    received,
  });
}

function evaluate(schedule: Schedule, step: number, memory: PlateauMemory | undefined): number {
  const definition: ScheduleDefinition<Schedule> = schedules[schedule.kind];
  return definition.value(schedule, step, {
    value: (index, at) => evaluate(childrenOf(schedule)[index], at, memory),
    memory,
  });
}

/**
 * Whether a schedule can be saved and sent: all but those that hold a {@link lambda}. Throws `option` for bad data.
 *
 * @example
 * ```js
 * import { constant, isSerialisable, lambda } from 'downhill';
 * console.log(isSerialisable(constant(1)), isSerialisable(lambda((step) => step))); // true false
 * ```
 */
export const isSerialisable = (schedule: Schedule): boolean =>
  schedule.kind !== 'lambda' && childrenOf(good(schedule)).every(isSerialisable);

/**
 * The plateau in a schedule, or undefined where there is none: whether it has a memory.
 *
 * @example
 * ```js
 * import { plateauOf, product, reduceOnPlateau } from 'downhill';
 * console.log(plateauOf(product(2, reduceOnPlateau({ from: 1 })))?.factor); // 0.1
 * ```
 */
export const plateauOf = (schedule: Schedule): ReduceOnPlateau | undefined =>
  schedule.kind === 'reduceOnPlateau'
    ? (good(schedule) as ReduceOnPlateau)
    : childrenOf(good(schedule))
        .map(plateauOf)
        .find((plateau) => plateau !== undefined);

/**
 * What the plateau in a schedule remembers before the first metric. Throws `option` where there is none.
 *
 * @example
 * ```js
 * import { reduceOnPlateau, startPlateau } from 'downhill';
 * console.log(startPlateau(reduceOnPlateau({ from: 0.5 })).value); // 0.5
 * ```
 */
export const startPlateau = (schedule: Schedule): PlateauMemory => freshMemory(needPlateau(schedule));

/**
 * What the plateau in a schedule remembers after one more metric; the memory that is given does not change. A metric that
 * is not finite is not better than any. Throws `option` where there is no plateau.
 *
 * @example
 * ```js
 * import { nextPlateau, reduceOnPlateau, startPlateau } from 'downhill';
 * const schedule = reduceOnPlateau({ from: 1, patience: 0 });
 * const first = nextPlateau(schedule, startPlateau(schedule), 2);
 * console.log(first.value, nextPlateau(schedule, first, 2).value); // 1 0.1
 * ```
 */
export const nextPlateau = (schedule: Schedule, memory: PlateauMemory, metric: number): PlateauMemory =>
  afterMetric(needPlateau(schedule), memory, metric);

function needPlateau(schedule: Schedule): ReduceOnPlateau {
  const plateau = plateauOf(schedule);
  if (plateau !== undefined) return plateau;
  const expected = 'a schedule with a reduceOnPlateau';
  throw new DownhillError('option', `schedule must be ${expected}: got ${schedule.kind}`, {
    path: 'schedule',
    expected,
  });
}

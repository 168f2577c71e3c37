// Schedules: a number that changes from step to step, as plain data and pure functions of the step.

export type { Join, JoinOptions, Product, Warmup, WarmupOptions } from './combine.ts';
export { join, product, warmup } from './combine.ts';
export type { Constant, Lambda } from './constant.ts';
export { constant, lambda } from './constant.ts';
export type { CosineDecay, CosineDecayOptions, WarmRestarts, WarmRestartsOptions } from './cosine.ts';
export { cosineDecay, warmRestarts } from './cosine.ts';
export type { Interpolation } from './curves.ts';
export type { Cyclic, CyclicOptions, OneCycle, OneCycleMomentumOptions, OneCycleOptions } from './cycles.ts';
export { cyclic, oneCycle, oneCycleMomentum } from './cycles.ts';
export type {
  ExponentialDecay,
  ExponentialDecayOptions,
  InverseTimeDecay,
  InverseTimeDecayOptions,
  LinearDecay,
  LinearDecayOptions,
  Noam,
  NoamOptions,
  PolynomialDecay,
  PolynomialDecayOptions,
} from './decays.ts';
export { exponentialDecay, inverseTimeDecay, linearDecay, noam, polynomialDecay } from './decays.ts';
export type { Schedule } from './list.ts';
export {
  checkSchedule,
  isSchedule,
  isSerialisable,
  nextPlateau,
  plateauOf,
  scheduleValue,
  startPlateau,
} from './list.ts';
export type { PlateauMemory, ReduceOnPlateau, ReduceOnPlateauOptions } from './plateau.ts';
export { reduceOnPlateau } from './plateau.ts';
export type {
  MultistepDecay,
  MultistepDecayOptions,
  Piecewise,
  PiecewiseOptions,
  StepDecay,
  StepDecayOptions,
} from './steps.ts';
export { multistepDecay, piecewise, stepDecay } from './steps.ts';

// What `downhill` and `downhill/reference` have in common: descriptions, classes and types. Initializers, whose short names would collide, have
// the subpath `downhill/initializers`; tensor operations are methods of Tensor.

export type { EngineInfo, EngineOptions } from './engine.ts';
export { Engine } from './engine.ts';
export type { ErrorCode, ErrorDetails, SerializedError } from './errors.ts';
export { DownhillError } from './errors.ts';
export type { SafetensorsFile, StoredTensor } from './files/safetensors.ts';
export { readSafetensors, writeSafetensors } from './files/safetensors.ts';
export type { Initializer } from './initializers/index.ts';
export type { Layer } from './layers/index.ts';
export {
  dense,
  dropout,
  elu,
  flatten,
  gelu,
  leakyRelu,
  relu,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  tanh,
} from './layers/index.ts';
export { type Sequential, sequential } from './layers/sequential.ts';
export type { Loss } from './losses/index.ts';
export { crossEntropy, meanSquaredError, sigmoidCrossEntropy } from './losses/index.ts';
export type { Metric } from './metrics/index.ts';
export { accuracy, meanAbsoluteError } from './metrics/index.ts';
export type { CommonOptions, DecayMode, Dialect } from './optimizers/common.ts';
export { describe, type OptimizerSummary } from './optimizers/describe.ts';
export * from './optimizers/index.ts';
export type { OptimizerState } from './optimizers/optimizer.ts';
export { Optimizer } from './optimizers/optimizer.ts';
export type {
  Constant,
  CosineDecay,
  CosineDecayOptions,
  Cyclic,
  CyclicOptions,
  ExponentialDecay,
  ExponentialDecayOptions,
  Interpolation,
  InverseTimeDecay,
  InverseTimeDecayOptions,
  Join,
  JoinOptions,
  Lambda,
  LinearDecay,
  LinearDecayOptions,
  MultistepDecay,
  MultistepDecayOptions,
  Noam,
  NoamOptions,
  OneCycle,
  OneCycleMomentumOptions,
  OneCycleOptions,
  Piecewise,
  PiecewiseOptions,
  PlateauMemory,
  PolynomialDecay,
  PolynomialDecayOptions,
  Product,
  ReduceOnPlateau,
  ReduceOnPlateauOptions,
  Schedule,
  StepDecay,
  StepDecayOptions,
  WarmRestarts,
  WarmRestartsOptions,
  Warmup,
  WarmupOptions,
} from './schedules/index.ts';
export {
  constant,
  cosineDecay,
  cyclic,
  exponentialDecay,
  inverseTimeDecay,
  isSchedule,
  isSerialisable,
  join,
  lambda,
  linearDecay,
  multistepDecay,
  nextPlateau,
  noam,
  oneCycle,
  oneCycleMomentum,
  piecewise,
  plateauOf,
  polynomialDecay,
  product,
  reduceOnPlateau,
  scheduleValue,
  startPlateau,
  stepDecay,
  warmRestarts,
  warmup,
} from './schedules/index.ts';
export { EngineArray } from './tensor/array.ts';
export type { BackwardOptions } from './tensor/autograd.ts';
export type { Argument, Compiled, CompileOptions, Results } from './tensor/compile.ts';
export type { DataOptions, Nested, TensorData } from './tensor/data.ts';
export { Parameter } from './tensor/parameter.ts';
export type { Shape } from './tensor/shape.ts';
export type { DType } from './tensor/tensor.ts';
export { Tensor } from './tensor/tensor.ts';
export { Model } from './training/model.ts';
export type {
  DataHandle,
  DataInput,
  EpochRecord,
  EvaluateOptions,
  Evaluation,
  FitOptions,
  PredictInput,
  Prediction,
  Report,
  SessionDescription,
  Summary,
} from './training/session.ts';
export type { TrainerOptions } from './worker/make.ts';
export type { Run } from './worker/run.ts';
export type { TrainerFitOptions } from './worker/trainer.ts';
export { Trainer } from './worker/trainer.ts';

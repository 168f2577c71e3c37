// How the schedules of PyTorch, Keras and Optax are written with ours, by their names. Boundaries, scales and counts that
// they reckon differently are turned into ours here and nowhere else.

import {
  constant,
  cosineDecay,
  cyclic,
  exponentialDecay,
  inverseTimeDecay,
  join,
  linearDecay,
  multistepDecay,
  oneCycle,
  oneCycleMomentum,
  piecewise,
  polynomialDecay,
  reduceOnPlateau,
  type Schedule,
  stepDecay,
  warmRestarts,
  warmup,
} from '../../../ts/schedules/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: the options of three frameworks, as their files have them
export type Options = Readonly<Record<string, any>>;

/** `from`, and from each boundary on that times the scales so far. */
function scaled(from: number, scales: Readonly<Record<string, number>>): { values: number[]; boundaries: number[] } {
  const values = [from];
  for (const scale of Object.values(scales)) values.push(values[values.length - 1] * scale);
  return { values, boundaries: Object.keys(scales).map(Number) };
}

/** Options that PyTorch's one-cycle rate and momentum share. */
const cycleOptions = ({ total_steps, pct_start = 0.3, anneal_strategy = 'cos', three_phase = false }: Options) => ({
  steps: total_steps as number,
  riseShare: pct_start as number,
  interpolation: anneal_strategy === 'cos' ? ('cosine' as const) : ('linear' as const),
  threePhases: three_phase as boolean,
});

/** PyTorch's CyclicLR between two values; its modes are two factors. */
const cycles = (from: number, peak: number, o: Options): Schedule =>
  cyclic({
    from,
    peak,
    up: o.step_size_up,
    down: o.step_size_down ?? o.step_size_up,
    ...(o.mode === 'triangular2' ? { cycleFactor: 0.5 } : {}),
    ...(o.mode === 'exp_range' ? { stepFactor: o.gamma } : {}),
  });

const warmCosine = (o: Options): Schedule =>
  warmup(cosineDecay({ from: o.peak_value, to: o.end_value, steps: o.decay_steps - o.warmup_steps }), {
    from: o.init_value,
    steps: o.warmup_steps,
  });

/** Their schedules in ours; `lr` is the optimizer's rate. */
export const TABLE: Readonly<Record<string, (options: Options, lr: number) => Schedule>> = {
  ConstantLR: (o, lr) => piecewise({ values: [lr * o.factor, lr], boundaries: [o.total_iters] }),
  LinearLR: (o, lr) => linearDecay({ from: lr * o.start_factor, to: lr * (o.end_factor ?? 1), steps: o.total_iters }),
  StepLR: (o, lr) => stepDecay({ from: lr, factor: o.gamma, every: o.step_size }),
  MultiStepLR: (o, lr) => multistepDecay({ from: lr, factor: o.gamma, boundaries: o.milestones }),
  ExponentialLR: (o, lr) => exponentialDecay({ from: lr, factor: o.gamma }),
  PolynomialLR: (o, lr) => polynomialDecay({ from: lr, steps: o.total_iters, power: o.power }),
  CosineAnnealingLR: (o, lr) => cosineDecay({ from: lr, to: o.eta_min, steps: o.T_max, periodic: true }),
  CosineAnnealingWarmRestarts: (o, lr) =>
    warmRestarts({ from: lr, to: o.eta_min, steps: o.T_0, lengthFactor: o.T_mult }),
  OneCycleLR: (o) => {
    const from = o.max_lr / (o.div_factor ?? 25);
    return oneCycle({ ...cycleOptions(o), from, peak: o.max_lr, to: from / (o.final_div_factor ?? 1e4) });
  },
  CyclicLR: (o) => cycles(o.base_lr, o.max_lr, o),
  constant_schedule: (o) => constant(o.value),
  linear_schedule: (o) =>
    join({
      schedules: [o.init_value, linearDecay({ from: o.init_value, to: o.end_value, steps: o.transition_steps })],
      boundaries: [o.transition_begin],
    }),
  polynomial_schedule: (o) =>
    polynomialDecay({ from: o.init_value, to: o.end_value, steps: o.transition_steps, power: o.power }),
  exponential_decay: (o) => {
    const decay = exponentialDecay({
      from: o.init_value,
      factor: o.decay_rate,
      every: o.transition_steps,
      staircase: o.staircase ?? false,
      ...(o.end_value === undefined ? {} : { to: o.end_value }),
    });
    return o.transition_begin === undefined
      ? decay
      : join({ schedules: [o.init_value, decay], boundaries: [o.transition_begin] });
  },
  cosine_decay_schedule: (o) =>
    cosineDecay({
      from: o.init_value,
      to: o.init_value * (o.alpha ?? 0),
      steps: o.decay_steps,
      power: o.exponent ?? 1,
    }),
  warmup_cosine_decay_schedule: warmCosine,
  warmup_exponential_decay_schedule: (o) =>
    warmup(exponentialDecay({ from: o.peak_value, factor: o.decay_rate, every: o.transition_steps }), {
      from: o.init_value,
      steps: o.warmup_steps,
    }),
  warmup_constant_schedule: (o) => warmup(o.peak_value, { from: o.init_value, steps: o.warmup_steps }),
  piecewise_constant_schedule: (o) => piecewise(scaled(o.init_value, o.boundaries_and_scales)),
  piecewise_interpolate_schedule: (o) =>
    piecewise({ ...scaled(o.init_value, o.boundaries_and_scales), interpolation: o.interpolate_type }),
  linear_onecycle_schedule: ({ transition_steps: n, peak_value: peak }) =>
    piecewise({
      values: [peak / 25, peak, peak / 25, peak / 25 / 1e4],
      boundaries: [0.3 * n, 0.85 * n, n],
      interpolation: 'linear',
    }),
  cosine_onecycle_schedule: ({ transition_steps: n, peak_value: peak, pct_start, div_factor, final_div_factor }) =>
    piecewise({
      values: [peak / div_factor, peak, peak / div_factor / final_div_factor],
      boundaries: [pct_start * n, n],
      interpolation: 'cosine',
    }),
  sgdr_schedule: ({ cosine_kwargs: [first, second] }) =>
    join({ schedules: [warmCosine(first), warmCosine(second)], boundaries: [first.decay_steps] }),
  ExponentialDecay: (o) =>
    exponentialDecay({
      from: o.initial_learning_rate,
      factor: o.decay_rate,
      every: o.decay_steps,
      staircase: o.staircase ?? false,
    }),
  InverseTimeDecay: (o) =>
    inverseTimeDecay({
      from: o.initial_learning_rate,
      rate: o.decay_rate,
      every: o.decay_steps,
      staircase: o.staircase ?? false,
    }),
  PiecewiseConstantDecay: (o) =>
    piecewise({ values: o.values, boundaries: o.boundaries.map((boundary: number) => boundary + 1) }),
  PolynomialDecay: (o) =>
    polynomialDecay({
      from: o.initial_learning_rate,
      to: o.end_learning_rate,
      steps: o.decay_steps,
      power: o.power,
      cycle: o.cycle ?? false,
    }),
  CosineDecay: (o) => {
    const from = o.warmup_target ?? o.initial_learning_rate;
    const decay = cosineDecay({ from, to: from * o.alpha, steps: o.decay_steps });
    return o.warmup_steps === undefined
      ? decay
      : warmup(decay, { from: o.initial_learning_rate, steps: o.warmup_steps });
  },
  CosineDecayRestarts: (o) =>
    warmRestarts({
      from: o.initial_learning_rate,
      to: o.initial_learning_rate * (o.alpha ?? 0),
      steps: o.first_decay_steps,
      lengthFactor: o.t_mul,
      heightFactor: o.m_mul,
    }),
  ReduceLROnPlateau: ({ mode = 'min', threshold = 1e-4, threshold_mode = 'rel', min_lr = 0, ...o }, lr) =>
    reduceOnPlateau({
      ...o,
      from: lr,
      to: min_lr,
      mode,
      relative: threshold_mode === 'rel' ? threshold : 0,
      absolute: threshold_mode === 'abs' ? threshold : 0,
    }),
  'contrib.reduce_on_plateau': (o, lr) =>
    reduceOnPlateau({
      from: lr,
      to: lr * (o.min_scale ?? 0),
      factor: o.factor,
      patience: o.patience - 1,
      cooldown: o.cooldown ?? 0,
      relative: o.rtol,
      average: o.accumulation_size ?? 1,
      eps: 0,
    }),
  'callbacks.ReduceLROnPlateau': (o, lr) =>
    reduceOnPlateau({
      from: lr,
      to: o.min_lr,
      factor: o.factor,
      patience: o.patience - 1,
      cooldown: Math.max(o.cooldown - 1, 0),
      relative: 0,
      absolute: o.min_delta,
      eps: 0,
    }),
};

/** The momentum that goes with a rate, for those that have one. */
export const MOMENTUM: Readonly<Record<string, (options: Options) => Schedule>> = {
  OneCycleLR: (o) => oneCycleMomentum(cycleOptions(o)),
  CyclicLR: (o) => cycles(0.9, 0.8, o),
};

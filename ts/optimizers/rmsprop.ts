// RMSprop, plain or centered, with or without momentum, with PyTorch's options and Optax's switches. Keras and Optax put eps inside the root
// and the rate inside the momentum.

import { powInt } from '../numeric.ts';
import { coupled, epsilon, maximize, rate, share } from './options.ts';
import { type Complete, type Factory, factory, flushAt, type Layout } from './rule.ts';

/** Options of {@link rmsprop}. */
export type RmspropOptions = {
  /** Learning rate, ≥ 0. Default 1e-2; in keras 1e-3. */
  readonly lr: number;
  /** Share of the past in the average of squared gradients, 0 to 1. Default 0.99; in keras and optax 0.9. */
  readonly alpha: number;
  /** Added to the root, or under it, ≥ 0. Default 1e-8; in keras 1e-7. */
  readonly eps: number;
  /** Times the parameters is added to the gradient; in keras lr times this of the parameters goes at each step. ≥ 0. Default 0. */
  readonly weightDecay: number;
  /** How much of the last step goes on, 0 to 1. Default 0: no buffer. */
  readonly momentum: number;
  /** Look one step ahead along the momentum, which it needs. Not in keras. Default false. */
  readonly nesterov: boolean;
  /** Add eps under the root, not to it. Default false; in keras (always) and optax true. */
  readonly epsInRoot: boolean;
  /** What the average of squared gradients begins with, ≥ 0. Not in keras. Default 0. */
  readonly initialScale: number;
  /** Correct the averages for their start at zero, as Adam does: the slots then hold the corrected ones. Not in keras. Default false. */
  readonly biasCorrection: boolean;
  /** Divide by the deviation from the average gradient instead of the root mean square. Default false. */
  readonly centered: boolean;
  /** Go up the gradient. Default false. */
  readonly maximize: boolean;
};

const row = { numbers: 9, flags: 1 };
const plain: Layout = { kernel: 'rmsprop', slots: ['square_avg'], ...row };
const heavyBall: Layout = { kernel: 'rmsprop_momentum', slots: ['square_avg', 'momentum_buffer'], ...row };
const centeredPlain: Layout = { kernel: 'rmsprop_centered', slots: ['square_avg', 'grad_avg'], ...row };
const centeredHeavyBall: Layout = {
  kernel: 'rmsprop_centered_momentum',
  slots: ['square_avg', 'grad_avg', 'momentum_buffer'],
  ...row,
};

/**
 * Shares of past and present in an average that is corrected for its start at zero: v/(1−αᵗ), of v ← αv + (1−α)x, is itself
 * such an average, whose shares change. At the first step what it begins with counts as v.
 */
function correctedShares(alpha: number, t: number): [past: number, present: number] {
  const weight = (steps: number): number => (alpha === 1 ? steps : (1 - powInt(alpha, steps)) / (1 - alpha)); // 1 + α + … + αᵗ⁻¹
  if (t === 1) return [alpha === 1 ? 0 : alpha / (1 - alpha), 1];
  return [(alpha * weight(t - 1)) / weight(t), 1 / weight(t)];
}

/**
 * RMSprop (Tieleman & Hinton 2012; centered: Graves 2013) as PyTorch's `RMSprop`, with ε outside the root and the rate
 * outside the buffer. The average begins at zero, so the first step is lr/√(1−alpha) long. In the dialects `keras` and
 * `optax` ε stands inside the root, and the buffer holds steps: when the rate changes, the last ones go on at the old
 * rate. Throws `option`, also for `nesterov` without momentum.
 *
 * @example
 * ```js
 * import { createEngine, rmsprop } from 'downhill';
 * const engine = await createEngine();
 * const x = Float32Array.of(1);
 * const optimizer = engine.optimizer(rmsprop({ lr: 0.01 }), x);
 * optimizer.step(Float32Array.of(2)); // the gradient
 * console.log(x[0].toFixed(4)); // 0.9000
 * ```
 */
export const rmsprop: Factory<'rmsprop', RmspropOptions> = factory<'rmsprop', RmspropOptions>({
  name: 'rmsprop',
  summary: 'the gradient divided by a moving root mean square of itself',
  formula:
    'g ← g + λp;  v ← αv + (1−α)g²;  centered: a ← αa + (1−α)g, v̂ = v − a², else v̂ = v;  d = g/(√v̂ + ε);  p ← p − lr·d;  momentum: b ← μb + d, p ← p − lr·b',
  source: 'Tieleman & Hinton 2012; Graves 2013',
  options: {
    lr: rate(1e-2),
    alpha: share(0.99, 'share of the past in the average of squared gradients'),
    eps: epsilon(1e-8),
    weightDecay: coupled,
    momentum: share(0, 'how much of the last step goes on; 0 needs no buffer'),
    centered: { type: 'boolean', default: false, text: 'divide by the deviation from the average gradient' },
    nesterov: { type: 'boolean', default: false, text: 'look one step ahead along the momentum' },
    epsInRoot: { type: 'boolean', default: false, text: 'add eps under the root, not to it' },
    initialScale: { type: 'number', default: 0, min: 0, text: 'what the average of squared gradients begins with' },
    biasCorrection: { type: 'boolean', default: false, text: 'correct the averages for their start at zero' },
    maximize,
  },
  dialects: {
    torch: { names: { RMSprop: {} } },
    keras: {
      names: { RMSprop: {} },
      defaults: { lr: 1e-3, alpha: 0.9, eps: 1e-7, epsInRoot: true, decayMode: 'decoupled' },
      without: ['initialScale', 'epsInRoot', 'nesterov', 'biasCorrection'],
      words: { rho: 'alpha' },
    },
    optax: {
      names: { rmsprop: {} },
      defaults: { alpha: 0.9, epsInRoot: true },
      words: { decay: 'alpha', eps_in_sqrt: 'epsInRoot' },
    },
  },
  variants: {
    rmsprop: { weightDecay: 0.01 },
    momentum: { momentum: 0.9 },
    centered: { centered: true },
    'centered, momentum': { centered: true, momentum: 0.9 },
    'Keras, momentum, decay': { dialect: 'keras', momentum: 0.9, weightDecay: 0.01 },
    Nesterov: { momentum: 0.9, nesterov: true },
    'Optax, centered': { dialect: 'optax', centered: true, initialScale: 0.5 },
    'Optax, corrected, Nesterov': { dialect: 'optax', biasCorrection: true, momentum: 0.9, nesterov: true },
  },
  slots: {
    square_avg: 'moving average of squared gradients',
    grad_avg: 'moving average of gradients',
    momentum_buffer: 'decaying sum of steps',
  },
  laws: { elementwise: true, scalesWithLr: true },
  refuse({ nesterov, momentum }) {
    return nesterov && momentum === 0 ? 'nesterov needs momentum > 0: got momentum 0' : undefined;
  },
  layout: ({ momentum, centered }) =>
    centered ? (momentum === 0 ? centeredPlain : centeredHeavyBall) : momentum === 0 ? plain : heavyBall,
  initial: (slot, { initialScale }) => (slot === 'square_avg' ? initialScale : 0),
  numbers(options: Complete<RmspropOptions>, t, row, _memory, layout) {
    const { lr, alpha, eps, weightDecay, momentum, nesterov, biasCorrection, epsInRoot, dialect, maximize } = options;
    const sign = maximize ? -1 : 1;
    const buffered = layout.slots.includes('momentum_buffer');
    const inside = buffered && dialect !== 'torch'; // the rate, in the buffer
    const rate = inside ? 1 : lr;
    const [past, present] = biasCorrection ? correctedShares(alpha, t) : [alpha, 1 - alpha];
    row[0] = sign * weightDecay;
    row[1] = past;
    row[2] = present;
    row[3] = epsInRoot ? eps : 0;
    row[4] = epsInRoot ? 0 : eps;
    row[5] = buffered ? (nesterov ? momentum : 1) * rate : sign * rate;
    row[6] = momentum;
    row[7] = inside ? sign * lr : sign;
    row[8] = nesterov ? sign * lr : 0;
    row[9] = flushAt(t);
  },
});

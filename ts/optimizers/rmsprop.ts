// RMSprop, plain or centered, with or without momentum, with PyTorch's options. Keras and Optax put eps inside the root
// and the rate inside the momentum.

import { coupled, epsilon, maximize, rate, share } from './options.ts';
import { type Factory, factory, flushAt, type Layout } from './rule.ts';

/** Options of {@link rmsprop}. */
export type RmspropOptions = {
  /** Learning rate, ≥ 0. Default 1e-2. */
  readonly lr: number;
  /** Share of the past in the average of squared gradients, 0 to 1. Default 0.99. */
  readonly alpha: number;
  /** Added to the root, ≥ 0. Default 1e-8. */
  readonly eps: number;
  /** Times the parameters is added to the gradient, ≥ 0. Default 0. */
  readonly weightDecay: number;
  /** How much of the last step goes on, 0 to 1. Default 0: no buffer. */
  readonly momentum: number;
  /** Add eps under the root, not to it. Default false; in keras (always) and optax true. */
  readonly epsInRoot: boolean;
  /** What the average of squared gradients begins with, ≥ 0. Default 0. */
  readonly initialScale: number;
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
 * RMSprop (Tieleman & Hinton 2012; centered: Graves 2013) as PyTorch's `RMSprop`, with ε outside the root and the rate
 * outside the buffer. The average begins at zero, so the first step is lr/√(1−alpha) long. Throws `option`.
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
    epsInRoot: { type: 'boolean', default: false, text: 'add eps under the root, not to it' },
    initialScale: { type: 'number', default: 0, min: 0, text: 'what the average of squared gradients begins with' },
    maximize,
  },
  dialects: {
    torch: { names: { RMSprop: {} } },
    keras: {
      names: { RMSprop: {} },
      defaults: { lr: 1e-3, alpha: 0.9, eps: 1e-7, epsInRoot: true, decayMode: 'decoupled' },
      without: ['initialScale', 'epsInRoot'],
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
    'Optax, centered': { dialect: 'optax', centered: true, initialScale: 0.5 },
  },
  slots: {
    square_avg: 'moving average of squared gradients',
    grad_avg: 'moving average of gradients',
    momentum_buffer: 'decaying sum of steps',
  },
  laws: { elementwise: true, scalesWithLr: true },
  layout: ({ momentum, centered }) =>
    centered ? (momentum === 0 ? centeredPlain : centeredHeavyBall) : momentum === 0 ? plain : heavyBall,
  initial: (slot, { initialScale }) => (slot === 'square_avg' ? initialScale : 0),
  numbers({ lr, alpha, eps, weightDecay, momentum, maximize, epsInRoot, dialect }, t, row, _memory, layout) {
    const inside = dialect !== 'torch' && layout.slots.includes('momentum_buffer'); // the rate, in the buffer
    row[0] = maximize ? -1 : 1;
    row[1] = weightDecay;
    row[2] = inside ? 1 : lr;
    row[3] = alpha;
    row[4] = 1 - alpha;
    row[5] = epsInRoot ? eps : 0;
    row[6] = epsInRoot ? 0 : eps;
    row[7] = momentum;
    row[8] = inside ? lr : 1;
    row[9] = flushAt(t);
  },
});

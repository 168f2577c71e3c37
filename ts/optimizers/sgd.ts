// Stochastic gradient descent: plain, with momentum, and Nesterov's, with PyTorch's options. Keras keeps the rate inside the momentum.

import { coupled, maximize, rate, share } from './options.ts';
import { type Complete, type Factory, factory, flushAt, type Layout } from './rule.ts';

/** Options of {@link sgd}. */
export type SgdOptions = {
  /** Learning rate, ≥ 0. Default 1e-3; in keras 1e-2. */
  readonly lr: number;
  /** How much of the last step goes on, 0 to 1. Default 0: no state. */
  readonly momentum: number;
  /** How much of the gradient is kept out of the momentum buffer, 0 to 1; not in step 1. Only torch has it. Default 0. */
  readonly dampening: number;
  /** Times the parameters is added to the gradient; in keras lr times this of the parameters goes at each step. ≥ 0. Default 0. */
  readonly weightDecay: number;
  /** Look one step ahead along the momentum. Needs momentum and no dampening. Default false. */
  readonly nesterov: boolean;
  /** Go up the gradient. Default false. */
  readonly maximize: boolean;
};

const plain: Layout = { kernel: 'sgd', slots: [], numbers: 2, flags: 1 };
const heavyBall: Layout = { kernel: 'sgd_momentum', slots: ['momentum_buffer'], numbers: 5, flags: 3 };

/**
 * Stochastic gradient descent, with momentum (Polyak 1964), Nesterov's accelerated gradient (1983, in the form of
 * Sutskever et al. 2013), dampening and coupled weight decay, as PyTorch's `SGD`. Throws `option`, also for `nesterov`
 * without momentum or with dampening. In the dialect `keras` the momentum buffer holds steps, not gradients: as long as the
 * rate stands still the numbers are the same, and when it changes the last steps go on at the old rate.
 *
 * @example
 * ```js
 * import { createEngine, sgd } from 'downhill';
 * const engine = await createEngine();
 * const x = Float32Array.of(1);
 * const optimizer = engine.optimizer(sgd({ lr: 0.1, momentum: 0.9 }), x);
 * optimizer.step(Float32Array.of(2)); // the gradient
 * console.log(x[0].toFixed(4)); // 0.8000
 * optimizer.step(Float32Array.of(0)); // the last step goes on
 * console.log(x[0].toFixed(4)); // 0.6200
 * ```
 */
export const sgd: Factory<'sgd', SgdOptions> = factory<'sgd', SgdOptions>({
  name: 'sgd',
  summary: 'gradient descent, with momentum or Nesterov’s look ahead',
  formula: 'g ← g + λp;  b ← μb + (1−τ)g (b ← g in step 1);  p ← p − lr·b;  Nesterov: p ← p − lr·(g + μb)',
  source: 'Polyak 1964; Nesterov 1983; Sutskever et al. 2013',
  options: {
    lr: rate(1e-3),
    momentum: share(0, 'how much of the last step goes on; 0 needs no state'),
    dampening: share(0, 'how much of the gradient is kept out of the momentum buffer, but in step 1 nothing is'),
    weightDecay: coupled,
    nesterov: { type: 'boolean', default: false, text: 'look one step ahead along the momentum' },
    maximize,
  },
  dialects: {
    torch: { names: { SGD: {} } },
    keras: { names: { SGD: {} }, defaults: { lr: 1e-2, decayMode: 'decoupled' }, without: ['dampening'] },
    optax: { names: { sgd: {} }, without: ['dampening'] },
  },
  variants: {
    sgd: { lr: 0.1 },
    decay: { lr: 0.1, weightDecay: 0.01 },
    momentum: { lr: 0.1, momentum: 0.9, dampening: 0.1 },
    'Nesterov, decay': { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 },
    'Keras, Nesterov': { dialect: 'keras', lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  },
  slots: { momentum_buffer: 'decaying sum of gradients' },
  laws: { elementwise: true, scalesWithLr: true },
  refuse({ nesterov, momentum, dampening }) {
    if (!nesterov || (momentum !== 0 && dampening === 0)) return undefined;
    return `nesterov needs momentum > 0 and dampening 0: got momentum ${momentum} and dampening ${dampening}`;
  },
  layout: ({ momentum }) => (momentum === 0 ? plain : heavyBall),
  numbers(options: Complete<SgdOptions>, t, row, _memory, layout) {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize, dialect } = options;
    const sign = maximize ? -1 : 1;
    const inside = dialect === 'keras' ? lr : 1;
    const decayed = weightDecay === 0 ? 0 : 1;
    row[1] = sign * weightDecay;
    if (layout === plain) {
      row[0] = sign * lr;
      row[2] = decayed;
      return;
    }
    row[0] = dialect === 'keras' ? 1 : lr;
    row[2] = momentum;
    row[3] = inside * (t === 1 ? sign : sign * (1 - dampening));
    row[4] = inside * sign;
    row[5] = decayed;
    row[6] = nesterov ? 1 : 0;
    row[7] = flushAt(t);
  },
});

// Stochastic gradient descent: plain, with momentum, and Nesterov's, with PyTorch's options and numbers.

import { coupled, maximize, rate, share } from './options.ts';
import { type Factory, factory, flushAt, type Layout } from './rule.ts';

/** Options of {@link sgd}. */
export type SgdOptions = {
  /** Learning rate, ≥ 0. Default 1e-3. */
  readonly lr: number;
  /** How much of the last step goes on, 0 to 1. Default 0: no state. */
  readonly momentum: number;
  /** How much of the gradient is kept out of the momentum buffer, 0 to 1; not in step 1. Default 0. */
  readonly dampening: number;
  /** Times the parameters is added to the gradient, ≥ 0. Default 0. */
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
 * without momentum or with dampening.
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
export const sgd: Factory<'sgd', SgdOptions> = factory({
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
  slots: { momentum_buffer: 'decaying sum of gradients' },
  laws: { elementwise: true, scalesWithLr: true },
  refuse({ nesterov, momentum, dampening }) {
    if (!nesterov || (momentum > 0 && dampening === 0)) return undefined;
    return `nesterov needs momentum > 0 and dampening 0: got momentum ${momentum} and dampening ${dampening}`;
  },
  layout: ({ momentum }) => (momentum === 0 ? plain : heavyBall),
  numbers({ lr, momentum, dampening, weightDecay, nesterov, maximize }, t, row) {
    const sign = maximize ? -1 : 1;
    const decayed = weightDecay === 0 ? 0 : 1;
    row[1] = sign * weightDecay;
    if (momentum === 0) {
      row[0] = sign * lr;
      row[2] = decayed;
      return;
    }
    row[0] = lr;
    row[2] = momentum;
    row[3] = t === 1 ? sign : sign * (1 - dampening);
    row[4] = sign;
    row[5] = decayed;
    row[6] = nesterov ? 1 : 0;
    row[7] = flushAt(t);
  },
});

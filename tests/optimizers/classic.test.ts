// What the classic rules do beyond the frameworks' trajectories: formulas of papers, Nadam's memory of momenta that follow a schedule,
// averages that are corrected as they go.

import { describe, expect, it } from 'vitest';
import { adagrad, adam, adamw, nadam, type OptimizerDescription, rmsprop } from '../../ts/optimizers/index.ts';
import { linearDecay, scheduleValue } from '../../ts/schedules/index.ts';
import { bits, errorLine, makeEngine, numbers } from './support.ts';

/** What becomes of one number after these gradients. */
function probe(description: OptimizerDescription, gradients: readonly number[], start = 0.5): number {
  const engine = makeEngine('simd');
  const x = Float32Array.of(start);
  const optimizer = engine.optimizer(description, x);
  for (const gradient of gradients) optimizer.step(Float32Array.of(gradient));
  engine.dispose();
  return x[0];
}

describe('papers', () => {
  // One number, five gradients: the values of other people's programs after them.
  const gradients = [1e-3, -2e-3, 5e-4, 0, 3e-3];

  it.each<[string, OptimizerDescription, number]>([
    ['Adam, Kingma & Ba', adam({ dialect: 'paper', lr: 0.01 }), 0.49238396],
    ['Nadam, as Ruder gives it', nadam({ dialect: 'paper', lr: 0.01 }), 0.48406966],
  ])('%s', (_, description, want) => {
    expect(probe(description, gradients)).toBeCloseTo(want, 7);
  });

  it('of AdamW is decay that the rate does not touch: the frameworks’ with the decay divided by it', () => {
    const paper = probe(adamw({ lr: 0.25, weightDecay: 0.0625, decayMode: 'independent' }), gradients);
    expect(paper).toBe(probe(adamw({ lr: 0.25, weightDecay: 0.25 }), gradients));
  });
});

describe('AMSGrad', () => {
  it('never divides by less than before: after a large gradient small ones move little', () => {
    const gradients = [100, ...Array<number>(200).fill(1e-3)];
    const options = { lr: 0.1, betas: [0, 0.5] } as const;
    const [from, plain] = [probe(adam(options), [100]), probe(adam(options), gradients)];
    expect(from - plain).toBeGreaterThan(1);
    for (const dialect of ['torch', 'keras', 'optax'] as const)
      expect(from - probe(adam({ ...options, amsgrad: true, dialect }), gradients)).toBeLessThan(0.01);
  });

  it('of Optax takes the maximum of the corrected moment, which is largest early', () => {
    // The second moments are 1, 0.75, 0.625 corrected, and 0.5, 0.5, 0.5… as they are: β₂ = ½, gradients 1, √½, √½.
    const half = Math.sqrt(0.5);
    const options = { lr: 0.125, betas: [0, 0.5], eps: 0, amsgrad: true } as const;
    const optax = probe(adam({ ...options, dialect: 'optax' }), [1, half, half], 1);
    expect(optax).toBeCloseTo(1 - 0.125 * (1 + half + half), 6);
    const torch = probe(adam(options), [1, half, half], 1);
    const moved = 1 + half / Math.sqrt(0.5 / 0.75) + half / Math.sqrt(0.5 / 0.875);
    expect(torch).toBeCloseTo(1 - 0.125 * moved, 6);
  });
});

describe('eps inside the root', () => {
  it('is added to the corrected moment: Adam’s first step is lr·g/√(g² + epsRoot)', () => {
    for (const amsgrad of [false, true])
      for (const dialect of ['torch', 'optax'] as const) {
        const moved = 0.5 - probe(adam({ lr: 0.1, eps: 0, epsRoot: 4, amsgrad, dialect }), [1.5]);
        expect(moved).toBeCloseTo((0.1 * 1.5) / 2.5, 7);
      }
    expect(errorLine(() => nadam({ dialect: 'paper', epsRoot: 1 }))).toMatch(
      /epsRoot is no option .*the paper has none/,
    );
    expect(errorLine(() => adam({ dialect: 'keras', epsRoot: 1 }))).toMatch(/epsRoot is no option .*Keras has none/);
  });

  it('of Adam, when it is tiny, is Adam', () => {
    const gradients = [0.5, -0.25, 1, 0.125];
    const plain = probe(adam({ lr: 0.1 }), gradients);
    expect(probe(adam({ lr: 0.1, epsRoot: 1e-30 }), gradients)).toBeCloseTo(plain, 6);
  });
});

describe('Adagrad', () => {
  it('of Optax leaves alone what never had a gradient, also without eps', () => {
    const options = { initialAccumulatorValue: 0, eps: 0, lr: 0.125 } as const;
    expect(probe(adagrad({ ...options, dialect: 'optax' }), [0, 0, -2])).toBeCloseTo(0.625, 7);
    expect(probe(adagrad({ ...options, dialect: 'keras' }), [0])).toBeNaN(); // as Keras itself
  });
});

describe('RMSprop', () => {
  it('corrected for its start divides the first gradient by its own size, centered by nothing', () => {
    const options = { lr: 0.1, eps: 0, biasCorrection: true } as const;
    expect(probe(rmsprop(options), [7])).toBeCloseTo(0.4, 7);
    // The average of a gradient that stands still is that gradient at every step.
    expect(probe(rmsprop(options), [7, 7, 7])).toBeCloseTo(0.2, 6);
    expect(probe(rmsprop({ ...options, momentum: 0.5 }), [7, 7])).toBeCloseTo(0.5 - 0.1 - 0.15, 6);
    // v − a² is 0 then, and eps all that is left.
    expect(probe(rmsprop({ ...options, eps: 100, centered: true }), [7, 7])).toBeCloseTo(0.5 - 2 * 0.1 * 0.07, 6);
  });

  it('corrected takes in what the average begins with, as v/(1−αᵗ) does; α = 1 is the plain mean', () => {
    const [alpha, scale, lr] = [0.75, 2, 0.1];
    let [v, x] = [scale, 0.5];
    const gradients = [1, -2, 0.5];
    gradients.forEach((g, k) => {
      v = alpha * v + (1 - alpha) * g * g;
      x -= (lr * g) / Math.sqrt(v / (1 - alpha ** (k + 1)));
    });
    const options = { lr, eps: 0, biasCorrection: true } as const;
    expect(probe(rmsprop({ ...options, alpha, initialScale: scale }), gradients)).toBeCloseTo(x, 6);
    const mean = (n: number): number => gradients.slice(0, n).reduce((sum, g) => sum + g * g, 0) / n;
    const want = gradients.reduce((y, g, k) => y - (lr * g) / Math.sqrt(mean(k + 1)), 0.5);
    expect(probe(rmsprop({ ...options, alpha: 1 }), gradients)).toBeCloseTo(want, 6);
  });

  it('looks ahead along its momentum with the rate inside and outside, alike while the rate stands still', () => {
    const options = { lr: 0.01, momentum: 0.5, nesterov: true, epsInRoot: true, alpha: 0.5, eps: 1e-8 } as const;
    const gradients = [1, 0.5, -2, 0.25];
    const [torch, optax] = [
      probe(rmsprop(options), gradients),
      probe(rmsprop({ ...options, dialect: 'optax' }), gradients),
    ];
    expect(torch).toBeCloseTo(optax, 6);
    expect(Math.abs(torch - probe(rmsprop({ ...options, nesterov: false }), gradients))).toBeGreaterThan(1e-4);
    expect(errorLine(() => rmsprop({ nesterov: true }))).toMatch(/^option \| rmsprop \| .*nesterov needs momentum > 0/);
    expect(errorLine(() => rmsprop({ dialect: 'keras', momentum: 0.9, nesterov: true }))).toMatch(/Keras has none/);
    // A momentum that has a schedule is no 0, also where the schedule begins at it.
    expect(() => rmsprop({ momentum: linearDecay({ from: 0, to: 0.9, steps: 9 }), nesterov: true })).not.toThrow();
  });
});

describe('Nadam', () => {
  const beta = linearDecay({ from: 0.9, to: 0.5, steps: 6 });
  const decay = linearDecay({ from: 1, to: 0.1, steps: 6 });

  it('multiplies the momenta that there were, when β₁ and momentumDecay follow a schedule', () => {
    const [lr, beta2, eps] = [0.01, 0.99, 1e-8];
    let [x, m, v, product] = [0.5, 0, 0, 1];
    const gradients = [1, -0.5, 0.25, 2, -1, 0.5, 0.75];
    gradients.forEach((g, k) => {
      const [t, beta1, psi] = [k + 1, scheduleValue(beta, k), scheduleValue(decay, k)];
      const momentum = (step: number): number => beta1 * (1 - 0.5 * 0.96 ** (step * psi));
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      product *= momentum(t);
      const ahead = ((1 - momentum(t)) / (1 - product)) * g + (momentum(t + 1) / (1 - product * momentum(t + 1))) * m;
      x -= (lr * ahead) / (Math.sqrt(v / (1 - beta2 ** t)) + eps);
    });
    const got = probe(nadam({ lr, betas: [beta, beta2], momentumDecay: decay }), gradients);
    expect(Math.abs(got - x)).toBeLessThan(1e-6);
  });

  it('keeps what it remembers in its state: a run continued from it is the run never stopped', () => {
    const engine = makeEngine('simd');
    const [a, b] = [numbers(5, 1), numbers(5, 1)];
    const description = nadam({ lr: 0.1, betas: [beta, 0.99] });
    const first = engine.optimizer(description, a);
    for (let k = 0; k < 4; k++) first.step(numbers(5, k));
    b.set(a);
    const second = engine.optimizer(description, b);
    second.restore(structuredClone(first.state()));
    for (let k = 4; k < 8; k++) for (const optimizer of [first, second]) optimizer.step(numbers(5, k));
    expect(bits(b)).toEqual(bits(a));
    engine.dispose();
  });

  it('entered at any step is right at once, for every momentum: the loop is short', () => {
    const product = (beta1: number, psi: number, t: number): number => {
      let result = 1;
      for (let i = 1; i <= t; i++) result *= beta1 * (1 - 0.5 * 0.96 ** (i * psi));
      return result;
    };
    for (const [beta1, psi, t] of [
      [0.9, 1, 60],
      [0.999, 4, 3000],
      [0.9999, 10, 20_000],
      [0.5, 0, 30],
    ]) {
      const engine = makeEngine('reference');
      const x = Float32Array.of(0);
      const optimizer = engine.optimizer(nadam({ lr: 1, betas: [beta1, 0], momentumDecay: psi, eps: 0 }), x);
      optimizer.stepCount = t - 1;
      optimizer.step(Float32Array.of(1));
      // From a fresh state m = 1 − β₁ and v = 1.
      const momentum = (step: number): number => beta1 * (1 - 0.5 * 0.96 ** (step * psi));
      const whole = product(beta1, psi, t);
      const carried = (momentum(t + 1) * (1 - beta1)) / (1 - whole * momentum(t + 1));
      const want = (1 - momentum(t)) / (1 - whole) + carried;
      expect(Math.abs(x[0] + want)).toBeLessThan(1e-6 * want);
      engine.dispose();
    }
    const engine = makeEngine('reference');
    const x = Float32Array.of(0);
    const slow = engine.optimizer(nadam({ betas: [1 - 2 ** -53, 0.5], momentumDecay: 1e-12 }), x);
    slow.stepCount = 2 ** 50;
    slow.step(Float32Array.of(1));
    expect(Number.isFinite(x[0])).toBe(true);
    engine.dispose();
  });
});

// Moments that fade: without new gradients they halve and halve until they are subnormal, where WebAssembly is slow. Every 16th step
// clears what is below 2⁻¹⁰⁰, on both machines, in every state array that decays.

import { describe, expect, it } from 'vitest';
import { resolveRule } from '../../ts/optimizers/options.ts';
import { rules } from '../../ts/optimizers/rules.ts';
import { bits, descriptions, machineNames, makeEngine, numbers } from './support.ts';

const SMALLEST_NORMAL = 2 ** -126;
const TINY = 2 ** -100;
const isSubnormal = (x: number): boolean => x !== 0 && Math.abs(x) < SMALLEST_NORMAL;
const fading = Object.entries(descriptions).filter(([, { name, options }]) => {
  const { slots } = rules[name].layout(resolveRule(rules[name], options, name).fixed, [1]);
  return slots.length > 0 && name !== 'adagrad' && !('amsgrad' in options); // Adagrad's sum and AMSGrad's maximum never fall
});

describe.each(machineNames)('3,000 steps without a gradient on %s', (machine) => {
  it.each(fading)('%s leaves no subnormal number', (_, description) => {
    const engine = makeEngine(machine);
    const n = 23;
    const theta = engine.array(numbers(n, 1));
    const optimizer = engine.optimizer(
      { ...description, options: withoutDecay(description) } as typeof description,
      theta,
    );
    // Magnitudes over many binades, so that some reach the bound at each step.
    optimizer.step(numbers(n, 2).map((x, i) => x * 10 ** -i));
    optimizer.gradient.set(new Float32Array(n));
    let faded = false;
    for (let t = 2; t <= 3000; t++) {
      optimizer.step();
      if (t % 16 !== 0) continue;
      for (const values of Object.values(optimizer.state().slots as Record<string, Float32Array>)) {
        expect(
          values.some((x) => isSubnormal(x) || (x !== 0 && Math.abs(x) < TINY)),
          `step ${t}`,
        ).toBe(false);
        faded ||= values.some((x) => x === 0);
      }
    }
    expect(faded).toBe(true);
    expect(theta.read().every(Number.isFinite)).toBe(true);
    engine.dispose();
  });
});

it('clears after the move of the 16th step: that step still uses what it clears', () => {
  for (const machine of machineNames) {
    const engine = makeEngine(machine);
    const theta = engine.array(1);
    const optimizer = engine.optimizer(descriptions['sgd, momentum'], theta);
    const slots = { momentum_buffer: Float32Array.of(2 ** -101) };
    const state = { ...optimizer.state(), slots };
    optimizer.restore({ ...state, step: 15 });
    optimizer.step();
    expect(theta.read()[0]).toBe(-Math.fround(Math.fround(0.1) * Math.fround(Math.fround(0.9) * 2 ** -101)));
    expect(bits((optimizer.state().slots as Record<string, Float32Array>).momentum_buffer)).toEqual([0]);
    optimizer.restore({ ...state, step: 14 });
    optimizer.step();
    expect((optimizer.state().slots as Record<string, Float32Array>).momentum_buffer[0]).toBeGreaterThan(0);
    engine.dispose();
  }
});

/** Its options without weight decay, where it has any. */
function withoutDecay({ options }: (typeof descriptions)[string]): object {
  return 'weightDecay' in options || !('dialect' in options) ? { ...options, weightDecay: 0 } : options;
}

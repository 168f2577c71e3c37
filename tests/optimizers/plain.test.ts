// The plain loops that every ratio of the benchmark is taken against must do the same work: each moves as the rule does that it is timed
// against.

import { describe, expect, it } from 'vitest';
import { plainDescriptions, plainRules } from '../../ts/bench/js-rules.ts';
import { makeEngine, numbers } from './support.ts';

describe.each(Object.entries(plainRules))('the plain loop %s', (workload, { slots, step }) => {
  it('moves as its rule does', () => {
    const engine = makeEngine('reference');
    const n = 50;
    // Small numbers, so that what is rounded when a parameter moves is small beside the move.
    const start = numbers(n, 1).map((x) => x / 256);
    const [ours, theirs] = [start.slice(), start.slice()];
    const optimizer = engine.optimizer(plainDescriptions[workload], ours);
    const state = Array.from({ length: slots }, () => new Float32Array(n));
    for (let t = 1; t <= 40; t++) {
      const gradient = numbers(n, 100 + t);
      optimizer.step(gradient);
      step(theirs, gradient, state, t);
    }
    const farthest = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((x, i) => Math.abs(x - b[i])));
    expect(farthest(ours, theirs)).toBeLessThan(1e-4 * farthest(ours, start));
    engine.dispose();
  });
});

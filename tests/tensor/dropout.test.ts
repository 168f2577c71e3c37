// Dropout: the share that is dropped, the scale of the rest, the gradient through the same mask, and the stream it draws from.

import { describe, expect, it } from 'vitest';
import type { Runtime } from '../../ts/engine/runtime.ts';
import { constantOf, newRuntime, parameterOf } from '../goldens/support/forward-backward.ts';

const N = 100_000;

function dropped(runtime: Runtime, rate: number): Float32Array {
  runtime.openScope();
  const result = constantOf(runtime, [N], new Float32Array(N).fill(3)).dropout(rate).read() as Float32Array;
  runtime.closeScope();
  return result;
}

describe.each(['simd', 'reference'] as const)('dropout on %s', (machine) => {
  it.each([0.1, 0.5, 0.9])('drops %s of the elements and divides the others by the rest', (rate) => {
    const result = dropped(newRuntime(machine, 3), rate);
    const kept = result.filter((x) => x !== 0);
    expect([...new Set(kept)]).toEqual([Math.fround(3 * Math.fround(1 / (1 - rate)))]);
    // Five standard deviations of a binomial share.
    expect(Math.abs(1 - kept.length / N - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / N));
  });

  it('gives the gradient through the mask of the forward pass', () => {
    const runtime = newRuntime(machine, 3);
    const x = parameterOf(runtime, 'x', [N], new Float32Array(N).fill(3));
    runtime.openScope();
    const y = x.dropout(0.5);
    y.sum().backward();
    expect(x.gradient.read()).toEqual(Float32Array.from(y.read(), (yi) => (yi === 0 ? 0 : 2)));
  });

  it('is decided by the seed, and moves on', () => {
    const [first, again, other] = [newRuntime(machine, 3), newRuntime(machine, 3), newRuntime(machine, 4)];
    const masks = [dropped(first, 0.5), dropped(first, 0.5)];
    expect([dropped(again, 0.5), dropped(again, 0.5)]).toEqual(masks);
    expect(masks[1]).not.toEqual(masks[0]);
    expect(dropped(other, 0.5)).not.toEqual(masks[0]);
  });

  it('changes nothing at rate 0 and outside training, and draws nothing then', () => {
    const runtime = newRuntime(machine, 3);
    runtime.openScope();
    const x = constantOf(runtime, [4], [1, 2, 3, 4]);
    const { state } = runtime.random;
    expect(x.dropout(0).address).toBe(x.address);
    expect(x.dropout(0.5, { training: false }).address).toBe(x.address);
    expect(runtime.random.state).toEqual(state);
  });
});

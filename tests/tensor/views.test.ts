// Views: a transposition copies nothing until something needs the numbers in order, keeps its place in the tape, and ends with its scope.

import { describe, expect, it } from 'vitest';
import type { Runtime } from '../../ts/engine/runtime.ts';
import { Engine } from '../../ts/engine.ts';
import type { Kernels } from '../../ts/machine/machine.ts';
import { constantOf, newRuntime, parameterOf } from '../goldens/support/forward-backward.ts';
import { makeMachine } from '../support/machines.ts';

const SIX = [1, 2, 3, 4, 5, 6];

/** Names of the kernels that `use` calls. */
function kernelsOf(runtime: Runtime, use: () => void): string[] {
  const called: string[] = [];
  const { kernels } = runtime;
  runtime.kernels = new Proxy(kernels, {
    get: (target, name: keyof Kernels) => {
      called.push(name);
      return target[name];
    },
  });
  try {
    use();
  } finally {
    runtime.kernels = kernels;
  }
  return called;
}

describe.each(['simd', 'reference'] as const)('views on %s', (machine) => {
  it('transpose() exchanges axes, and back again', () => {
    const runtime = newRuntime(machine);
    runtime.openScope();
    const x = constantOf(runtime, [2, 3], SIX);
    expect(x.transpose().shape).toEqual([3, 2]);
    expect([...x.transpose().read()]).toEqual([1, 4, 2, 5, 3, 6]);
    expect(x.transpose().transpose().address).toBe(x.address);
    expect([...x.transpose().reshape([2, 3]).read()]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...x.transpose().detach().read()]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...x.transpose().add(0.5).transpose().read()]).toEqual(SIX.map((n) => n + 0.5));
  });

  it('a product with a transposed matrix copies nothing, forward or backward', () => {
    const runtime = newRuntime(machine);
    const w = parameterOf(runtime, 'w', [2, 3], SIX);
    const v = parameterOf(runtime, 'v', [2, 4], [1, 0, 0, 2, 0, 1, 3, 0]);
    runtime.openScope();
    const called = kernelsOf(runtime, () => w.transpose().matmul(v).matmul(v.transpose()).sum().backward());
    expect(called.filter((name) => name.startsWith('copy'))).toEqual([]);
    expect(called.filter((name) => name === 'matmul').length).toBe(2 + 4);
  });

  it('linear() is x·Wᵀ + b to the last bit, and so are its gradients', () => {
    const runtime = newRuntime(machine);
    const numbers = (n: number, seed: number): number[] =>
      Array.from({ length: n }, (_, i) => Math.fround(Math.sin(i * 7 + seed)));
    const [x, w, b] = [[9, 21], [10, 21], [10]].map((shape, i) =>
      parameterOf(
        runtime,
        `p${i}`,
        shape,
        numbers(
          shape.reduce((p, q) => p * q),
          i,
        ),
      ),
    );
    const results = [() => x.linear(w, b), () => x.matmul(w.transpose()).add(b)].map((forward) => {
      runtime.openScope();
      const y = forward();
      y.square().mean().backward();
      const result = [y, x.gradient, w.gradient, b.gradient].map((t) => t.read());
      runtime.closeScope();
      return result;
    });
    expect(results[0]).toEqual(results[1]);
  });

  it('outside every scope transpose() is a copy of its own, to be disposed', () => {
    const runtime = newRuntime(machine);
    const x = parameterOf(runtime, 'x', [2, 3], SIX);
    const before = runtime.heap.live;
    const turned = x.transpose();
    x.set([0, 0, 0, 0, 0, 0]);
    expect([...turned.read()]).toEqual([1, 4, 2, 5, 3, 6]);
    turned.dispose();
    expect(runtime.heap.live).toBe(before);
  });

  it('a view that was copied in an inner scope is copied again after it', () => {
    const runtime = newRuntime(machine);
    runtime.openScope();
    const turned = constantOf(runtime, [2, 3], SIX).transpose();
    runtime.openScope();
    expect([...turned.neg().read()]).toEqual([-1, -4, -2, -5, -3, -6]);
    runtime.closeScope();
    constantOf(runtime, [64], new Float32Array(64).fill(9)); // takes the memory of the inner copy
    expect([...turned.read()]).toEqual([1, 4, 2, 5, 3, 6]);
    runtime.closeScope();
    expect(() => turned.read()).toThrow(/belongs to a scope .* that has ended/);
  });

  it('a compiled function may return a transposed view, and replays what reads one', () => {
    const engine = new Engine(makeMachine(machine), { machine, refused: [] }, 1);
    const w = engine.parameter([2, 3], SIX);
    const program = engine.compile(() => ({
      turned: w.transpose(),
      sums: w.transpose().neg().sum(1),
      root: w.transpose().sqrt(),
    }));
    for (let run = 1; run <= 4; run++) {
      w.set(SIX.map((n) => n * run));
      const { turned, sums, root } = program();
      expect([...turned.read()]).toEqual([1, 4, 2, 5, 3, 6].map((n) => n * run));
      expect([...sums.read()]).toEqual([-5, -7, -9].map((n) => n * run));
      expect(root.read()).toEqual(Float32Array.from([1, 4, 2, 5, 3, 6], (n) => Math.sqrt(n * run)));
    }
  });

  it('reshape() and flatten() share the memory of the tensor', () => {
    const runtime = newRuntime(machine);
    runtime.openScope();
    const x = constantOf(runtime, [2, 3], SIX);
    const flat = x.reshape([-1]);
    x.set([6, 5, 4, 3, 2, 1]);
    expect(flat.shape).toEqual([6]);
    expect([...flat.read()]).toEqual([6, 5, 4, 3, 2, 1]);
    expect(constantOf(runtime, [2, 3, 4], new Float32Array(24)).flatten().shape).toEqual([2, 12]);
  });
});

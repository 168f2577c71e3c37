// What happens around compiled functions and scopes: other parameters, results as arguments, sizes beyond any memory, indices that are none,
// views, and engines that are no more.

import { describe, expect, it } from 'vitest';
import { adam, sgd } from '../../ts/optimizers/index.ts';
import type { Parameter } from '../../ts/tensor/parameter.ts';
import type { Tensor } from '../../ts/tensor/tensor.ts';
import { errorOf, machineNames, makeEngine } from '../optimizers/support.ts';
import { fit } from './support.ts';

describe.each(machineNames)('between two calls on %s', (name) => {
  it('other parameters may come and go', () => {
    const engine = makeEngine(name);
    const { step, w } = fit(engine);
    const twin = fit(makeEngine(name));
    const others: Parameter[] = [];
    for (let i = 0; i < 12; i++) {
      step([1, 2]);
      twin.step([1, 2]);
      if (i % 3 !== 2) others.push(engine.parameter([3]));
      if (i > 5) others.pop()?.dispose();
    }
    expect(w.read()).toEqual(twin.w.read());
  });

  it('a result may be the next argument, also when programs record again', () => {
    const engine = makeEngine(name);
    const w = engine.parameter([1], [1]);
    const double = engine.compile((x: Tensor) => x.add(x).add(w.mul(0)));
    let x = double([1]);
    for (let i = 0; i < 3; i++) x = double(x);
    w.trainable = false;
    for (let i = 0; i < 4; i++) x = double(x);
    expect(x.item()).toBe(256);
  });

  it('tensors of another engine, and calls inside another recording, are refused', () => {
    const engine = makeEngine(name);
    const twice = engine.compile((x: Tensor) => x.add(x));
    for (let i = 0; i < 4; i++) twice([1]);
    expect(errorOf(() => twice(makeEngine(name).tensor([2]))).message).toMatch(/two engines/);
    expect(errorOf(() => engine.compile(() => twice([1]))()).message).toMatch(/called inside another/);
    expect(errorOf(() => engine.compile((x: Tensor) => x.relu()).run(1)).message).toMatch(/takes 1 arguments/);
  });

  it('views of the engine are read before the memory grows', () => {
    const engine = makeEngine(name, { tight: true });
    const values = Float32Array.from({ length: 100_000 }, (_, i) => i - 7);
    const view = (): Float32Array => engine.array(values).array;
    expect(engine.array(view()).read()).toEqual(values);
    expect(engine.tensor(view()).read()).toEqual(values);
    expect(engine.parameter([100_000], view()).read()).toEqual(values);
    expect(
      engine
        .compile((x: Tensor) => x.neg())(view())
        .read(),
    ).toEqual(values.map((x) => -x));
  });
});

describe.each(machineNames)('indices in a replay on %s', (name) => {
  it('are looked at like those of an eager call', () => {
    const engine = makeEngine(name);
    const w = engine.parameter(
      [3, 4],
      Float32Array.from({ length: 12 }, (_, i) => i / 10),
    );
    const optimizer = engine.optimizer(adam(), w);
    const step = engine.compile((x: Tensor, y: Tensor) => {
      const loss = x.matmul(w).crossEntropy(y);
      loss.backward();
      optimizer.step();
      return loss;
    });
    const table = engine.tensor([
      [1, 2],
      [3, 4],
    ]);
    const rows = engine.compile((x: Tensor, i: Tensor) => x.gather(i));
    const captured = engine.tensor(Int32Array.of(1));
    const row = engine.compile(() => table.gather(captured));
    for (let i = 0; i < 3; i++) {
      step([[1, 2, 3]], Int32Array.of(1));
      rows(table, Int32Array.of(1));
      row();
    }
    const before = w.read();
    for (const index of [4, -1, 100_000_000]) {
      expect(errorOf(() => step([[1, 2, 3]], Int32Array.of(index))).code).toBe('data');
      expect(errorOf(() => step.run(2)).code).toBe('data');
      expect(errorOf(() => rows(table, Int32Array.of(index))).code).toBe('data');
      captured.set([index]);
      expect(errorOf(() => row()).message).toMatch(/gather: indices must be 0 to 1/);
    }
    expect(w.read()).toEqual(before);
    expect(optimizer.stepCount).toBe(3);
    expect([...rows(table, Int32Array.of(0)).read()]).toEqual([1, 2]);
    step([[1, 2, 3]], Int32Array.of(2));
    expect(optimizer.stepCount).toBe(4);
  });
});

describe('a transposed view', () => {
  it('shows what its original is set to, and what an optimizer makes of it', () => {
    const engine = makeEngine('simd');
    const w = engine.parameter([1, 2], [1, 2]);
    const optimizer = engine.optimizer(sgd({ lr: 1 }), w);
    engine.scope(() => {
      const t = w.transpose();
      expect([...t.read()]).toEqual([1, 2]);
      w.set([3, 4]);
      expect([...t.read()]).toEqual([3, 4]);
      w.sum().backward();
      optimizer.step();
      expect([...t.read()]).toEqual([2, 3]);
    });
  });
});

describe('sizes that no memory has', () => {
  it.each(machineNames)('are errors, never wrong addresses, on %s', (name) => {
    const engine = makeEngine(name, { limit: 128 * 65_536 });
    const x = engine.tensor([1]);
    const column = engine.tensor(new Float32Array(40_000), { shape: [40_000, 1] });
    const row = column.reshape([1, 40_000]);
    const { live } = engine.memory;
    for (const run of [
      (): unknown => column.add(row), // 6.4 GB
      (): unknown => column.matmul(row),
      (): unknown => x.expand([536_870_912]), // 2³¹ bytes
      (): unknown => x.expand([1_073_741_824]), // 2³² bytes
      (): unknown => x.expand([1_073_741_825]),
      (): unknown => x.expand([1e308, 1e308, 0]),
      (): unknown => engine.array(1_073_741_824),
      (): unknown => engine.array(Number.MAX_SAFE_INTEGER),
      (): unknown => engine.parameter([1e308, 1e308, 0]),
      (): unknown => engine.parameter([65_536, 65_536]),
    ]) {
      expect(['memory', 'shape']).toContain(errorOf(run).code);
      expect(['memory', 'shape']).toContain(errorOf(() => engine.scope(run)).code);
    }
    expect(engine.memory.live).toBe(live);
    expect(x.item()).toBe(1);
  });
});

describe('backward', () => {
  it('refuses the loss of a scope that has ended', () => {
    const engine = makeEngine('reference');
    const w = engine.parameter([1], [2]);
    const loss = engine.scope(() => w.square().sum());
    engine.scope(() => {
      w.mul(3).sum();
      expect(errorOf(() => loss.backward()).code).toBe('stale');
    });
  });

  it('adds nothing that a pass which failed has left', () => {
    const engine = makeEngine('reference');
    const w = engine.parameter([2], [2, 3]);
    engine.scope(() => {
      const y = w.square();
      const sum = y.sum();
      const loss = sum.mul(1);
      const failing = sum.add(y.mul(2).sum());
      const { kernels } = engine.runtime;
      engine.runtime.kernels = {
        ...kernels,
        mul: () => {
          throw new Error('once');
        },
      };
      expect(() => failing.backward()).toThrow('once');
      engine.runtime.kernels = kernels;
      loss.backward();
      expect([...w.gradient.read()]).toEqual([4, 6]);
    });
  });
});

describe('a disposed engine', () => {
  it('throws at every use of what it made', () => {
    const engine = makeEngine('reference');
    const { step, optimizer, w } = fit(engine);
    const x = engine.tensor([1, 2]);
    const one = engine.tensor([1]);
    const array = engine.array(3);
    for (let i = 0; i < 3; i++) step(x);
    engine.dispose();
    for (const use of [
      (): unknown => x.read(),
      (): unknown => one.item(),
      (): unknown => x.set([1, 2]),
      (): unknown => x.relu(),
      (): unknown => array.array,
      (): unknown => array.read(),
      (): unknown => step(x),
      (): unknown => step.run(1),
      (): unknown => optimizer.step(),
      (): unknown => optimizer.state(),
      (): unknown => w.gradient.read(),
      (): unknown => engine.tensor([1]),
      (): unknown => engine.array(1),
      (): unknown => engine.parameter([1]),
      (): unknown => engine.scope(() => 1),
      (): unknown => engine.compile(() => x.relu()),
    ])
      expect(errorOf(use).code).toBe('disposed');
    for (const thing of [x, array, step, optimizer, w, engine]) thing.dispose();
  });
});

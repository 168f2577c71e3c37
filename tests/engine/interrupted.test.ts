// What can go wrong between recording and replay, and in the middle of a run: whatever happens, what was committed is counted, what was
// not is not, and nothing is read from memory that belongs to another.

import { describe, expect, it } from 'vitest';
import type { Block } from '../../ts/engine/heap.ts';
import { Engine } from '../../ts/engine.ts';
import { adam, sgd } from '../../ts/optimizers/index.ts';
import type { Optimizer } from '../../ts/optimizers/optimizer.ts';
import type { Compiled } from '../../ts/tensor/compile.ts';
import type { Parameter } from '../../ts/tensor/parameter.ts';
import type { Tensor } from '../../ts/tensor/tensor.ts';
import { errorOf, machineNames, makeEngine } from '../optimizers/support.ts';
import { makeMachine } from '../support/machines.ts';
import { type Fit, fit } from './support.ts';

describe.each(machineNames)('a run on %s', (name) => {
  it('counts the step after which `each` throws', () => {
    const { optimizer, step, w } = fit(makeEngine(name));
    const twin = fit(makeEngine(name));
    step([1, 2]);
    twin.step([1, 2]);
    expect(() =>
      step.run(10, (_, i) => {
        if (i === 4) throw new Error('enough');
      }),
    ).toThrow('enough');
    expect(optimizer.stepCount).toBe(6);
    step.run(3);
    for (let i = 0; i < 8; i++) twin.step([1, 2]);
    expect(w.read()).toEqual(twin.w.read());
  });

  it('acts on what `each` changes at the next step', () => {
    const { step, optimizer, w } = fit(makeEngine(name));
    for (let i = 0; i < 3; i++) step([1, 2]);
    const after: number[] = [];
    const counts: number[] = [];
    step.run(4, (_, i) => {
      after.push(w.read()[0]);
      counts.push(optimizer.stepCount);
      if (i === 1) optimizer.lr = 0;
    });
    expect(counts).toEqual([4, 5, 6, 7]);
    expect(after[1]).not.toBe(after[0]);
    expect(after.slice(2)).toEqual([after[1], after[1]]);
  });

  it('may be called from `each`, and then goes on', () => {
    const { step, optimizer, w } = fit(makeEngine(name));
    const twin = fit(makeEngine(name));
    for (let i = 0; i < 3; i++) step([1, 2]);
    step.run(3, () => void step.run(2));
    for (let i = 0; i < 12; i++) twin.step([1, 2]);
    expect(optimizer.stepCount).toBe(12);
    expect(w.read()).toEqual(twin.w.read());
  });

  it('ends with an error when `each` disposes the function, its optimizer or its parameter', () => {
    const ends: ((f: Fit) => void)[] = [(f) => f.step.dispose(), (f) => f.optimizer.dispose(), (f) => f.w.dispose()];
    for (const end of ends) {
      const engine = makeEngine(name);
      const made = fit(engine);
      for (let i = 0; i < 3; i++) made.step([1, 2]);
      let after: number[] = [];
      const error = errorOf(() =>
        made.step.run(5, () => {
          end(made);
          // Whatever takes the memory next must stay as it is.
          after = [...Array(20)].map(() => engine.array(Float32Array.of(1, 2, 3)).address);
        }),
      );
      expect(['disposed', 'stale']).toContain(error.code);
      const { f32 } = engine.runtime.machine.memory;
      for (const address of after) expect([...f32.slice(address >>> 2, (address >>> 2) + 3)]).toEqual([1, 2, 3]);
    }
  });

  it('goes on past the rows of its table', () => {
    const { step, optimizer, w } = fit(makeEngine(name));
    const twin = fit(makeEngine(name));
    for (const one of [step, twin.step]) for (let i = 0; i < 2; i++) one([1, 2]);
    expect(step.run(2500)).toBe(2500);
    for (let i = 0; i < 2500; i++) twin.step([1, 2]);
    expect(optimizer.stepCount).toBe(2502);
    expect(w.read()).toEqual(twin.w.read());
  });

  it('counts up to the step that the guard refuses', () => {
    const engine = makeEngine(name);
    const w = engine.parameter([1], [1]);
    const optimizer = engine.optimizer(sgd({ lr: 1 }), w);
    // The gradient of w⁸ makes w grow until it is not finite.
    const step = engine.compile(() => {
      w.pow(8).sum().neg().backward();
      optimizer.step();
    });
    step();
    const made = step.run(50);
    expect(made).toBeLessThan(50);
    expect(optimizer.stepCount).toBe(1 + made);
    expect(Number.isFinite(w.item())).toBe(true);
    expect(step.diagnose().code).toBe('not-finite');
  });

  it('takes no memory for a program before its first run, and tries again', () => {
    const limit = 4 * 1_048_576;
    const engine = new Engine(makeMachine(name, limit), { machine: name, refused: [] }, 0);
    const { step, optimizer, w } = fit(engine);
    const twin = fit(makeEngine(name));
    step([1, 2]);
    step([1, 2]);
    const filler: Block[] = [];
    const fill = (bytes: number): void => {
      try {
        for (;;) filler.push(engine.runtime.heap.allocate(bytes, 'filler'));
      } catch {}
    };
    const { heap } = engine.runtime;
    const original = heap.allocate.bind(heap);
    fill(65536);
    fill(64);
    // The arena of the last recorded step goes back to the heap before the program asks: it must not be had either.
    heap.allocate = (bytes, owner) => original(owner === 'a compiled step' ? limit : bytes, owner);
    expect(errorOf(() => step([1, 2])).code).toBe('memory');
    expect(errorOf(() => step.run(2)).code).toBe('memory');
    expect(optimizer.stepCount).toBe(2);
    heap.allocate = original;
    for (const block of filler) heap.free(block);
    step.run(3);
    for (let i = 0; i < 5; i++) twin.step([1, 2]);
    expect(optimizer.stepCount).toBe(5);
    expect(w.read()).toEqual(twin.w.read());
  });
});

describe.each(machineNames)('several optimizers in one function on %s', (name) => {
  function pair(): {
    a: Parameter;
    b: Parameter;
    optimizers: Optimizer<Parameter>[];
    step: Compiled<[Tensor], void>;
  } {
    const engine = makeEngine(name);
    const a = engine.parameter([1], [2], { name: 'a' });
    const b = engine.parameter([1], [1], { name: 'b' });
    const optimizers = [a, b].map((p) => engine.optimizer(adam({ lr: 0.1 }), p));
    const step = engine.compile((x: Tensor) => {
      const first = a.sub(b).square().sum().add(a.dropout(0.5).sum());
      first.backward();
      optimizers[0].step();
      b.mul(a).add(b.dropout(0.5)).log().add(x).square().sum().backward();
      optimizers[1].step();
    });
    return { a, b, optimizers, step };
  }

  it.each([0, 4])('the steps before the one that is refused last and are counted (after %i good ones)', (good) => {
    const { a, b, optimizers, step } = pair();
    for (let i = 0; i < good; i++) step([0.5]);
    const [was, other] = [a.item(), b.item()];
    const error = errorOf(() => step([Number.NaN]));
    expect(`${error.code} ${error.message}`).toMatch(
      /^not-finite the first tensor that is not finite is the result of add/,
    );
    expect(optimizers.map((one) => one.stepCount)).toEqual([good + 1, good]);
    expect(a.item()).not.toBe(was);
    expect(b.item()).toBe(other);
  });

  it('refuses the same optimizer twice in one function', () => {
    const engine = makeEngine(name);
    const w = engine.parameter([1], [1]);
    const optimizer = engine.optimizer(adam(), w);
    const step = engine.compile(() => {
      w.square().sum().backward();
      optimizer.step();
      optimizer.step();
    });
    expect(errorOf(() => step()).message).toMatch(/adam was called twice in one compiled function/);
  });
});

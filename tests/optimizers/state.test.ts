// The state of an optimizer: read, restored, gathered and given back. Restored = uninterrupted, bit for bit; another rule's is refused by name.

import { describe, expect, it } from 'vitest';
import { adam, adamw, sgd } from '../../ts/optimizers/index.ts';
import type { OptimizerState } from '../../ts/optimizers/optimizer.ts';
import { bits, descriptions, errorLine, makeEngine, numbers } from './support.ts';

describe.each(Object.entries(descriptions))('%s', (_, description) => {
  it('a restored state goes on as if it had never stopped, flat and by parameter, over a structured clone', () => {
    const results = ['uninterrupted', 'flat', 'by parameter'].map((way) => {
      let engine = makeEngine(way === 'flat' ? 'reference' : 'simd');
      const make = (values: readonly Float32Array[]) => {
        const parameters = values.map((x, i) => engine.parameter([x.length], x, { name: `${i}.weight` }));
        return { parameters, optimizer: engine.optimizer(description, parameters) };
      };
      let { parameters, optimizer } = make([numbers(5, 1), numbers(8, 2)]);
      for (let k = 0; k < 30; k++) {
        if (k === 13) optimizer.lr *= 0.5;
        if (k === 20 && way !== 'uninterrupted') {
          const state = structuredClone(optimizer.state());
          const saved = way === 'flat' ? state : { ...state, slots: structuredClone(optimizer.slots()) };
          const values = parameters.map((p) => p.read() as Float32Array);
          engine.dispose();
          engine = makeEngine('simd');
          ({ parameters, optimizer } = make(values));
          optimizer.restore(saved);
        }
        for (const [i, p] of parameters.entries()) p.gradient.set(numbers(p.size, 100 * i + k));
        optimizer.step();
      }
      const result = parameters.map((p) => bits(p.read() as Float32Array));
      engine.dispose();
      return result;
    });
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it('gather keeps, drops and repeats elements with their gradient and state', () => {
    const indices = [4, 4, 0, 8, 3];
    const engine = makeEngine('simd', { tight: true });
    const [theta, own] = [engine.array(numbers(9, 1)), numbers(9, 1)];
    const [onArray, onOwn] = [engine.optimizer(description, theta), engine.optimizer(description, own)];
    const chosen = engine.array(Float32Array.from(indices, (i) => own[i]));
    const expected = engine.optimizer(description, chosen);
    for (let k = 0; k < 4; k++) {
      const gradient = numbers(9, 20 + k);
      onArray.step(gradient);
      onOwn.step(gradient);
      expected.step(Float32Array.from(indices, (i) => gradient[i]));
    }
    onArray.gather(indices);
    const gathered = onOwn.gather(Int32Array.from(indices));
    expect([theta.length, onArray.gradient.length, gathered.length]).toEqual([5, 5, 5]);
    const last = numbers(5, 99);
    for (let k = 0; k < 3; k++) {
      if (k === 0) for (const optimizer of [onArray, expected]) optimizer.step(); // with the gathered gradient
      if (k === 0) onOwn.step(expected.gradient.read());
      onArray.step(last);
      onOwn.step(last);
      expected.step(last);
    }
    expect(bits(theta.read())).toEqual(bits(chosen.read()));
    expect(bits(gathered)).toEqual(bits(chosen.read()));
    engine.dispose();
  });

  it('gives all its memory back', () => {
    const engine = makeEngine('simd');
    const p = engine.parameter([50]);
    const theta = engine.array(70);
    const before = engine.memory.live;
    for (const target of [p, theta, new Float32Array(9), [new Float32Array(3), new Float32Array(4)]]) {
      const optimizer = engine.optimizer(description, target);
      optimizer.set({ weightDecay: 0.5 });
      expect(engine.memory.live).toBeGreaterThan(before);
      optimizer.dispose();
      optimizer.dispose();
      expect(engine.memory.live).toBe(before);
      expect(errorLine(() => optimizer.step())).toMatch(/^disposed \| .*this optimizer \(\w+\) was disposed/);
    }
    engine.dispose();
  });
});

describe('restore', () => {
  const engine = makeEngine('simd');
  const optimizer = engine.optimizer(adam({ lr: 0.5 }), engine.array(3));
  const good = optimizer.state();
  const { exp_avg, exp_avg_sq } = good.slots as Record<string, Float32Array>;

  it.each<[string, Partial<OptimizerState>, RegExp]>([
    ['another rule', { name: 'sgd' }, /^file \| name \| .*\(adam\).*name must have adam: got "sgd"/],
    ['a bad step', { step: -1 }, /^file \| step/],
    ['other groups', { groups: [{}, {}] }, /^file \| groups \| .*must have 1: got 2/],
    ['a bad option', { options: { ...good.options, lr: -1 } }, /^option \| adam\.lr \| .*≥ 0.*got -1/],
    ['a missing slot', { slots: { exp_avg } }, /^file \| slots\.exp_avg_sq \| .*only exp_avg/],
    [
      'an unknown slot',
      { slots: { exp_avg, exp_avg_sq, exp_avgs: exp_avg } },
      /^option \| slots\.exp_avgs \| .*did you mean exp_avg/,
    ],
    [
      'a slot of another size',
      { slots: { exp_avg, exp_avg_sq: new Float32Array(4) } },
      /^file \| slots\.exp_avg_sq \| .*3 elements: got 4/,
    ],
    [
      'an entry of no parameter',
      { slots: [{ slot: 'exp_avg', parameter: 'w', shape: [3], values: exp_avg }] },
      /^option \| exp_avg\.w/,
    ],
  ])('refuses %s and changes nothing', (_, change, message) => {
    expect(errorLine(() => optimizer.restore({ ...good, ...change }))).toMatch(message);
    expect(optimizer.state()).toEqual(good);
  });

  it('brings back options of the optimizer and of its groups', () => {
    const theta = engine.array(4);
    const one = engine.optimizer(sgd({ lr: 1 }), theta, { groups: [{ range: [0, 2], lr: 2 }] });
    one.set({ momentum: 0.9, lr: 3 });
    one.groups[0].lr = 4;
    const two = engine.optimizer(sgd({ lr: 1 }), theta, { groups: [{ range: [0, 2], lr: 2 }] });
    two.restore(one.state());
    expect(two.groups.map(({ options }) => options)).toEqual(one.groups.map(({ options }) => options));
    expect(two.state()).toEqual(one.state());
  });
});

describe('memory', () => {
  it('an optimizer for which there is no memory leaves none behind, and a setter that needs too much changes nothing', () => {
    const engine = makeEngine('simd', { limit: 60 * 65_536 });
    const theta = engine.array(200_000);
    const before = engine.memory.live;
    expect(errorLine(() => engine.optimizer(adamw(), theta))).toMatch(/^memory \|/);
    expect(engine.memory.live).toBe(before);
    engine.dispose();
    const small = makeEngine('simd', { limit: 40 * 65_536 });
    const array = small.array(100_000);
    const optimizer = small.optimizer(sgd({ lr: 1 }), array);
    small.array(100_000);
    expect(errorLine(() => optimizer.set({ momentum: 0.9 }))).toMatch(/^memory \|/);
    expect(optimizer.options.momentum).toBe(0);
    optimizer.gradient.array.fill(1);
    optimizer.step();
    expect(array.read()[99_999]).toBe(-1);
    small.dispose();
  });

  it('an optimizer whose array or parameter was disposed says so', () => {
    const engine = makeEngine('simd');
    const theta = engine.array(3);
    const p = engine.parameter([2], undefined, { name: '0.weight' });
    const [onArray, onParameter] = [engine.optimizer(adam(), theta), engine.optimizer(adam(), p)];
    theta.dispose();
    p.dispose();
    expect(errorLine(() => onArray.step())).toMatch(/^disposed \|/);
    expect(errorLine(() => onParameter.step())).toMatch(/^disposed \| .*0\.weight/);
    engine.dispose();
    expect(errorLine(() => engine.optimizer(adam(), theta))).toMatch(/^disposed \| .*this engine was disposed/);
  });
});

it('a restored state that has a slot for more parameters leaves compiled functions whole', () => {
  const engine = makeEngine('simd');
  const [w, v] = [engine.parameter([3], numbers(3, 1)), engine.parameter([2], numbers(2, 2))];
  const optimizer = engine.optimizer(sgd({ lr: 0.1 }), [{ parameters: w, momentum: 0.9 }, { parameters: v }]);
  const step = engine.compile(() => {
    const loss = w.square().sum().add(v.square().sum());
    loss.backward();
    optimizer.step();
    return loss;
  });
  for (let i = 0; i < 4; i++) step();
  const { slots, ...rest } = optimizer.state();
  expect(Object.values(slots)[0]).toHaveLength(3);
  optimizer.restore({ ...rest, slots: { momentum_buffer: new Float32Array(5) } });
  for (let i = 0; i < 4; i++) step();
  optimizer.groups[1].set({ momentum: 0.5 });
  for (let i = 0; i < 4; i++) step();
  expect(optimizer.stepCount).toBe(12);
  engine.dispose();
});

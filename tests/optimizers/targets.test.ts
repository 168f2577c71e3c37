// What an optimizer can move: parameters in groups, engine arrays, a user's own arrays. The same numbers whatever holds them.

import { describe, expect, it } from 'vitest';
import { Recorder } from '../../ts/engine/recorder.ts';
import { kernelNames } from '../../ts/machine/reference/kernels.ts';
import { adam, adamw, sgd } from '../../ts/optimizers/index.ts';
import { Optimizer, type OptimizerTarget } from '../../ts/optimizers/optimizer.ts';
import { Parameter } from '../../ts/tensor/parameter.ts';
import { bits, descriptions, machineNames, makeEngine, numbers } from './support.ts';

describe.each(Object.entries(descriptions))('%s', (_, description) => {
  it('parameters, engine array, own array and own arrays get the same bits', () => {
    const engine = makeEngine('simd', { tight: true });
    const start = numbers(30, 1);
    const own = Float32Array.from(start);
    const parts = [start.slice(0, 7), start.slice(7, 20), start.slice(20)];
    const parameters = parts.map((values, i) => engine.parameter([values.length], values, { name: `p${i}` }));
    const array = engine.array(start);
    const onParameters = engine.optimizer(description, parameters);
    const onArray = engine.optimizer(description, array);
    const onOwn = engine.optimizer(description, own);
    const onParts = engine.optimizer(description, parts);
    for (let k = 0; k < 18; k++) {
      const gradient = numbers(30, 100 + k);
      const gradients = [gradient.slice(0, 7), gradient.slice(7, 20), gradient.slice(20)];
      for (const [i, g] of gradients.entries()) parameters[i].gradient.set(g);
      onParameters.step();
      engine.array(k + 1); // grows the memory, so that every view of it is lost
      onArray.gradient.array.set(gradient);
      onArray.step();
      onOwn.step(gradient);
      onParts.step(gradients);
    }
    const flat = (list: readonly Float32Array[]): number[] => list.flatMap(bits);
    expect(bits(array.read())).toEqual(bits(own));
    expect(flat(parts)).toEqual(bits(own));
    expect(flat(parameters.map((p) => p.read() as Float32Array))).toEqual(bits(own));
    expect(bits(own)).not.toEqual(bits(start));
    engine.dispose();
  });
});

describe('own arrays', () => {
  it('count as the user left them between two steps', () => {
    const engine = makeEngine('simd');
    const theta = Float32Array.of(1, 2, 3);
    const optimizer = engine.optimizer(sgd({ lr: 0.5 }), theta);
    optimizer.step(Float32Array.of(2, 2, 2));
    expect([...theta]).toEqual([0, 1, 2]);
    theta[1] = 10;
    optimizer.step(Float32Array.of(0, 2, 0));
    expect([...theta]).toEqual([0, 9, 2]);
    engine.dispose();
  });

  it('an engine array takes its gradient as an argument too', () => {
    const engine = makeEngine('simd');
    const theta = engine.array(2);
    const optimizer = engine.optimizer(sgd({ lr: 1 }), theta);
    optimizer.step(Float32Array.of(1, -1));
    optimizer.step();
    expect([...theta.read()]).toEqual([-2, 2]);
    engine.dispose();
  });
});

describe('parameters', () => {
  it('a model’s parameters that lie together move by one kernel call a run, frozen ones and groups parting the runs', () => {
    const { runtime } = makeEngine('simd');
    const { address: p, life } = runtime.allocateBlock(400, 'parameters');
    const { address: g } = runtime.allocateBlock(400, 'gradients');
    const sizes = [5, 7, 4, 9];
    const parameters = sizes.map((size, i) => {
      const at = 4 * sizes.slice(0, i).reduce((total, n) => total + n, 0);
      return new Parameter(runtime, `${i}`, [size], p + at, g + at, life);
    });
    const callsOf = (target: OptimizerTarget): number[] => {
      const optimizer = new Optimizer(runtime, adam(), target);
      runtime.openScope();
      runtime.recorder = new Recorder();
      runtime.kernels = runtime.recorder.wrap(runtime.machine.kernels);
      optimizer.step();
      const counts = runtime.recorder.entries.flatMap((entry) =>
        entry !== 'guard' && kernelNames[entry.kernel] === 'adam' ? [entry.words[4]] : [],
      );
      runtime.recorder = undefined;
      runtime.kernels = runtime.machine.kernels;
      runtime.closeScope();
      optimizer.dispose();
      return counts;
    };
    const [a, b, c, d] = parameters;
    expect(callsOf({ parameters })).toEqual([25]);
    expect(callsOf([a, c, d])).toEqual([5, 13]);
    expect(callsOf([{ parameters: [a, b] }, { parameters: [c, d] }])).toEqual([12, 13]);
    b.trainable = false;
    expect(
      callsOf(
        new (class Model {
          readonly parameters = parameters;
        })(),
      ),
    ).toEqual([5, 13]);
  });

  it('frozen ones stay, without decay, and go on from their old state when they thaw', () => {
    for (const machine of machineNames) {
      const engine = makeEngine(machine);
      const [a, b] = [0, 1].map((seed) => engine.parameter([5], numbers(5, seed), { name: `p${seed}` }));
      const optimizer = engine.optimizer(adamw({ lr: 0.1, weightDecay: 0.1 }), [a, b]);
      for (const p of [a, b]) p.gradient.set(numbers(5, 7));
      optimizer.step();
      const [before, state] = [a.read(), optimizer.slots().filter(({ parameter }) => parameter === 'p0')];
      a.trainable = false;
      const moving = b.read();
      optimizer.step();
      expect(a.read()).toEqual(before);
      expect(b.read()).not.toEqual(moving);
      expect(optimizer.slots().filter(({ parameter }) => parameter === 'p0')).toEqual(state);
      a.trainable = true;
      optimizer.step();
      expect(a.read()).not.toEqual(before);
      engine.dispose();
    }
  });

  it('groups have options of their own and take the rest from the optimizer, also when it changes', () => {
    const engine = makeEngine('simd');
    const [a, b] = [engine.parameter([1]), engine.parameter([1])];
    const optimizer = engine.optimizer(sgd({ lr: 1 }), [{ parameters: a, lr: 0.5 }, { parameters: [b] }]);
    const step = (): number[] => {
      for (const p of [a, b]) {
        p.set([0]);
        p.gradient.set([1]);
      }
      optimizer.step();
      return [a.item(), b.item()];
    };
    expect(step()).toEqual([-0.5, -1]);
    optimizer.lr = 4;
    expect(step()).toEqual([-0.5, -4]);
    optimizer.groups[1].lr = 2;
    optimizer.groups[0].set({ lr: 8 });
    expect(step()).toEqual([-8, -2]);
    optimizer.lr = 16;
    expect(step()).toEqual([-8, -2]);
    expect(optimizer.groups.map(({ lr }) => lr)).toEqual([8, 2]);
    expect(optimizer.groups.map(({ size }) => size)).toEqual([1, 1]);
    engine.dispose();
  });

  it('a group can turn momentum on while another has none', () => {
    const engine = makeEngine('simd');
    const theta = engine.array(4);
    const optimizer = engine.optimizer(sgd({ lr: 1 }), theta, { groups: [{ range: [1, 3] }] });
    optimizer.gradient.set([1, 1, 1, 1]);
    optimizer.step();
    optimizer.groups[0].set({ momentum: 0.5 });
    optimizer.step();
    optimizer.step();
    expect([...theta.read()]).toEqual([-3, -3.5, -3.5, -3]);
    engine.dispose();
  });

  it('numbers that are not finite are applied as they are', () => {
    const engine = makeEngine('simd');
    const theta = Float32Array.of(1, 1, 1);
    engine.optimizer(sgd({ lr: 1 }), theta).step(Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 1));
    expect([...theta]).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, 0]);
    engine.dispose();
  });
});

it('descriptions survive a structured clone and JSON', () => {
  const description = adam({ lr: 0.5, betas: [0.8, 0.9] });
  expect(structuredClone(description)).toEqual({
    kind: 'optimizer',
    name: 'adam',
    options: { lr: 0.5, betas: [0.8, 0.9] },
  });
  expect(JSON.parse(JSON.stringify(description))).toEqual(description);
});

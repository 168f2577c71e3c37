// Optimizers inside compiled functions: setters act on the next replayed step, whatever a program froze is recorded again, and a
// step whose loss or gradient is not finite leaves parameters, state and step count alone.

import { describe, expect, it } from 'vitest';
import type { Engine } from '../../ts/engine.ts';
import { type OptimizerDescription, sgd } from '../../ts/optimizers/index.ts';
import type { Optimizer } from '../../ts/optimizers/optimizer.ts';
import type { Parameter } from '../../ts/tensor/parameter.ts';
import { bits, descriptions, errorOf, type MachineName, machineNames, makeEngine, numbers } from './support.ts';

interface Fit {
  readonly engine: Engine;
  readonly parameters: readonly Parameter[];
  readonly optimizer: Optimizer<unknown>;
  readonly run: (x: Float32Array) => void;
}

/** Fits two parameters in two groups to one batch a step, compiled or eager. */
function makeFit(machine: MachineName, description: OptimizerDescription, compiled: boolean): Fit {
  const engine = makeEngine(machine);
  const parameters = [0, 1].map((seed) => engine.parameter([6], numbers(6, seed), { name: `p${seed}` }));
  const [a, b] = parameters;
  const groups = [{ parameters: [a] }, { parameters: [b], lr: 0.02 }];
  const optimizer: Optimizer<unknown> = engine.optimizer(description, groups);
  const input = engine.tensor(numbers(6, 9));
  const step = (): void => {
    a.mul(input).sub(b).square().mean().backward();
    optimizer.step();
  };
  const program = engine.compile(step);
  const run = (x: Float32Array): void => {
    input.set(x);
    if (compiled) program();
    else engine.scope(step);
  };
  return { engine, parameters, optimizer, run };
}

const result = ({ parameters, optimizer }: Fit): number[][] => [
  ...parameters.map((p) => bits(p.read() as Float32Array)),
  ...optimizer.slots().map(({ values }) => bits(values)),
  [optimizer.stepCount],
];

describe.each(machineNames)('on %s', (machine) => {
  it.each(Object.entries(descriptions))(
    '%s: compiled = eager through setters, freezing and a jump of t',
    (_, description) => {
      const [eager, compiled] = [false, true].map((flag) => makeFit(machine, description, flag));
      for (const one of [eager, compiled]) {
        const { optimizer, parameters, run } = one;
        let k = 0;
        const steps = (n: number): void => {
          for (const end = k + n; k < end; k++) run(numbers(6, 50 + k));
        };
        steps(5);
        optimizer.lr = 0.03;
        steps(2);
        optimizer.groups[1].lr = 0.01;
        optimizer.set({ weightDecay: 0.2 });
        steps(3);
        parameters[0].trainable = false;
        steps(4);
        parameters[0].trainable = true;
        optimizer.stepCount = 100;
        steps(20);
      }
      expect(result(compiled)).toEqual(result(eager));
      for (const { engine } of [eager, compiled]) engine.dispose();
    },
  );

  it('momentum turned on and off adds its slot and records again', () => {
    const [eager, compiled] = [false, true].map((flag) => makeFit(machine, sgd({ lr: 0.1 }), flag));
    for (const { optimizer, run } of [eager, compiled]) {
      for (let k = 0; k < 12; k++) {
        if (k === 4) optimizer.set({ momentum: 0.9 });
        if (k === 8) optimizer.groups[0].set({ momentum: 0 });
        run(numbers(6, k));
      }
    }
    expect(result(compiled)).toEqual(result(eager));
    expect(compiled.optimizer.slots().map(({ slot }) => slot)).toEqual(['momentum_buffer', 'momentum_buffer']);
    for (const { engine } of [eager, compiled]) engine.dispose();
  });

  it.each([0, 1, 2, 6])('a NaN in step %i stops before the commit, and the next good step goes on', (bad) => {
    const one = makeFit(machine, descriptions.adam, true);
    for (let k = 0; k < bad; k++) one.run(numbers(6, k));
    const before = result(one);
    const error = errorOf(() => one.run(Float32Array.of(1, 2, Number.NaN, 1, 1, 1)));
    expect(error.code).toBe('not-finite');
    expect(error.message).toMatch(/mul/);
    expect(result(one)).toEqual(before);
    one.run(numbers(6, 77));
    const straight = makeFit(machine, descriptions.adam, true);
    for (let k = 0; k < bad; k++) straight.run(numbers(6, k));
    straight.run(numbers(6, 77));
    expect(result(one)).toEqual(result(straight));
    for (const { engine } of [one, straight]) engine.dispose();
  });

  it('a gradient that is infinite while the loss is finite is seen too', () => {
    const engine = makeEngine(machine);
    const p = engine.parameter([2], Float32Array.of(0, 4));
    const optimizer = engine.optimizer(sgd({ lr: 1 }), p);
    const step = engine.compile(() => {
      const loss = p.sqrt().sum();
      loss.backward();
      optimizer.step();
      return loss;
    });
    expect(errorOf(() => step()).code).toBe('not-finite');
    expect([...p.read()]).toEqual([0, 4]);
    expect(optimizer.stepCount).toBe(0);
    engine.dispose();
  });
});

describe('inside a compiled function', () => {
  const inside = (use: (optimizer: Optimizer<unknown>) => unknown): string => {
    const engine = makeEngine('simd');
    const p = engine.parameter([2]);
    const optimizer: Optimizer<unknown> = engine.optimizer(sgd({ lr: 1 }), p);
    const step = engine.compile(() => {
      p.sum().backward();
      use(optimizer);
      optimizer.step();
    });
    const error = errorOf(() => step());
    engine.dispose();
    return `${error.code}: ${error.message}`;
  };

  it('what would happen only while recording is refused', () => {
    expect(inside((optimizer) => optimizer.set({ lr: 2 }))).toMatch(/^compile: setting an option/);
    expect(inside((optimizer) => Object.assign(optimizer, { lr: 2 }))).toMatch(/^compile: setting an option/);
    expect(inside((optimizer) => Object.assign(optimizer, { stepCount: 2 }))).toMatch(/^compile: stepCount/);
    expect(inside((optimizer) => optimizer.restore(optimizer.state()))).toMatch(/^compile: restore/);
  });

  it('own arrays are refused', () => {
    const engine = makeEngine('simd');
    const optimizer = engine.optimizer(sgd(), new Float32Array(2));
    const error = errorOf(() => engine.compile(() => optimizer.step(new Float32Array(2)))());
    expect(`${error.code}: ${error.message}`).toMatch(/^compile: step\(gradient\)/);
    engine.dispose();
  });

  it('disposing the optimizer makes the program stale', () => {
    const engine = makeEngine('simd');
    const p = engine.parameter([2]);
    const optimizer = engine.optimizer(descriptions.adam, p);
    const step = engine.compile(() => {
      p.square().sum().backward();
      optimizer.step();
    });
    for (let k = 0; k < 3; k++) step();
    optimizer.dispose();
    expect(errorOf(() => step()).code).toBe('stale');
    engine.dispose();
  });
});

// Whose numbers an optimizer gives, how weight decay enters, and options that follow a schedule. That the dialects are the frameworks' own
// is shown by tests/goldens/optimizers.test.ts; here stands where they agree, where they part, and what is refused.

import { describe, expect, it } from 'vitest';
import { describe as describeOptimizer } from '../../ts/optimizers/describe.ts';
import { adadelta, adagrad, adam, adamw, nadam, rmsprop, sgd } from '../../ts/optimizers/index.ts';
import { type OptimizerDescription, rules } from '../../ts/optimizers/rules.ts';
import { dense, meanSquaredError, sequential } from '../../ts/public.ts';
import {
  cosineDecay,
  join,
  lambda,
  linearDecay,
  oneCycleMomentum,
  reduceOnPlateau,
  scheduleValue,
} from '../../ts/schedules/index.ts';
import { Session } from '../../ts/training/session.ts';
import { bits, errorLine, type MachineName, machineNames, makeEngine, numbers } from './support.ts';

function moved(
  description: OptimizerDescription,
  {
    machine = 'simd',
    lrs = Array<number | undefined>(12).fill(undefined),
    n = 9,
  }: {
    machine?: MachineName;
    lrs?: readonly (number | undefined)[];
    n?: number;
  } = {},
): Float32Array {
  const engine = makeEngine(machine);
  const theta = numbers(n, 1);
  const optimizer = engine.optimizer(description, theta);
  lrs.forEach((lr, k) => {
    if (lr !== undefined) optimizer.lr = lr;
    optimizer.step(numbers(n, 10 + k));
  });
  engine.dispose();
  return theta;
}

const farthest = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((x, i) => Math.abs(x - b[i])));

describe('dialects', () => {
  it('have the defaults of the frameworks', () => {
    expect(describeOptimizer(adam({ dialect: 'keras' })).options).toMatchObject({
      lr: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-7,
      weightDecay: 0,
      decayMode: 'decoupled',
    });
    expect(describeOptimizer(adagrad({ dialect: 'optax' })).options).toMatchObject({
      initialAccumulatorValue: 0.1,
      eps: 1e-7,
    });
    expect(describeOptimizer(adadelta({ dialect: 'keras' })).options).toMatchObject({ lr: 1e-3, rho: 0.95, eps: 1e-7 });
    expect(describeOptimizer(adamw()).options).toMatchObject({ weightDecay: 1e-2, decayMode: 'decoupled' });
    expect(describeOptimizer(adamw({ dialect: 'optax' }))).toMatchObject({
      dialect: 'optax',
      frameworkNames: ['adamw'],
      options: { weightDecay: 1e-4 },
    });
    expect(describeOptimizer(rmsprop({ lr: 0.5 })).dialects).toEqual(['torch', 'keras', 'optax']);
  });

  it('agree on momentum while the rate stands still, and part when it changes', () => {
    const [torch, keras, optax] = (['torch', 'keras', 'optax'] as const).map((dialect) =>
      sgd({ dialect, lr: 0.125, momentum: 0.5, nesterov: true }),
    );
    expect(farthest(moved(torch), moved(keras))).toBeLessThan(1e-6);
    expect(bits(moved(torch))).toEqual(bits(moved(optax)));
    const lrs = [0.125, 0.125, 0.0125, 0.0125];
    expect(farthest(moved(torch, { lrs }), moved(keras, { lrs }))).toBeGreaterThan(1e-3);
  });

  it('of Adam agree when eps is 0, and PyTorch’s and Optax’s always', () => {
    const of = (dialect: 'torch' | 'keras' | 'optax', eps: number) => moved(adam({ dialect, lr: 0.01, eps }));
    expect(farthest(of('torch', 0), of('keras', 0))).toBeLessThan(1e-6);
    expect(farthest(of('torch', 0.1), of('keras', 0.1))).toBeGreaterThan(1e-3);
    expect(bits(of('torch', 0.1))).toEqual(bits(of('optax', 0.1)));
  });

  it('of Nadam are three; PyTorch’s with momentumDecay 1 is Keras’s', () => {
    const torch = moved(nadam({ lr: 0.01, momentumDecay: 1, eps: 1e-7 }));
    const keras = moved(nadam({ dialect: 'keras', lr: 0.01 }));
    expect(bits(torch)).toEqual(bits(keras));
    expect(farthest(keras, moved(nadam({ dialect: 'optax', lr: 0.01 })))).toBeGreaterThan(1e-4);
  });

  it('that a rule lacks, and options that a dialect lacks, are refused by name', () => {
    const paper = errorLine(() => rmsprop({ dialect: 'paper' }));
    expect(paper).toMatch(/^option \| rmsprop\.dialect \| .*one of 'torch', 'keras', 'optax'.*no such optimizer/);
    expect(errorLine(() => sgd({ dialect: 'caffe' as 'torch' }))).toMatch(/dialect must be one of/);
    expect(errorLine(() => sgd({ dialect: 'keras', dampening: 0.1 }))).toMatch(/dampening is no option .*'keras'/);
  });

  it('name at least one of the framework’s names, and every variant of every rule is good', () => {
    for (const { name, dialects, variants } of Object.values(rules)) {
      for (const spec of Object.values(dialects)) expect(Object.keys(spec.names).length).toBeGreaterThan(0);
      for (const options of Object.values(variants))
        expect(describeOptimizer({ kind: 'optimizer', name, options } as OptimizerDescription).name).toBe(name);
    }
  });
});

describe('weight decay', () => {
  it.each(machineNames)(
    'decoupled and independent of any rule = the parameters shrunk before the step, on %s',
    (machine) => {
      for (const [decayMode, kept] of [
        ['decoupled', 1 - 0.5 * 0.25],
        ['independent', 1 - 0.25],
      ] as const) {
        const engine = makeEngine(machine);
        const [theta, expected] = [numbers(9, 1), numbers(9, 1)];
        const options = { lr: 0.5, momentum: 0.5 };
        const optimizer = engine.optimizer(sgd({ ...options, weightDecay: 0.25, decayMode }), theta);
        const plain = engine.optimizer(sgd(options), expected);
        for (let k = 0; k < 5; k++) {
          optimizer.step(numbers(9, k));
          expected.set(expected.map((x) => x * kept));
          plain.step(numbers(9, k));
        }
        expect(bits(theta)).toEqual(bits(expected));
        engine.dispose();
      }
    },
  );

  it('leaves alone what noDecay names', () => {
    const run = (noDecay: 'none' | 'vectors' | readonly string[], weightDecay = 0.1): number[][] => {
      const engine = makeEngine('simd');
      const parameters = [engine.parameter([2, 3], numbers(6, 1), { name: '0.weight' })];
      parameters.push(engine.parameter([3], numbers(3, 2), { name: '0.bias' }));
      const optimizer = engine.optimizer(adamw({ lr: 0.1, weightDecay, noDecay }), parameters);
      for (let k = 0; k < 3; k++) {
        for (const parameter of parameters) parameter.gradient.set(numbers(parameter.size, k));
        optimizer.step();
      }
      const values = parameters.map((parameter) => bits(parameter.read() as Float32Array));
      engine.dispose();
      return values;
    };
    const [all, none] = [run('none'), run('none', 0)];
    for (const noDecay of ['vectors', ['*.bias'], ['0.b*s']] as const) expect(run(noDecay)).toEqual([all[0], none[1]]);
    expect(run(['0.*'])).toEqual(none);
    expect(run(['bias', '1.*'])).toEqual(all);
    expect(errorLine(() => adamw({ noDecay: 'bias' as 'none' }))).toMatch(/noDecay must be 'none', 'vectors'/);
    expect(errorLine(() => adamw({ decayMode: 'l2' as 'coupled' }))).toMatch(/must be one of 'coupled'/);
  });
});

describe('schedules', () => {
  const decay = cosineDecay({ from: 0.25, to: 0.01, steps: 9 });

  it.each(machineNames)('an option with a schedule has its value at each step, on %s', (machine) => {
    const lrs = Array.from({ length: 12 }, (_, k) => scheduleValue(decay, k));
    for (const make of [
      (lr: number | typeof decay) => sgd({ lr, momentum: 0.9 }),
      (lr: number | typeof decay) => adamw({ lr }),
      (lr: number | typeof decay) => rmsprop({ lr, dialect: 'keras', momentum: 0.5, weightDecay: 0.1 }),
    ])
      expect(bits(moved(make(decay), { machine }))).toEqual(bits(moved(make(0.1), { machine, lrs })));
  });

  it('any number can have one: momentum, a beta, weight decay', () => {
    const momentum = linearDecay({ from: 0, to: 0.9, steps: 4 });
    const engine = makeEngine('simd');
    const [a, b] = [numbers(7, 1), numbers(7, 1)];
    const scheduled = engine.optimizer(sgd({ lr: 0.1, momentum, weightDecay: decay }), a);
    const set = engine.optimizer(sgd({ lr: 0.1, momentum: 0.5 }), b);
    for (let k = 0; k < 6; k++) {
      // The buffer is there from the first step, also where the schedule begins at 0.
      const value = scheduleValue(momentum, k);
      if (value > 0) set.set({ momentum: value, weightDecay: scheduleValue(decay, k) });
      else set.set({ momentum: 1e-30, weightDecay: scheduleValue(decay, k) });
      for (const optimizer of [scheduled, set]) optimizer.step(numbers(7, 20 + k));
    }
    expect(farthest(a, b)).toBeLessThan(1e-6);
    const beta = oneCycleMomentum({ low: 0.85, high: 0.95, steps: 10 });
    expect(describeOptimizer(adam({ betas: [beta, 0.99] })).options.betas).toEqual([beta, 0.99]);
    engine.dispose();
  });

  it('compiled runs of any length, groups, state and setters follow it', () => {
    const run = (lengths: readonly number[]): number[][] => {
      const engine = makeEngine('simd');
      const [w, v] = [engine.parameter([3], numbers(3, 1)), engine.parameter([2], numbers(2, 2))];
      const optimizer = engine.optimizer(adam({ lr: decay }), [
        { parameters: w },
        { parameters: v, lr: linearDecay({ from: 0.5, to: 0, steps: 8 }) },
      ]);
      const step = engine.compile(() => {
        const loss = w.square().sum().add(v.square().sum());
        loss.backward();
        optimizer.step();
        return loss;
      });
      for (let i = 0; i < 2; i++) step();
      for (const length of lengths) expect(step.run(length)).toBe(length);
      expect(optimizer.lr).toBe(scheduleValue(decay, optimizer.stepCount));
      expect(optimizer.groups[1].lr).toBe(
        scheduleValue(linearDecay({ from: 0.5, to: 0, steps: 8 }), optimizer.stepCount),
      );
      const result = [w, v].map((parameter) => bits(parameter.read() as Float32Array));
      engine.dispose();
      return result;
    };
    expect(run([6])).toEqual(run([1, 2, 3]));
  });

  it('a state with a schedule survives JSON and goes on, bit for bit; a number set over it ends it', () => {
    const engine = makeEngine('simd');
    const [a, b] = [numbers(5, 1), numbers(5, 1)];
    const first = engine.optimizer(adam({ lr: decay }), a);
    for (let k = 0; k < 4; k++) first.step(numbers(5, k));
    b.set(a);
    const second = engine.optimizer(adam(), b);
    const { slots, ...rest } = first.state();
    second.restore({ ...JSON.parse(JSON.stringify(rest)), slots });
    for (let k = 4; k < 8; k++) for (const optimizer of [first, second]) optimizer.step(numbers(5, k));
    expect(bits(b)).toEqual(bits(a));
    second.lr = 0.5;
    expect(second.options.lr).toBe(0.5);
    engine.dispose();
  });

  it('one that leaves the bounds of its option stops before the step, naming it', () => {
    const engine = makeEngine('simd');
    const theta = numbers(4, 1);
    const rising = linearDecay({ from: 0.5, to: 1.5, steps: 4 });
    const optimizer = engine.optimizer(sgd({ lr: 0.1, momentum: rising }), theta);
    for (let k = 0; k < 3; k++) optimizer.step(numbers(4, k));
    const before = bits(theta);
    expect(errorLine(() => optimizer.step(numbers(4, 3)))).toMatch(/sgd\.momentum .* at step 4 it gives 1\.25/);
    expect([bits(theta), optimizer.stepCount]).toEqual([before, 3]);
    engine.dispose();
  });

  it('bad ones, and what cannot be saved or remembered, are refused', () => {
    expect(errorLine(() => adam({ lr: cosineDecay({ from: 1, to: 0, steps: -1 }) }))).toMatch(/steps must be/);
    const bad = { kind: 'cosineDecay', from: 1, to: 0, steps: -1 } as ReturnType<typeof cosineDecay>;
    expect(errorLine(() => adam({ lr: bad }))).toMatch(/^option \| adam\.lr\.steps/);
    expect(errorLine(() => adam({ lr: reduceOnPlateau({ from: 0.1 }) }))).toMatch(/startPlateau/);
    const engine = makeEngine('simd');
    const inside = join({ schedules: [lambda((step) => 1 / (step + 1)), decay], boundaries: [3] });
    const description = { model: sequential([2], dense(1)), loss: meanSquaredError(), optimizer: sgd({ lr: inside }) };
    expect(errorLine(() => new Session(engine, description))).toMatch(/^option \| optimizer\.lr \| .*lambda/);
    const session = new Session(engine, { ...description, optimizer: sgd({ lr: decay }) });
    expect(errorLine(() => session.set({ lr: inside }))).toMatch(/lambda/);
    engine.dispose();
  });
});

// Recording, planning and replay: compiled equals eager bit for bit, what changes is refused, and what a program names keeps it honest.

import { describe, expect, it } from 'vitest';
import { Engine } from '../../ts/engine.ts';
import { DownhillError } from '../../ts/errors.ts';
import { adam, sgd } from '../../ts/optimizers/index.ts';
import type { Parameter } from '../../ts/tensor/parameter.ts';
import type { Tensor } from '../../ts/tensor/tensor.ts';
import { bitsOf } from '../support/digests.ts';
import { makeMachine } from '../support/machines.ts';

const machines = ['simd', 'reference'] as const;
const newEngine = (name: (typeof machines)[number]): Engine =>
  new Engine(makeMachine(name), { machine: name, refused: [] }, 5);

/** Numbers from a fixed recurrence: tests need variety, not chance. */
const numbers = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.fround((((i + 1) * 2654435761 * (seed + 1)) % 1000003) / 500000 - 1));

interface Net {
  readonly engine: Engine;
  readonly parameters: Parameter[];
  readonly step: (x: Tensor, y: Tensor) => Tensor;
}

function net(name: (typeof machines)[number], rate = 0): Net {
  const engine = newEngine(name);
  const w1 = engine.parameter([8, 5], numbers(40, 1), { name: '0.weight' });
  const b1 = engine.parameter([8], numbers(8, 2), { name: '0.bias' });
  const w2 = engine.parameter([3, 8], numbers(24, 3), { name: '2.weight' });
  const parameters = [w1, b1, w2];
  const optimizer = engine.optimizer(adam({ lr: 0.05 }), parameters);
  const step = (x: Tensor, y: Tensor): Tensor => {
    const h = x.linear(w1, b1).tanh().dropout(rate);
    const loss = h.matmul(w2.transpose()).crossEntropy(y);
    loss.backward();
    optimizer.step();
    return loss;
  };
  return { engine, parameters, step };
}

const batch = (k: number): [Float32Array, Int32Array] => [numbers(30, 10 + k), Int32Array.from([0, 1, 2, 1, 0, 2])];

describe.each(machines)('compile on %s', (name) => {
  it.each([0, 0.4])('equals eager bit for bit over 20 steps (dropout %s)', (rate) => {
    const eager = net(name, rate);
    const compiled = net(name, rate);
    const program = compiled.engine.compile(compiled.step);
    for (let k = 0; k < 20; k++) {
      const [x, y] = batch(k);
      const wanted = eager.engine.scope(() => {
        return eager.step(eager.engine.tensor(x, { shape: [6, 5] }), eager.engine.tensor(y)).item();
      });
      const input = compiled.engine.tensor(x, { shape: [6, 5] });
      expect(bitsOf([program(input, y).item()])).toEqual(bitsOf([wanted]));
      input.dispose();
    }
    compiled.parameters.forEach((p, i) => {
      expect(bitsOf(p.read())).toEqual(bitsOf(eager.parameters[i].read()));
    });
  });

  it.each([1, 2, 3, 7, 50])('gives the same bits in runs of %i steps', (k) => {
    const train = (size: number): number[] => {
      const { engine, parameters, step } = net(name, 0.3);
      const [x, y] = batch(0);
      const input = engine.tensor(x, { shape: [6, 5] });
      const target = engine.tensor(y);
      const program = engine.compile(() => step(input, target));
      for (let done = 0; done < 50; done += Math.min(size, 50 - done)) program.run(Math.min(size, 50 - done));
      return parameters.flatMap((p) => bitsOf(p.read()));
    };
    expect(train(k)).toEqual(train(50));
  });

  it('shares memory between temporaries whose lives do not overlap', () => {
    const engine = newEngine(name);
    const x = engine.tensor(numbers(1024, 1));
    const chain = (length: number): number => {
      const program = engine.compile(() => {
        let y: Tensor = x;
        for (let i = 0; i < length; i++) y = y.relu();
        return y;
      });
      program();
      program();
      const before = engine.memory.live;
      program.dispose();
      return before - engine.memory.live;
    };
    expect(chain(20)).toBe(chain(4));
  });

  it('records another program for other shapes and for a last short batch', () => {
    const { engine, step } = net(name);
    const program = engine.compile(step);
    for (let k = 0; k < 4; k++) {
      for (const rows of [6, 4]) {
        const x = engine.tensor(numbers(rows * 5, k), { shape: [rows, 5] });
        expect(
          program(
            x,
            Int32Array.from({ length: rows }, (_, i) => i % 3),
          ).item(),
        ).toBeGreaterThan(0);
        x.dispose();
      }
    }
  });

  it('refuses a step that depends on a JavaScript value that changes, naming both values', () => {
    const engine = newEngine(name);
    const x = engine.tensor(numbers(4, 1));
    let factor = 1;
    const program = engine.compile(() => x.mul(factor++));
    program();
    expect(() => program()).toThrow(/depends on something that changes.*1 at the first call and 2 at the second/);
  });

  it('refuses a step that takes another tensor or another kernel at the second call', () => {
    const engine = newEngine(name);
    const tensors = [engine.tensor(numbers(4, 1)), engine.tensor(numbers(4, 2))];
    let call = 0;
    const other = engine.compile(() => tensors[call++].relu());
    other();
    expect(() => other()).toThrow(/kernel call 1 was relu\(.*\) at the first call and relu\(/);
    let negative = false;
    const changing = engine.compile(() => {
      negative = !negative;
      return negative ? tensors[0].neg() : tensors[0].relu();
    });
    changing();
    expect(() => changing()).toThrow(/kernel call 1 was neg\(.*\) at the first call and relu\(/);
  });

  it('refuses a tensor made from data inside the function, and a value read in the middle', () => {
    const engine = newEngine(name);
    const x = engine.tensor(numbers(4, 1));
    const made = engine.compile(() => x.add(engine.tensor([1, 2, 3, 4])));
    expect(() => made()).toThrow(/engine.tensor\(\) inside a compiled function.*Pass it as an argument/);
    expect(() => engine.compile(() => x.mul(x.relu().read()[0]))()).toThrow(
      /read\(\) of relu inside a compiled function/,
    );
  });

  it('goes stale when something that it names is disposed, and says what', () => {
    const engine = newEngine(name);
    const x = engine.tensor(numbers(4, 1));
    const program = engine.compile(() => x.relu());
    for (let i = 0; i < 3; i++) program();
    const result = program();
    x.dispose();
    expect(() => program()).toThrow(/can no longer run: tensor was disposed/);
    expect(() => result.read()).toThrow(DownhillError);
  });

  it('acts on a changed number at the next step, and records again when a parameter is frozen', () => {
    const { engine, parameters, step } = net(name);
    const program = engine.compile(step);
    const [x, y] = batch(0);
    const input = engine.tensor(x, { shape: [6, 5] });
    for (let i = 0; i < 4; i++) program(input, y);
    parameters[0].trainable = false;
    const frozen = bitsOf(parameters[0].read());
    const moving = bitsOf(parameters[1].read());
    for (let i = 0; i < 4; i++) program(input, y);
    expect(bitsOf(parameters[0].read())).toEqual(frozen);
    expect(bitsOf(parameters[1].read())).not.toEqual(moving);
  });

  it('commits nothing of a step whose loss is not finite, names the first bad tensor, and goes on', () => {
    const { engine, parameters, step } = net(name);
    const program = engine.compile(step);
    const [x, y] = batch(0);
    const good = engine.tensor(x, { shape: [6, 5] });
    for (let i = 0; i < 3; i++) program(good, y);
    const before = parameters.flatMap((p) => bitsOf(p.read()));
    const poisoned = engine.tensor(x, { shape: [6, 5] });
    const values = Float32Array.from(x);
    values[7] = Number.NaN;
    poisoned.set(values);
    expect(() => program(poisoned, y)).toThrow(/the first tensor that is not finite is the result of linear \[6, 8\]/);
    expect(parameters.flatMap((p) => bitsOf(p.read()))).toEqual(before);
    const twin = net(name);
    const eager = (input: Float32Array): void =>
      twin.engine.scope(() => void twin.step(twin.engine.tensor(input, { shape: [6, 5] }), twin.engine.tensor(y)));
    for (let i = 0; i < 4; i++) eager(x);
    program(good, y);
    expect(parameters.flatMap((p) => bitsOf(p.read()))).toEqual(twin.parameters.flatMap((p) => bitsOf(p.read())));
  });

  it('leaks nothing: live bytes are back where they were', () => {
    const engine = newEngine(name);
    const before = engine.memory.live;
    const w = engine.parameter([3, 4], numbers(12, 1));
    const optimizer = engine.optimizer(sgd({ lr: 0.1, momentum: 0.9 }), [w]);
    const program = engine.compile((x: Tensor) => {
      const loss = x.matmul(w).square().mean();
      loss.backward();
      optimizer.step();
      return loss;
    });
    for (let i = 0; i < 5; i++) program([[1, 2, 3]]);
    program.run(9);
    program.dispose();
    optimizer.dispose();
    w.dispose();
    expect(engine.memory.live).toBe(before);
  });
});

describe('a compiled function', () => {
  it('counts its arguments', () => {
    const { engine, step } = net('reference');
    const program = engine.compile(step) as (...args: unknown[]) => unknown;
    expect(() => program([[1, 2, 3, 4, 5]])).toThrow(/takes 2 arguments was called with 1/);
  });

  it('must not be async or call another while recording', () => {
    const engine = newEngine('reference');
    const x = engine.tensor([1]);
    const inner = engine.compile(() => x.relu());
    expect(() => engine.compile(() => inner())()).toThrow(/called inside another/);
    expect(() => engine.compile((async () => x.relu()) as never)()).toThrow(/must not be async/);
  });
});

// Models: names and shapes as nn.Sequential has them, first weights by seed and by their distributions, one block for all, and layers that
// do not fit.

import { describe, expect, it } from 'vitest';
import type { Engine } from '../../ts/engine.ts';
import * as initializers from '../../ts/initializers/index.ts';
import * as layers from '../../ts/layers/index.ts';
import { planModel, type Sequential, sequential } from '../../ts/layers/sequential.ts';
import { sgd } from '../../ts/optimizers/index.ts';
import { Model } from '../../ts/training/model.ts';
import { failure, machines, makeEngine } from './support/sessions.ts';

const { dense, dropout, flatten, relu } = layers;
const values = (model: Model): number[][] => [...model.save().values()].map((entry) => [...entry.values]);

describe('a model', () => {
  const description = sequential([1, 4, 4], flatten(), dense(8), relu(), dense(3, { bias: false }));

  it('names its parameters as nn.Sequential does, in one block, and their gradients in another', () => {
    const model = new Model(makeEngine('reference'), description, { seed: 1 });
    expect(model.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ['1.weight', [8, 16]],
      ['1.bias', [8]],
      ['3.weight', [3, 8]],
    ]);
    let [at, gradient] = [model.parameters[0].address, model.parameters[0].gradient.address];
    for (const parameter of model.parameters) {
      expect([parameter.address, parameter.gradient.address]).toEqual([at, gradient]);
      at += parameter.size * 4;
      gradient += parameter.size * 4;
    }
    expect(model.output).toEqual([3]);
    expect(model.title).toBe('sequential([1, 4, 4], flatten(), dense(8), relu(), dense(3))');
  });

  it('is plain data: a clone makes the same model', () => {
    const clone: Sequential = JSON.parse(JSON.stringify(structuredClone(description)));
    expect(clone).toEqual(description);
    const [a, b] = [description, clone].map((given) => values(new Model(makeEngine('simd'), given, { seed: 4 })));
    expect(a).toEqual(b);
  });

  it('begins with the weights of its seed, on both machines, whatever the engine has drawn, and leaves its stream alone', () => {
    const all = machines.map((machine) => {
      const engine = makeEngine(machine);
      if (machine === 'simd') engine.parameter([5], initializers.normal());
      const before = engine.runtime.random.state;
      const model = new Model(engine, description, { seed: 9 });
      expect(engine.runtime.random.state).toEqual(before);
      return values(model);
    });
    expect(all[0]).toEqual(all[1]);
    const others = [8, 9 + 2 ** 32].map((seed) => values(new Model(makeEngine('reference'), description, { seed })));
    for (const other of others) expect(other).not.toEqual(all[0]);
    const engine = makeEngine('reference');
    const drawn = [0, 1].map(() => values(new Model(engine, description)));
    expect(drawn[0]).not.toEqual(drawn[1]);
  });

  it('has PyTorch’s first weights: uniform within 1/√inputs, biases too', () => {
    const model = new Model(makeEngine('simd'), sequential([64], dense(500)), { seed: 2 });
    const [weight, bias] = values(model);
    for (const list of [weight, bias]) {
      const largest = Math.max(...list.map(Math.abs));
      expect(largest).toBeLessThanOrEqual(1 / 8);
      expect(largest).toBeGreaterThan(0.99 / 8);
    }
    const variance = weight.reduce((sum, w) => sum + w * w, 0) / weight.length;
    expect(variance * 64 * 3).toBeCloseTo(1, 1); // of U(−a, a): a²/3
  });

  it('loads and saves by name', async () => {
    const model = new Model(makeEngine('reference'), description, { seed: 1 });
    const other = new Model(makeEngine('reference'), description, { seed: 2 });
    other.load(model.save());
    expect(values(other)).toEqual(values(model));
    const before = values(model);
    const bias = { shape: [8], values: new Float32Array(8) };
    expect(
      (
        await failure(() =>
          model.load([
            ['1.bias', bias],
            ['9.bias', bias],
          ]),
        )
      ).message,
    ).toMatch(/no parameter 9\.bias: it has 1\.weight/);
    expect((await failure(() => model.load([['1.bias', { ...bias, shape: [2, 4] }]]))).message).toMatch(
      /1\.bias has shape \[8\]: got \[2, 4\]/,
    );
    expect((await failure(() => model.load([['1.bias', { values: new Float32Array(7) }]]))).message).toMatch(
      /got 7 numbers/,
    );
    expect(values(model)).toEqual(before);
  });

  it('computes x·Wᵀ + b by layers, and drops only in training', () => {
    const engine = makeEngine('reference');
    const model = new Model(engine, sequential([2], dense(2), relu(), dropout(0.5), dense(1)));
    model.load([
      ['0.weight', { values: Float32Array.of(1, 2, -1, 1) }],
      ['0.bias', { values: Float32Array.of(0.5, -0.5) }],
      ['3.weight', { values: Float32Array.of(2, 3) }],
      ['3.bias', { values: Float32Array.of(1) }],
    ]);
    engine.scope(() => {
      const x = engine.tensor([
        [1, 1],
        [0, 2],
      ]);
      expect([...model.forward(x).read()]).toEqual([8, 14.5]); // relu [3.5, −0.5 → 0]; [4.5, 1.5]
      const dropped = Array.from({ length: 20 }, () => model.forward(x, { training: true }).read()[0]);
      expect(new Set(dropped)).toEqual(new Set([1, 15])); // nothing, or twice as much
    });
  });

  it('is trained by an optimizer and gives its memory back', async () => {
    const engine: Engine = makeEngine('simd');
    const { live } = engine.memory;
    const model = new Model(engine, description, { seed: 1 });
    const optimizer = engine.optimizer(sgd({ lr: 1, momentum: 0.9 }), model);
    const before = values(model);
    engine.scope(() => {
      model
        .forward(engine.tensor(new Float32Array(32).fill(1), { shape: [2, 1, 4, 4] }))
        .sum()
        .backward();
      optimizer.step();
    });
    expect(values(model)).not.toEqual(before);
    optimizer.dispose();
    model.dispose();
    expect(engine.memory.live).toBe(live);
    expect((await failure(() => model.save())).code).toBe('disposed');
  });

  it('refuses other examples, naming the shape it needs', async () => {
    const engine = makeEngine('reference');
    const model = new Model(engine, description);
    expect((await failure(() => model.forward(engine.tensor([[1, 2]])))).message).toMatch(
      /needs examples \[n, 1, 4, 4\]: got \[1, 2\]/,
    );
  });
});

describe('layers that do not fit', () => {
  const given = (value: unknown): never => value as never;
  it.each<[string, () => unknown, string, RegExp]>([
    [
      'dense on images',
      () => sequential([16, 13, 13], dense(10)),
      'shape',
      /^dense\(10\) at the input needs flat input: got \[16, 13, 13\]; put flatten\(\) before it$/,
    ],
    [
      'dense behind relu',
      () => sequential([2, 2], relu(), dense(10)),
      'shape',
      /^dense\(10\) after relu needs flat input: got \[2, 2\]/,
    ],
    ['no layers', () => sequential([2]), 'option', /at least one layer/],
    [
      'no shape',
      () => sequential(given(784), dense(1)),
      'option',
      /shape of one example must be whole numbers.*got 784/,
    ],
    ['a shape of zero', () => sequential([0], dense(1)), 'option', /≥ 1.*got \[0\]/],
    [
      'an unknown layer',
      () => planModel({ kind: 'sequential', input: [2], layers: [given({ kind: 'dens' })] }),
      'option',
      /layers\[0\]: unknown layer "dens"; did you mean dense\?/,
    ],
    [
      'a factory not called',
      () => sequential([2], given(relu)),
      'option',
      /layers\[0\] must be a layer such as dense\(\): got function relu/,
    ],
    ['no units', () => dense(0), 'option', /^dense: units must be a whole number ≥ 1 and ≤ 16777216: got 0$/],
    ['half a unit', () => dense(1.5), 'option', /units must be a whole number.*1\.5/],
    ['units as text', () => dense(given('10')), 'option', /got "10"/],
    [
      'an unknown option',
      () => dense(10, given({ biass: true })),
      'option',
      /dense: unknown option "biass"; did you mean bias\?/,
    ],
    [
      'a bad option of a clone',
      () => planModel({ kind: 'sequential', input: [2], layers: [given({ kind: 'dense', units: -1 })] }),
      'option',
      /layers\[0\] dense: units must be/,
    ],
    [
      'an initializer that is none',
      () => dense(10, { kernelInitializer: given('heNormal') }),
      'option',
      /kernelInitializer must be an initializer such as .*got "heNormal"/,
    ],
    [
      'a bad initializer',
      () => dense(10, { biasInitializer: given({ kind: 'normal', deviation: -1 }) }),
      'option',
      /deviation must be a finite number ≥ 0: got -1/,
    ],
    [
      'no shape before the layers',
      () => sequential(given(dense(2))),
      'option',
      /got dense\(…\); it comes before the layers: sequential\(\[784\], dense\(10\)\)/,
    ],
    ['a list of layers', () => sequential([2], given([dense(2)])), 'option', /layers\[0\] is a list: .*one by one/],
    ['dropout of everything', () => dropout(1), 'option', /rate must be a finite number ≥ 0 and < 1: got 1/],
    ['a negative slope', () => layers.leakyRelu({ slope: -1 }), 'option', /slope must be a finite number ≥ 0/],
    [
      'an unknown way',
      () => layers.gelu({ approximate: given('erf') }),
      'option',
      /approximate must be one of 'none', 'tanh': got "erf"/,
    ],
  ])('%s', async (_, work, code, message) => {
    const error = await failure(work);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('names the place of an option in a model', async () => {
    const error = await failure(() =>
      planModel({ kind: 'sequential', input: [2], layers: [relu(), given({ kind: 'dropout', rate: 2 })] }),
    );
    expect(error).toMatchObject({ path: 'layers[1].rate', received: '2', expected: 'a finite number ≥ 0 and < 1' });
  });
});

describe('every layer of the list', () => {
  const { dense: _, dropout: __, flatten: ___, ...activations } = layers.layers;
  it.each(Object.keys(activations))('%s is its operation', (kind) => {
    const engine = makeEngine('reference');
    const model = new Model(
      engine,
      planModel({ kind: 'sequential', input: [3], layers: [{ kind } as layers.Layer] }).description,
    );
    engine.scope(() => {
      const x = engine.tensor([[-1.5, 0, 2]]);
      const operation = Reflect.get(x, kind) as () => { read(): ArrayLike<number> };
      expect([...model.forward(x).read()]).toEqual([...Array.from(operation.call(x).read())]);
    });
    expect(model.output).toEqual([3]);
  });
});

describe('initializers', () => {
  const fans = { in: 50, out: 200 };
  it.each<[string, initializers.Initializer, number, number | undefined]>([
    ['glorotUniform', initializers.glorotUniform(), 2 / 250, Math.sqrt(6 / 250)],
    ['glorotNormal', initializers.glorotNormal(), 2 / 250, undefined],
    ['heUniform', initializers.heUniform(), 2 / 50, Math.sqrt(6 / 50)],
    ['heNormal', initializers.heNormal(), 2 / 50, undefined],
    ['lecunUniform', initializers.lecunUniform(), 1 / 50, Math.sqrt(3 / 50)],
    ['lecunNormal', initializers.lecunNormal(), 1 / 50, undefined],
    ['fanInUniform', initializers.fanInUniform(), 1 / 150, Math.sqrt(1 / 50)],
    ['uniform', initializers.uniform({ from: -1, to: 1 }), 1 / 3, 1],
    ['normal', initializers.normal({ deviation: 3 }), 9, undefined],
  ])('%s has its variance and its bound', (_, initializer, variance, bound) => {
    const engine = makeEngine('simd');
    const list = [...engine.parameter([fans.out, fans.in], initializer).read()];
    const mean = list.reduce((a, b) => a + b, 0) / list.length;
    const found = list.reduce((sum, x) => sum + x * x, 0) / list.length;
    const deviation = Math.sqrt(variance);
    // Four standard errors for 10,000 draws: of the mean σ/100, of the variance at most √2·σ²/100.
    expect(Math.abs(mean)).toBeLessThan(0.04 * deviation);
    expect(Math.abs(found / variance - 1)).toBeLessThan(0.06);
    const largest = Math.max(...list.map(Math.abs));
    if (bound !== undefined) {
      expect(largest).toBeLessThanOrEqual(Math.fround(bound));
      expect(largest).toBeGreaterThan(0.99 * bound);
    } else expect(largest).toBeGreaterThan(3 * deviation);
  });

  it('constants are constant, and another draw is another draw', () => {
    const engine = makeEngine('reference');
    expect([...engine.parameter([3], initializers.ones()).read()]).toEqual([1, 1, 1]);
    expect([...engine.parameter([2], initializers.zeros()).read()]).toEqual([0, 0]);
    expect([...engine.parameter([2], initializers.constant(-0.5)).read()]).toEqual([-0.5, -0.5]);
    const [a, b] = [0, 1].map(() => [...engine.parameter([4], initializers.heNormal()).read()]);
    expect(a).not.toEqual(b);
  });

  it('know the fans of PyTorch’s weights', () => {
    expect(initializers.fansOf([10, 784])).toEqual({ in: 784, out: 10 });
    expect(initializers.fansOf([8, 3, 5, 5])).toEqual({ in: 75, out: 200 });
    expect(initializers.fansOf([7])).toEqual({ in: 7, out: 7 });
  });
});

// What users give by mistake to engines, tensors and optimizers: each a clear error that says what to do, and nothing is left in memory.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../ts/engine.ts';
import { adam, sgd } from '../../ts/optimizers/index.ts';
import type { Optimizer } from '../../ts/optimizers/optimizer.ts';
import type { Parameter } from '../../ts/tensor/parameter.ts';
import type { Tensor } from '../../ts/tensor/tensor.ts';
import { errorOf, makeEngine } from '../optimizers/support.ts';

/** A wrong argument, as a user without types can give it. */
const bad = (value: unknown): never => value as never;

interface Made {
  readonly engine: Engine;
  readonly x: Tensor;
  readonly w: Parameter;
  readonly own: Optimizer<Float32Array>;
}

let made: Made;
beforeAll(() => {
  const engine = makeEngine('simd');
  const own = engine.optimizer(adam(), Float32Array.of(1, 2));
  made = {
    engine,
    x: engine.tensor([
      [1, 2],
      [3, 4],
    ]),
    w: engine.parameter([2], [1, 2], { name: 'w' }),
    own,
  };
});
afterAll(() => made.engine.dispose());

const cases: readonly [string, (m: Made) => unknown, string, RegExp][] = [
  [
    'a list of numbers to move',
    ({ engine }) => engine.optimizer(adam(), bad([1, 2])),
    'option',
    /target must be parameters, a model, an engine array or a Float32Array: got a list of numbers; .*Float32Array.from/,
  ],
  [
    'a hole in a list of parameters',
    ({ engine, w }) => engine.optimizer(adam(), bad([w, undefined])),
    'option',
    /parameters only: got undefined/,
  ],
  ['lr −1', () => adam({ lr: -1 }), 'option', /^adam: lr must be a finite number ≥ 0: got -1$/],
  [
    'learningRate',
    () => adam(bad({ learningRate: 1 })),
    'option',
    /unknown option "?learningRate"?; did you mean lr\?/,
  ],
  ['epsilon', () => adam(bad({ epsilon: 1 })), 'option', /did you mean eps\?/],
  [
    'numbers added to a tensor',
    ({ x }) => x.add(bad([1, 2])),
    'option',
    /^add needs a tensor: got .*; make it one with engine.tensor\(…\)$/,
  ],
  [
    'a typed array as a target',
    ({ x }) => x.crossEntropy(bad(new Int32Array(2))),
    'option',
    /make it one with engine.tensor/,
  ],
  ['no target', ({ x }) => x.crossEntropy(bad(undefined)), 'option', /crossEntropy needs a tensor: got undefined/],
  ['axes one by one', ({ x }) => x.transpose(bad(0)), 'shape', /transpose needs a list of 2 numbers as axes/],
  ['a slice of numbers', ({ x }) => x.slice(bad(0), bad(1)), 'shape', /slice needs a list of 2 numbers as start/],
  ['a pad of nothing', ({ x }) => x.pad([0, 0], bad(undefined)), 'shape', /pad needs a list of 2 numbers as after/],
  ['a pad with text', ({ x }) => x.pad([0, 0], [1, 1], bad('1')), 'option', /pad: value must be a number: got "1"/],
  ['an axis as text', ({ x }) => x.sum(bad('0')), 'shape', /sum needs an axis/],
  ['an axis null', ({ x }) => x.max(bad(null)), 'shape', /max needs an axis/],
  ['an axis 1n', ({ x }) => x.softmax(bad(1n)), 'shape', /softmax needs an axis/],
  [
    'keepdims',
    ({ x }) => x.mean(0, bad({ keepdims: true })),
    'option',
    /mean: unknown option .*did you mean keepDims\?/,
  ],
  ['options null', ({ x }) => x.variance(0, bad(null)), 'option', /variance: options must be an object/],
  [
    'a misspelt reduction',
    ({ x }) => x.meanSquaredError(x, bad({ reduce: 'sum' })),
    'option',
    /meanSquaredError: unknown option/,
  ],
  ['a stack with numbers', ({ x }) => x.stack(bad([[1, 2]])), 'option', /stack needs a tensor/],
  ['clamp with 1n', ({ x }) => x.clamp(0, bad(1n)), 'option', /clamp: high must be a number/],
  [
    'a dtype that there is not',
    ({ engine }) => engine.tensor([1], { dtype: bad('f64') }),
    'option',
    /dtype must be 'f32', 'i32' or 'u8': got "f64"/,
  ],
  [
    'a misspelt option of tensor',
    ({ engine }) => engine.tensor([1], bad({ dtyp: 'i32' })),
    'option',
    /did you mean dtype\?/,
  ],
  [
    'a parameter of null',
    ({ engine }) => engine.parameter([1], bad(null)),
    'data',
    /parameter must be a number|parameter/,
  ],
  [
    'a name that is no text',
    ({ engine }) => engine.parameter([1], [1], { name: bad(5) }),
    'option',
    /name must be text/,
  ],
  [
    'a scope without a function',
    ({ engine }) => engine.scope(bad(5)),
    'option',
    /engine.scope needs a function: got 5/,
  ],
  [
    'compile without a function',
    ({ engine }) => engine.compile(bad(undefined)),
    'option',
    /engine.compile needs a function/,
  ],
  [
    'compile of what gives numbers',
    ({ engine }) => engine.compile(() => bad([1, 2]))(),
    'compile',
    /must return a tensor/,
  ],
  ['run without a number', ({ engine, x }) => engine.compile(() => x.relu()).run(bad(1n)), 'option', /whole number/],
  [
    'run with no function',
    ({ engine, x }) => engine.compile(() => x.relu()).run(1, bad(5)),
    'option',
    /needs a function/,
  ],
  [
    'trainable as text',
    ({ w }) => {
      w.trainable = bad('no');
    },
    'option',
    /trainable must be true or false/,
  ],
  ['a tensor set to a number', ({ x }) => x.set(bad(5)), 'data', /set\(\) on tensor needs an array of numbers: got 5/],
  ['an array set to nothing', ({ engine }) => engine.array(2).set(bad(undefined)), 'data', /needs an array of numbers/],
  ['an array set from 1n on', ({ engine }) => engine.array(2).set([1], bad(1n)), 'data', /from 1n? on/],
  [
    'gather of a number',
    ({ own }) => own.gather(bad(5)),
    'option',
    /gather\(\) of adam needs a list of indices: got 5/,
  ],
  ['gather of an object', ({ own }) => own.gather(bad({})), 'option', /needs a list of indices/],
  ['set of nothing', ({ own }) => own.set(bad(null)), 'option', /adam: options must be an object/],
  [
    'misspelt groups',
    ({ engine }) => engine.optimizer(sgd(), new Float32Array(2), bad({ group: [] })),
    'option',
    /did you mean groups\?/,
  ],
  [
    'two views of the same numbers',
    ({ engine }) => {
      const a = new Float32Array(4);
      engine.optimizer(sgd(), [a.subarray(0, 3), a.subarray(2)]);
    },
    'option',
    /arrays that do not overlap/,
  ],
  [
    'no state',
    ({ own }) => own.restore(bad(undefined)),
    'file',
    /must have name, step, options, groups and slots: got undefined/,
  ],
  [
    'a state without slots',
    ({ own }) => own.restore(bad({ ...own.state(), slots: null })),
    'file',
    /slots must have arrays by name/,
  ],
  [
    'a state with other slots',
    ({ own }) => own.restore(bad({ ...own.state(), slots: [5] })),
    'file',
    /slots\[0\] must have/,
  ],
  [
    'a state without groups',
    ({ own }) => own.restore(bad({ ...own.state(), groups: undefined })),
    'file',
    /groups must have 1/,
  ],
  [
    'a state with other groups',
    ({ own }) => own.restore(bad({ ...own.state(), groups: 'a' })),
    'file',
    /groups must have 1/,
  ],
];

describe('a wrong argument', () => {
  it.each(cases)('%s', (_, use, code, message) => {
    const error = errorOf(() => use(made));
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
  });

  it('leaves nothing behind', () => {
    const engine = makeEngine('simd', { limit: 32 * 65_536 });
    const { live } = engine.memory;
    // Room for the copy of the parameters, not for the gradient.
    expect(errorOf(() => engine.optimizer(sgd(), new Float32Array(180_000))).code).toBe('memory');
    expect(engine.memory.live).toBe(live);
  });
});

describe('clamp', () => {
  it('passes the gradient at its bounds and between, as PyTorch does', () => {
    const engine = makeEngine('simd');
    const w = engine.parameter([7], [-3, -2, -1, 0, 1, 2, Number.NaN]);
    engine.scope(() => {
      const y = w.clamp(-2, 1);
      expect([...y.read()]).toEqual([-2, -2, -1, 0, 1, 1, Number.NaN]);
      y.mul(engine.tensor([1, 2, 3, 4, 5, 6, 7]))
        .sum()
        .backward();
      expect([...w.gradient.read()]).toEqual([0, 2, 3, 4, 5, 0, 0]);
    });
  });
});

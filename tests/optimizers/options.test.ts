// Bad input, by table: each mistake gets one error that names the option or argument, what is right, and what was given.

import { describe, expect, it } from 'vitest';
import {
  adadelta,
  adagrad,
  adam,
  adamw,
  nadam,
  type OptimizerDescription,
  rmsprop,
  sgd,
} from '../../ts/optimizers/index.ts';
import { errorLine, makeEngine } from './support.ts';

/** What JavaScript, or a file, may bring, which the types would refuse. */
const loose = (name: string, options: unknown): OptimizerDescription =>
  ({ kind: 'optimizer', name, options }) as unknown as OptimizerDescription;

describe('options', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['lr −1', () => adam({ lr: -1 }), /^option \| adam\.lr \| adam: lr must be a finite number ≥ 0.*: got -1$/],
    ['lr NaN', () => sgd({ lr: Number.NaN }), /^option \| sgd\.lr \| .*got NaN$/],
    ['lr ∞', () => sgd({ lr: Number.POSITIVE_INFINITY }), /^option \| sgd\.lr \| .*got Infinity$/],
    ['lr beyond f32', () => sgd({ lr: 1e39 }), /^option \| sgd\.lr \| .*got 1e\+39$/],
    ['β₁ = 1', () => adamw({ betas: [1, 0.9] }), /^option \| adamw\.betas \| .*≥ 0 and < 1.*got \[1, 0\.9\]$/],
    ['β₂ NaN', () => nadam({ betas: [0.9, Number.NaN] }), /^option \| nadam\.betas \| .*got \[0\.9, NaN\]$/],
    ['eps −1', () => rmsprop({ eps: -1 }), /^option \| rmsprop\.eps \|/],
    ['alpha 2', () => rmsprop({ alpha: 2 }), /^option \| rmsprop\.alpha \| .*≥ 0 and ≤ 1: got 2$/],
    ['rho −0.1', () => adadelta({ rho: -0.1 }), /^option \| adadelta\.rho \|/],
    ['lrDecay −1', () => adagrad({ lrDecay: -1 }), /^option \| adagrad\.lrDecay \|/],
    [
      'Nesterov without momentum',
      () => sgd({ nesterov: true }),
      /^option \| sgd \| sgd: nesterov needs momentum > 0 and dampening 0: got momentum 0/,
    ],
    [
      'Nesterov with dampening',
      () => sgd({ nesterov: true, momentum: 0.9, dampening: 0.1 }),
      /got momentum 0\.9 and dampening 0\.1$/,
    ],
  ])('%s', (_, run, message) => {
    expect(errorLine(run)).toMatch(message);
  });

  it.each<[string, unknown, RegExp]>([
    ['a string', { lr: '0.1' }, /^option \| adam\.lr \| .*got "0\.1"$/],
    ['a misspelt name', { learningRate: 0.1 }, /^option \| adam\.learningRate \| .*unknown option "learningRate".*lr/],
    ['a near name', { beta: [0.9, 0.9] }, /did you mean betas\?/],
    ['PyTorch’s name', { weight_decay: 0.1 }, /did you mean weightDecay\?/],
    ['one beta', { betas: 0.9 }, /^option \| adam\.betas \| .*pair.*got 0\.9$/],
    ['three betas', { betas: [0.9, 0.9, 0.9] }, /^option \| adam\.betas \|/],
    ['a number for a switch', { maximize: 1 }, /^option \| adam\.maximize \| .*true or false: got 1$/],
    ['options that are no object', 3, /^option \| adam \| .*must be an object: got 3$/],
    ['null', null, /^option \| adam \| .*must be an object: got null$/],
  ])('%s, in the factory and in a description from elsewhere', (_, options, message) => {
    const factory: (options: never) => unknown = adam;
    expect(errorLine(() => factory(options as never))).toMatch(message);
    const engine = makeEngine('simd');
    expect(errorLine(() => engine.optimizer(loose('adam', options), new Float32Array(3)))).toMatch(message);
    engine.dispose();
  });

  it('every option of every rule refuses what is out of its bounds, and takes its default', () => {
    for (const { rule } of [adadelta, adagrad, adam, adamw, nadam, rmsprop, sgd]) {
      for (const [name, spec] of Object.entries(rule.options)) {
        const path = new RegExp(`^option \\| ${rule.name}\\.${name} \\|`);
        const engine = makeEngine('reference');
        const make = (value: unknown) => () =>
          engine.optimizer(loose(rule.name, { [name]: value }), new Float32Array(1));
        for (const value of ['x', Number.NaN, {}, -1e-9, spec.type === 'boolean' ? 0 : true])
          expect(errorLine(make(value))).toMatch(path);
        expect(make(spec.default)).not.toThrow();
        expect(spec.text.length).toBeGreaterThan(5);
        engine.dispose();
      }
    }
  });

  it.each<[string, unknown, RegExp]>([
    ['the factory itself', adam, /^option \| optimizer \| .*such as adam\(.*got function make; call it$/],
    ['a name', 'adam', /^option \| optimizer \| .*got "adam"$/],
    ['nothing', undefined, /^option \| optimizer \| .*got undefined$/],
    ['another kind', { kind: 'dense' }, /^option \| optimizer \|/],
    [
      'an unknown rule',
      { kind: 'optimizer', name: 'adan', options: {} },
      /^option \| optimizer\.name \| .*unknown optimizer "adan"; did you mean adam\?/,
    ],
  ])('%s is no description', (_, description, message) => {
    const engine = makeEngine('reference');
    expect(errorLine(() => engine.optimizer(description as OptimizerDescription, new Float32Array(1)))).toMatch(
      message,
    );
    engine.dispose();
  });
});

describe('targets and gradients', () => {
  const engine = makeEngine('simd');
  const other = makeEngine('simd');
  const theta = engine.array(10);
  const p = engine.parameter([2], undefined, { name: 'w' });
  const make = (target: unknown, options = {}) => engine.optimizer(adam(), target as Float32Array, options);

  it.each<[string, () => unknown, RegExp]>([
    ['a list of numbers', () => make([1, 2, 3]), /Float32Array\.from\(values\)/],
    ['a Float64Array', () => make(new Float64Array(3)), /^option \| target \| .*Float32Array\.from\(values\)/],
    ['nothing', () => make(undefined), /^option \| target \| .*got undefined/],
    ['an empty list', () => make([]), /^option \| target \| .*at least one parameter/],
    ['a tensor', () => make(engine.tensor([1])), /^option \| target \|/],
    ['a tensor in a list', () => make([engine.tensor([1])]), /engine\.parameter\(\)/],
    ['engine arrays in a list', () => make([theta]), /^option \| target \| .*to itself/],
    ['a view of an engine array', () => make(theta.array), /^option \| target \| .*the engine array itself/],
    ['a parameter twice', () => make([p, p]), /^option \| target \| .*once: got w twice/],
    [
      'a parameter in two groups',
      () => make([{ parameters: p }, { parameters: [p] }]),
      /^option \| groups\[1\]\.parameters \| .*w twice/,
    ],
    ['another engine’s parameter', () => make(other.parameter([1])), /^option \| target \| .*same engine/],
    ['another engine’s array', () => make(other.array(1)), /^option \| target \| .*same engine/],
    ['a bad option of a group', () => make([{ parameters: p, lr: -1 }]), /^option \| adam\.lr \|/],
    [
      'an unknown option of the second group',
      () => make([{ parameters: p }, { parameters: engine.parameter([1]), rate: 1 }]),
      /^option \| adam\.groups\[1\]\.rate \|/,
    ],
    [
      'ranges for parameters',
      () => make([p], { groups: [{ range: [0, 1] }] }),
      /^option \| groups \| .*\[\{ parameters/,
    ],
    [
      'a range beyond the end',
      () => make(theta, { groups: [{ range: [5, 11] }] }),
      /^option \| groups\[0\]\.range \| .*≤ 10: got \[5, 11\]/,
    ],
    ['an empty range', () => make(theta, { groups: [{ range: [5, 5] }] }), /^option \| groups\[0\]\.range \|/],
    ['half a range', () => make(theta, { groups: [{ range: [5] }] }), /^option \| groups\[0\]\.range \|/],
    [
      'ranges that overlap',
      () => make(theta, { groups: [{ range: [4, 8] }, { range: [0, 5] }] }),
      /^option \| groups \| .*overlap: got element 4 in two/,
    ],
    ['no list of groups', () => make(theta, { groups: { range: [0, 1] } }), /^option \| groups \|/],
  ])('%s', (_, run, message) => {
    const live = engine.memory.live;
    expect(errorLine(run)).toMatch(message);
    expect(engine.memory.live - live).toBeLessThanOrEqual(128); // what the table itself made
  });

  const own = make(new Float32Array(3));
  const onArray = engine.optimizer(adam(), theta);
  const onParameter = engine.optimizer(adam(), p);
  const step = (optimizer: { step(gradient?: never): void }, gradient?: unknown) => () =>
    optimizer.step(gradient as never);
  const two = engine.optimizer(adam(), [new Float32Array(1), new Float32Array(2)]);

  it.each<[string, () => unknown, RegExp]>([
    ['no gradient', step(own), /^data \| gradient \| .*needs the gradient as a Float32Array: got undefined/],
    ['a list of numbers', step(own, [1, 2, 3]), /^data \| gradient \| .*Float32Array\.from\(values\)/],
    ['a Float64Array', step(own, new Float64Array(3)), /^data \| gradient \| .*Float32Array\.from\(values\)/],
    ['a wrong length', step(own, new Float32Array(4)), /^data \| gradient \| .*must have 3 elements: got 4/],
    ['one for two', step(two, new Float32Array(1)), /^data \| gradient \| .*a list of 2 Float32Arrays/],
    [
      'two of which one is too long',
      step(two, [new Float32Array(1), new Float32Array(3)]),
      /gradient 1 must have 2 elements: got 3/,
    ],
    [
      'a wrong length for an engine array',
      step(onArray, new Float32Array(9)),
      /^data \| gradient \| .*10 elements: got 9/,
    ],
    ['one for parameters', step(onParameter, new Float32Array(2)), /^data \| gradient \| .*parameters have their own/],
    ['gradient of own arrays', () => own.gradient, /^state \| .*give it to step\(gradient\)/],
    ['gradient of parameters', () => onParameter.gradient, /^state \| .*backward\(\)/],
    ['stepCount −1', () => Object.assign(own, { stepCount: -1 }), /^option \| adam\.stepCount \|/],
    ['lr −1 later', () => Object.assign(own, { lr: -1 }), /^option \| adam\.lr \|/],
    ['an unknown option later', () => own.set({ momentum: 0.9 }), /^option \| adam\.momentum \|/],
    ['gather out of range', () => onArray.gather([0, 10]), /^option \| indices\[1\] \| .*0 to 9: indices\[1\] is 10/],
    ['gather of halves', () => onArray.gather([0.5]), /^option \| indices\[0\] \|/],
    ['gather of parameters', () => (onParameter as unknown as typeof onArray).gather([0]), /^state \|/],
  ])('%s', (_, run, message) => {
    expect(errorLine(run)).toMatch(message);
    expect([own.stepCount, own.lr, theta.length]).toEqual([0, 1e-3, 10]);
  });

  it('an own array that was transferred is named', () => {
    const array = new Float32Array(3);
    const optimizer = engine.optimizer(sgd(), array);
    structuredClone(array, { transfer: [array.buffer] });
    expect(errorLine(() => optimizer.step(new Float32Array(3)))).toMatch(
      /^data \| gradient \| .*3 elements: got 0 \(was it transferred/,
    );
  });

  it.each<[string, unknown]>([
    ['a negative length', -1],
    ['half an element', 1.5],
    ['a list', [1, 2]],
    ['a Float64Array', new Float64Array(2)],
  ])('engine.array of %s', (_, values) => {
    expect(errorLine(() => engine.array(values as number))).toMatch(/^option \| array \|/);
  });

  it('engine arrays are used within their bounds', () => {
    expect(errorLine(() => theta.set(new Float32Array(11)))).toMatch(/^data \| values \|/);
    expect(errorLine(() => theta.set([1, 2], 9))).toMatch(/^data \| values \| .*2 values from 9 on/);
    expect([...theta.set([1, 2], 8).read()].slice(7)).toEqual([0, 1, 2]);
  });
});

// What backward() writes: overwritten or added, zero where the loss does not reach, nothing for what is frozen, and a tape that ends with its scope.

import { describe, expect, it } from 'vitest';
import { Engine } from '../../ts/engine.ts';
import { DownhillError, sgd, Tensor } from '../../ts/index.ts';
import * as ops from '../../ts/tensor/ops/index.ts';
import { makeMachine } from '../support/machines.ts';

describe.each(['simd', 'reference'] as const)('backward on %s', (name) => {
  const make = () => {
    const engine = new Engine(makeMachine(name), { machine: name, refused: [] }, 1);
    const a = engine.parameter([3], [1, 2, 3], { name: 'a' });
    const b = engine.parameter([3], [4, 5, 6], { name: 'b' });
    return { engine, a, b };
  };
  const values = (tensor: Tensor): number[] => [...tensor.read()];

  it('overwrites, and adds with accumulate', () => {
    const { engine, a, b } = make();
    engine.scope(() => a.mul(b).sum().backward());
    expect([values(a.gradient), values(b.gradient)]).toEqual([
      [4, 5, 6],
      [1, 2, 3],
    ]);
    engine.scope(() => a.mul(b).sum().backward());
    expect(values(a.gradient)).toEqual([4, 5, 6]);
    engine.scope(() => a.mul(b).sum().backward({ accumulate: true }));
    expect(values(a.gradient)).toEqual([8, 10, 12]);
  });

  it('adds the ways to a tensor that is used more than once, also through a view', () => {
    const { engine, a } = make();
    engine.scope(() => {
      const twice = a.mul(2);
      twice
        .add(twice)
        .add(twice.reshape([1, 3]).reshape([3]))
        .add(a)
        .sum()
        .backward();
    });
    expect(values(a.gradient)).toEqual([7, 7, 7]); // d/da (2a + 2a + 2a + a)
  });

  it('adds what two operations send to the tensor between them', () => {
    const { engine, a } = make();
    engine.scope(() => {
      const h = a.mul(2);
      h.square().add(h.mul(h)).sum().backward();
    });
    expect(values(a.gradient)).toEqual([16, 32, 48]); // d/da 2·(2a)² = 16a
  });

  it('gives zero to a trainable parameter that the loss does not reach', () => {
    const { engine, a, b } = make();
    const optimizer = engine.optimizer(sgd({ lr: 1 }), [a, b]);
    engine.scope(() => a.mul(b).sum().backward());
    optimizer.step();
    engine.scope(() => a.sum().backward());
    expect(values(b.gradient)).toEqual([0, 0, 0]);
  });

  it('leaves alone what another loss has reached since the last step', () => {
    const { engine, a, b } = make();
    engine.scope(() => a.square().sum().backward());
    engine.scope(() => b.square().sum().backward());
    expect([values(a.gradient), values(b.gradient)]).toEqual([
      [2, 4, 6],
      [8, 10, 12],
    ]);
  });

  it('writes nothing for a frozen parameter and passes through to others', () => {
    const { engine, a, b } = make();
    b.trainable = false;
    engine.scope(() => a.mul(b).sum().backward());
    expect([values(a.gradient), values(b.gradient)]).toEqual([
      [4, 5, 6],
      [0, 0, 0],
    ]);
  });

  it('does not flow through detach()', () => {
    const { engine, a } = make();
    engine.scope(() => a.detach().mul(a).sum().backward());
    expect(values(a.gradient)).toEqual([1, 2, 3]);
  });

  it('goes through a long chain without recursion', () => {
    const { engine, a } = make();
    engine.scope(() => {
      let x: Tensor = a;
      for (let i = 0; i < 20_000; i++) x = x.add(0);
      x.sum().backward();
    });
    expect(values(a.gradient)).toEqual([1, 1, 1]);
  });

  it.each([
    ['outside a scope', (a: Tensor) => a.sum().backward(), /needs a scope/],
    [
      'of more than one number',
      (a: Tensor) => a.mul(2).backward(),
      /one element: mul has shape \[3\]; take mean\(\) or sum\(\)/,
    ],
    ['of a constant', (a: Tensor) => a.detach().sum().backward(), /does not depend on any trainable parameter/],
  ])('%s is refused', (where, run, message) => {
    const { engine, a } = make();
    const call = where.startsWith('outside') ? () => run(a) : () => engine.scope(() => run(a));
    expect(call).toThrow(DownhillError);
    expect(call).toThrow(message);
  });
});

it('every operation of the list is a method of Tensor', () => {
  new Engine(makeMachine('reference'), { machine: 'reference', refused: [] }, 1);
  for (const op of Object.keys(ops)) expect(Tensor.prototype).toHaveProperty(op);
});

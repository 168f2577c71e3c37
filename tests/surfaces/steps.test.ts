// A trace step by step, as a page uses it: options and noise on the way, other starts, beside other work on the same engine, and what it leaves
// behind, also when it was given what it cannot use.

import { describe, expect, it } from 'vitest';
import { adagrad, adam, sgd } from '../../ts/optimizers/index.ts';
import { createTrace, type Point, surfaces, trace } from '../../ts/surfaces/index.ts';
import { bits, errorLine, machineNames, makeEngine } from '../optimizers/support.ts';
import { pointsIn } from './support.ts';

/** A wrong argument, as a user without types can give it. */
const bad = (value: unknown): never => value as never;

const two: readonly Point[] = [
  [0, 0],
  [-5, 5],
];

describe.each(machineNames)('on %s', (machine) => {
  it('step(n) is n steps, and the sum of its steps is the whole path', () => {
    const engine = makeEngine(machine, { tight: true });
    const { points, losses } = trace(engine, adam({ lr: 0.1 }), 'himmelblau', two, 10);
    const one = createTrace(engine, adam({ lr: 0.1 }), 'himmelblau', two);
    let at = 0;
    for (const n of [0, 1, 2, 3, 4]) {
      one.step(n);
      at += n;
      expect(one.stepCount).toBe(at);
      expect(bits(one.positions)).toEqual(bits(points.subarray(4 * at, 4 * at + 4)));
      expect(bits(one.losses)).toEqual(bits(losses.subarray(2 * at, 2 * at + 2)));
    }
    one.step();
    expect(one.stepCount).toBe(11);
    expect([one.starts, one.surface]).toEqual([2, surfaces.himmelblau]);
  });

  it('positions and heights are copies', () => {
    const one = createTrace(makeEngine(machine), sgd({ lr: 0.01 }), 'booth', [0, 0]);
    const [before, height] = [one.positions, one.losses];
    one.step();
    expect([...before, ...height]).toEqual([0, 0, 74]);
    expect(one.positions).not.toEqual(before);
    one.positions.fill(7);
    expect(one.positions).not.toContain(7);
  });

  it('options set on the way act on the next step, and stay when it begins again', () => {
    const one = createTrace(makeEngine(machine), sgd({ lr: 0.01 }), 'booth', [0, 0]);
    one.step(3);
    const before = one.positions;
    one.set({ lr: 0 });
    one.step(3);
    expect(one.positions).toEqual(before);
    one.set({ momentum: 0.5 });
    one.set({ lr: 0.02 });
    expect(one.optimizer).toEqual(sgd({ lr: 0.02, momentum: 0.5 }));
    one.reset();
    one.step(4);
    const { points } = trace(makeEngine(machine), sgd({ lr: 0.02, momentum: 0.5 }), 'booth', [0, 0], 4);
    expect(bits(one.positions)).toEqual(bits(points.subarray(-2)));
    expect(errorLine(() => one.set({ lr: -1 }))).toMatch(/^option .*lr must be .*got -1/);
    expect(one.optimizer).toEqual(sgd({ lr: 0.02, momentum: 0.5 }));
  });

  it('what was given stays as it was, and what becomes of it later is no matter', () => {
    const [given, starts] = [adam({ lr: 0.1 }), Float32Array.of(1, 2)];
    const one = createTrace(makeEngine(machine), given, 'booth', starts);
    one.set({ lr: 0.2 });
    one.step();
    expect(given).toEqual(adam({ lr: 0.1 }));
    expect([...starts]).toEqual([1, 2]);
    starts.fill(5);
    one.reset();
    expect([...one.positions]).toEqual([1, 2]);
  });

  it.each([sgd({ lr: 1e-3, momentum: 0.9 }), adagrad({ lr: 0.3 }), adam({ lr: 0.1 })])(
    'begins again as if nothing had been: $name',
    (description) => {
      const engine = makeEngine(machine);
      const options = { noise: 0.2, seed: 9 };
      const fresh = (starts: readonly Point[]): number[] =>
        bits(trace(engine, description, 'himmelblau', starts, 6, options).points.subarray(-2 * starts.length));
      const one = createTrace(engine, description, 'himmelblau', two, options);
      const others: readonly (readonly Point[])[] = [
        [
          [1, 1],
          [2, -2],
        ],
        [[3, 3]],
        [
          [1, 0],
          [0, 1],
          [2, 2],
        ],
      ];
      for (const starts of [two, ...others, two]) {
        one.reset(starts);
        expect([one.stepCount, one.starts]).toEqual([0, starts.length]);
        expect([...one.positions]).toEqual(starts.flat());
        one.step(6);
        expect(bits(one.positions)).toEqual(fresh(starts));
        one.reset();
        one.step(6);
        expect(bits(one.positions)).toEqual(fresh(starts));
      }
    },
  );

  it('noise can be turned on and off', () => {
    const engine = makeEngine(machine);
    const [noisy, still] = [0.5, 0].map((noise) => createTrace(engine, sgd({ lr: 0.01 }), 'booth', two, { noise }));
    noisy.noise = 0;
    still.step();
    noisy.step();
    expect(bits(noisy.positions)).toEqual(bits(still.positions));
    noisy.noise = 0.5;
    noisy.step();
    still.step();
    expect(bits(noisy.positions)).not.toEqual(bits(still.positions));
    expect(noisy.noise).toBe(0.5);
  });

  it('goes on beside other work on its engine, and leaves that alone', () => {
    const engine = makeEngine(machine);
    const w = engine.parameter([3], [1, 2, 3]);
    const kept = engine.parameter([2], [1, 1]);
    const optimizer = engine.optimizer(sgd({ lr: 0.1 }), w);
    const fit = engine.compile(() => {
      const loss = w.square().sum();
      loss.backward();
      optimizer.step();
      return loss;
    });
    const one = engine.scope(() => createTrace(engine, adam({ lr: 0.1 }), 'beale', [1, 1], { noise: 0.1 }));
    kept.gradient.set([5, 6]);
    engine.scope(() => one.step(3));
    const other = createTrace(engine, sgd(), 'saddle', two);
    one.step(3);
    other.step();
    expect([...kept.gradient.read()]).toEqual([5, 6]);
    for (let i = 0; i < 4; i++) {
      fit();
      one.step(1);
      if (i === 1) other.dispose();
    }
    const { points } = trace(makeEngine(machine), adam({ lr: 0.1 }), 'beale', [1, 1], 10, { noise: 0.1 });
    expect(bits(one.positions)).toEqual(bits(points.subarray(-2)));
    expect(w.read()[0]).toBeCloseTo(0.8 ** 4, 6);
  });

  it('gives all memory back', () => {
    const engine = makeEngine(machine);
    const before = engine.memory.live;
    trace(engine, adam(), 'ackley', pointsIn(surfaces.ackley, 100, 1), 5, { noise: 1 });
    expect(engine.memory.live).toBe(before);
    const one = createTrace(engine, adam(), 'ackley', two);
    one.step(5);
    const made = engine.memory.live;
    for (const starts of [two, [[1, 1]] as const, two, undefined, two]) {
      one.reset(starts);
      one.step(5);
    }
    expect(engine.memory.live).toBe(made);
    one.dispose();
    one.dispose();
    expect(engine.memory.live).toBe(before);
  });
});

describe('what cannot be used', () => {
  const cases: readonly [string, (engine: ReturnType<typeof makeEngine>) => unknown, RegExp][] = [
    [
      'an unknown surface',
      (e) => trace(e, sgd(), bad('rosenbrok'), [0, 0], 1),
      /^option \| surface \| trace: .*did you mean rosenbrock\?/,
    ],
    [
      'no surface',
      (e) => createTrace(e, sgd(), bad(undefined), [0, 0]),
      /^option \| surface \| createTrace: .*got undefined/,
    ],
    [
      'a maker of surfaces',
      (e) =>
        createTrace(
          e,
          sgd(),
          bad(() => 0),
          [0, 0],
        ),
      /^option \| surface .*call it/,
    ],
    [
      'a name of every object',
      (e) => createTrace(e, sgd(), bad('toString'), [0, 0]),
      /^option \| surface .*unknown surface/,
    ],
    [
      'an unknown optimizer',
      (e) => trace(e, bad({ kind: 'optimizer', name: 'adan2', options: {} }), 'booth', [0, 0], 1),
      /^option \| optimizer.name .*adan2/,
    ],
    ['an optimizer’s name', (e) => trace(e, bad('adam'), 'booth', [0, 0], 1), /^option \| optimizer .*"adam"/],
    [
      'a bad option',
      (e) => trace(e, bad({ kind: 'optimizer', name: 'adam', options: { lr: -1 } }), 'booth', [0, 0], 1),
      /^option .*lr must be/,
    ],
    ['no engine', () => trace(bad({}), sgd(), 'booth', [0, 0], 1), /^option \| engine \| trace: .*createEngine/],
    ['no starts', (e) => trace(e, sgd(), 'booth', [], 1), /^data \| starts \| trace: starts must be/],
    ['one number', (e) => trace(e, sgd(), 'booth', bad([1]), 1), /^data \| starts .*got \[1\]/],
    ['three numbers', (e) => trace(e, sgd(), 'booth', bad([1, 2, 3]), 1), /^data \| starts .*got \[1, 2, 3\]/],
    ['half a start', (e) => trace(e, sgd(), 'booth', bad([[1, 2], [3]]), 1), /^data \| starts .*\[3\] as start 1/],
    ['an odd array', (e) => trace(e, sgd(), 'booth', new Float32Array(3), 1), /^data \| starts .*3 numbers/],
    ['an empty array', (e) => trace(e, sgd(), 'booth', new Float32Array(0), 1), /^data \| starts .*0 numbers/],
    ['doubles', (e) => trace(e, sgd(), 'booth', bad(new Float64Array(2)), 1), /^data \| starts .*Float32Array/],
    [
      'NaN',
      (e) =>
        trace(
          e,
          sgd(),
          'booth',
          [
            [0, 0],
            [0, Number.NaN],
          ],
          1,
        ),
      /^data \| starts .*NaN in start 1/,
    ],
    ['beyond f32', (e) => trace(e, sgd(), 'booth', [1e39, 0], 1), /^data \| starts .*Infinity in start 0/],
    ['half a step', (e) => trace(e, sgd(), 'booth', [0, 0], 1.5), /^option \| steps \| trace: .*got 1.5/],
    ['no step kept', (e) => trace(e, sgd(), 'booth', [0, 0], 1, { every: 0 }), /^option \| every .*≥ 1/],
    ['negative noise', (e) => trace(e, sgd(), 'booth', [0, 0], 1, { noise: -1 }), /^option \| noise .*≥ 0/],
    ['half a seed', (e) => createTrace(e, sgd(), 'booth', [0, 0], { seed: 0.5 }), /^option \| seed .*whole number/],
    [
      'a misspelt option',
      (e) => createTrace(e, sgd(), 'booth', [0, 0], bad({ nois: 1 })),
      /^option .*did you mean noise\?/,
    ],
    ['options that are none', (e) => trace(e, sgd(), 'booth', [0, 0], 1, bad(null)), /^option .*must be an object/],
    ['more rows than an array has', (e) => trace(e, sgd(), 'booth', [0, 0], 2 ** 52), /^memory \| steps .*every/],
  ];

  it.each(cases)('%s', (_, run, message) => {
    const engine = makeEngine('simd');
    const before = engine.memory.live;
    expect(errorLine(() => run(engine))).toMatch(message);
    expect(engine.memory.live).toBe(before);
  });

  it('calls of a trace', () => {
    const engine = makeEngine('simd');
    const one = createTrace(engine, sgd(), 'booth', two);
    expect(errorLine(() => one.step(-1))).toMatch(/^option \| n .*got -1/);
    expect(errorLine(() => one.step(bad('2')))).toMatch(/^option \| n /);
    expect(errorLine(() => one.reset(bad([[1]])))).toMatch(/^data \| starts \| reset: /);
    expect(errorLine(() => one.set(bad({ betas: [0, 0] })))).toMatch(/^option .*betas/);
    expect(errorLine(() => (one.noise = Number.NaN))).toMatch(/^option \| noise .*got NaN/);
    expect([...one.losses]).toEqual([74, 104]); // nothing is left to be computed before the next step
    for (const call of [() => one.step(), () => one.reset(), () => one.set({ lr: 1 }), () => void one.positions])
      expect(errorLine(() => engine.compile(call)())).toMatch(/^compile .*a trace inside/);
    expect([...one.positions, one.stepCount, one.noise]).toEqual([0, 0, -5, 5, 0, 0]);
    one.dispose();
    for (const call of [() => one.step(), () => one.positions, () => one.losses, () => one.reset(), () => one.set({})])
      expect(errorLine(call)).toMatch(/^disposed .*this trace/);
  });

  it('an engine that was disposed', () => {
    const engine = makeEngine('simd');
    const one = createTrace(engine, sgd(), 'booth', two);
    engine.dispose();
    expect(errorLine(() => one.step())).toMatch(/^disposed .*engine/);
    expect(errorLine(() => createTrace(engine, sgd(), 'booth', two))).toMatch(/^disposed .*engine/);
  });

  it('too many starts for the memory: nothing has changed', () => {
    const engine = makeEngine('simd', { limit: 2 ** 22 });
    const one = createTrace(engine, adam({ lr: 0.1 }), 'ackley', two);
    one.step(3);
    const [positions, live] = [one.positions, engine.memory.live];
    for (const n of [2_000, 90_000, 140_000, 250_000]) {
      const starts = pointsIn(surfaces.ackley, n, 1);
      let refused = false;
      try {
        createTrace(engine, adam(), 'ackley', starts).dispose();
      } catch {
        refused = true;
        expect(errorLine(() => one.reset(starts))).toMatch(/^memory /);
      }
      expect([n, refused]).toEqual([n, n > 2_000]);
      expect(engine.memory.live).toBe(live);
    }
    expect(bits(one.positions)).toEqual(bits(positions));
    expect(one.stepCount).toBe(3);
  });
});

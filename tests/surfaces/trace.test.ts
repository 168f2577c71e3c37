// Traces: paths have their shape and the numbers that can be worked out by hand, each start moves as if it were alone under every rule, both
// machines have the same bits, noise is noise, and a start that runs away takes no other with it.

import { afterEach, describe, expect, it } from 'vitest';
import { type OptimizerDescription, rmsprop, sgd } from '../../ts/optimizers/index.ts';
import { rules } from '../../ts/optimizers/rules.ts';
import { createTrace, type Point, type Starts, surfaces, trace } from '../../ts/surfaces/index.ts';
import { bits, machineNames, makeEngine } from '../optimizers/support.ts';
import { all, each, pointsIn } from './support.ts';

/** Every rule of the list with every set of options that is special about it. */
const descriptions: readonly (readonly [string, OptimizerDescription])[] = Object.values(rules).flatMap((rule) =>
  Object.entries(rule.variants).map(([variant, options]) => {
    const description: unknown = { kind: 'optimizer', name: rule.name, options };
    return [`${rule.name}, ${variant}`, description as OptimizerDescription] as const;
  }),
);

/** What start i of several did: its points, row by row. */
const rowsOf = (points: Float32Array, starts: number, i: number): Float32Array =>
  points.filter((_, k) => Math.floor(k / 2) % starts === i);

const five: readonly Point[] = [
  [-1.2, 1],
  [0.5, -0.5],
  [1, 1],
  [0, 0],
  [-0.7, 1.3],
];

/** The rules whose law a test has changed. */
const changed: (() => void)[] = [];
afterEach(() => {
  for (const restore of changed.splice(0)) restore();
});

/** Lets a rule say that elements do not move by themselves. */
function refuseElementwise(name: string): void {
  const rule = rules[name];
  const { laws } = rule;
  const put = (value: typeof laws): void => {
    Object.defineProperty(rule, 'laws', { value, configurable: true, enumerable: true, writable: true });
  };
  put({ ...laws, elementwise: false });
  changed.push(() => put(laws));
}

describe.each(machineNames)('on %s', (machine) => {
  it('paths begin at the starts, and heights are those of the points', () => {
    for (const [name, surface] of all) {
      const starts = pointsIn(surface, 7, 1);
      const { points, losses, ...shape } = trace(makeEngine(machine), sgd({ lr: 1e-4 }), name, starts, 3);
      expect(shape).toEqual({ rows: 4, starts: 7, every: 1 });
      expect([points.length, losses.length]).toEqual([4 * 7 * 2, 4 * 7]);
      expect(bits(points.subarray(0, 14))).toEqual(bits(starts));
      const engine = makeEngine(machine);
      expect(bits(losses)).toEqual(
        bits(
          engine.scope(() => surface.tensor.value(engine.tensor(points, { shape: [28, 2] })).read() as Float32Array),
        ),
      );
    }
  });

  it('gradient descent on the quadratic goes by powers of 1 − lr · curvature', () => {
    const { points } = trace(makeEngine(machine), sgd({ lr: 0.015 }), 'quadratic', [-1, 2], 40);
    for (let step = 0; step <= 40; step++) {
      expect(points[2 * step]).toBeCloseTo(-((1 - 0.015) ** step), 5);
      expect(points[2 * step + 1]).toBeCloseTo(2 * (1 - 1.5) ** step, 5);
    }
  });

  it('takes a start, a list of them, or flat numbers', () => {
    const engine = makeEngine(machine);
    const last = (starts: Starts): number[] => {
      const { points } = trace(engine, sgd({ lr: 0.01 }), surfaces.booth, starts, 2);
      return [...points.subarray(-2)];
    };
    expect(last([3, 4])).toEqual(
      last([
        [1, 1],
        [3, 4],
      ]),
    );
    expect(last([3, 4])).toEqual(last(Float32Array.of(1, 1, 3, 4)));
  });

  it('every k-th step is a part of the whole path', () => {
    const go = (steps: number, every?: number): ReturnType<typeof trace> =>
      trace(makeEngine(machine), rmsprop(), 'beale', five, steps, every === undefined ? {} : { every });
    const [whole, part] = [go(11), go(11, 4)];
    expect([part.rows, part.every]).toEqual([3, 4]);
    const rows = [0, 4, 8];
    expect([...part.points]).toEqual(rows.flatMap((row) => [...whole.points.subarray(row * 10, row * 10 + 10)]));
    expect([...part.losses]).toEqual(rows.flatMap((row) => [...whole.losses.subarray(row * 5, row * 5 + 5)]));
    expect(go(0).points).toHaveLength(10);
  });

  it.each(descriptions)('%s: many starts move as each does alone', (_, description) => {
    const engine = makeEngine(machine);
    const many = trace(engine, description, 'rosenbrock', five, 25);
    five.forEach((start, i) => {
      const alone = trace(engine, description, 'rosenbrock', start, 25);
      expect(bits(rowsOf(many.points, 5, i))).toEqual(bits(alone.points));
    });
    const moved = rowsOf(many.points, 5, 0);
    expect(bits(moved.subarray(-2))).not.toEqual(bits(moved.subarray(0, 2)));
  });

  it('a rule that looks at more than an element has an optimizer for each start', () => {
    const engine = makeEngine(machine);
    const options = { noise: 0.5, seed: 3 };
    const together = trace(engine, rmsprop(), 'himmelblau', five, 20, options);
    refuseElementwise('rmsprop');
    const apart = trace(engine, rmsprop(), 'himmelblau', five, 20, options);
    expect(bits(apart.points)).toEqual(bits(together.points));
    expect(bits(apart.losses)).toEqual(bits(together.losses));
  });

  it.each([true, false])('a start that runs away stops no other (elementwise: %s)', (elementwise) => {
    if (!elementwise) refuseElementwise('sgd');
    const engine = makeEngine(machine);
    const lr = 1e-3;
    const starts: readonly Point[] = [
      [0.5, 0.5],
      [90, -90],
      [-0.5, 1],
    ];
    const { points, losses } = trace(engine, sgd({ lr }), 'rosenbrock', starts, 60);
    expect([...points.subarray(60 * 6 + 2, 60 * 6 + 4), losses[60 * 3 + 1]]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    for (const i of [0, 2]) {
      const alone = trace(engine, sgd({ lr }), 'rosenbrock', starts[i], 60);
      expect(bits(rowsOf(points, 3, i))).toEqual(bits(alone.points));
      expect(losses[60 * 3 + i]).toBeLessThan(losses[i]);
    }
  });
});

it.each(descriptions)('%s: both machines have the same bits, with noise too', (_, description) => {
  for (const [name, surface] of all) {
    const starts = pointsIn(surface, 6, 5);
    const [a, b] = machineNames.map((machine) =>
      trace(makeEngine(machine), description, name, starts, 20, { noise: 0.1, seed: 2 ** 40 + 1 }),
    );
    expect(bits(a.points)).toEqual(bits(b.points));
    expect(bits(a.losses)).toEqual(bits(b.losses));
  }
});

describe('noise', () => {
  /** The noise itself: what it does to points that gradient descent would leave where they are, for each step. */
  function noiseOf(n: number, steps: number, options: { noise: number; seed?: number }): number[][] {
    const starts = new Float32Array(n * 2);
    const { points } = trace(makeEngine('simd'), sgd({ lr: 2 ** -20 }), 'saddle', starts, steps, options);
    return Array.from({ length: steps }, (_, step) =>
      Array.from({ length: n * 2 }, (_, i) => (points[step * 2 * n + i] - points[(step + 1) * 2 * n + i]) * 2 ** 20),
    );
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const product = (a: readonly number[], b: readonly number[]): number => mean(a.map((x, i) => x * b[i]));

  it('is Gaussian with the given deviation, and independent of start, component and step', () => {
    const n = 10_000;
    const [first, second] = noiseOf(n, 2, { noise: 3 });
    const [xs, ys] = [0, 1].map((part) => first.filter((_, i) => i % 2 === part));
    for (const values of [xs, ys, second]) {
      expect(Math.abs(mean(values))).toBeLessThan(5 * (3 / Math.sqrt(n)));
      expect(Math.abs(product(values, values) / 9 - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
      const within = mean(values.map((x) => (Math.abs(x) < 3 ? 1 : 0)));
      expect(Math.abs(within - 0.6827)).toBeLessThan(0.025);
    }
    for (const [a, b] of [
      [xs, ys],
      [first, second],
      [first.slice(2), second.slice(0, -2)],
      [xs, xs.slice(1).concat(0)],
    ])
      expect(Math.abs(product(a, b) / 9)).toBeLessThan(5 / Math.sqrt(n));
  });

  it('is a function of seed, step and place: of no other start, and of no optimizer', () => {
    const [many, few] = [noiseOf(9, 3, { noise: 1, seed: 4 }), noiseOf(2, 3, { noise: 1, seed: 4 })];
    expect(few).toEqual(many.map((row) => row.slice(0, 4)));
    expect(noiseOf(2, 3, { noise: 1, seed: 5 })[0]).not.toEqual(few[0]);
    expect(noiseOf(2, 1, { noise: 1 })).toEqual(noiseOf(2, 1, { noise: 1, seed: 0 }));
    expect(noiseOf(2, 1, { noise: 1, seed: 2 ** 32 })).not.toEqual(noiseOf(2, 1, { noise: 1, seed: 0 }));
    // On flat ground RMSProp’s first step has only the sign of the gradient, which is that of the noise.
    const origin = new Float32Array(18);
    const { points } = trace(makeEngine('simd'), rmsprop(), 'saddle', origin, 1, { noise: 1, seed: 4 });
    expect([...points.subarray(18)].map((x) => Math.sign(-x))).toEqual(many[0].map(Math.sign));
  });

  it('leaves the engine’s own random numbers alone', () => {
    const engine = makeEngine('simd');
    const before = engine.runtime.random.state;
    trace(engine, sgd(), 'saddle', [0, 0], 5, { noise: 1 });
    expect(engine.runtime.random.state).toEqual(before);
  });

  it('is not in the heights', () => {
    const { points, losses } = trace(makeEngine('simd'), sgd({ lr: 0.01 }), 'saddle', [1, 1], 3, { noise: 1 });
    each(points).forEach(([x, y], i) => {
      expect(losses[i]).toBeCloseTo(surfaces.saddle.value(x, y), 5);
    });
  });
});

it('1,000 starts and eight optimizers share an engine', () => {
  const engine = makeEngine('simd');
  const before = engine.memory.live;
  refuseElementwise(descriptions[0][1].name);
  const starts = pointsIn(surfaces.ackley, 1000, 6);
  const rains = descriptions.slice(0, 8).map(([, description]) => createTrace(engine, description, 'ackley', starts));
  expect(engine.runtime.parameters.size).toBe(0); // a backward pass of other work has none of their gradients to clear
  for (let frame = 0; frame < 5; frame++) for (const rain of rains) rain.step(4);
  rains.forEach((rain, i) => {
    const alone = trace(makeEngine('simd'), descriptions[i][1], 'ackley', starts, 20, { every: 20 });
    expect(bits(rain.positions)).toEqual(bits(alone.points.subarray(2000)));
    rain.dispose();
  });
  expect(engine.memory.live).toBe(before);
});

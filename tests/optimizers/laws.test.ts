// What the descriptions of the list claim, as properties: generated from the list, so that a new rule is held to them without an edit.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveRule } from '../../ts/optimizers/options.ts';
import type { OptionValue } from '../../ts/optimizers/rule.ts';
import { type OptimizerDescription, rules } from '../../ts/optimizers/rules.ts';
import { bits, descriptions, type MachineName, machineNames, makeEngine, numbers } from './support.ts';

const STEPS = 20; // beyond the 16th step, which flushes

/** Moves a copy of `start` by `gradients` in turn. */
function run(
  machine: MachineName,
  description: OptimizerDescription,
  start: Float32Array,
  gradients: readonly Float32Array[],
): Float32Array {
  const engine = makeEngine(machine);
  const theta = Float32Array.from(start);
  const optimizer = engine.optimizer(description, theta);
  for (const gradient of gradients) optimizer.step(gradient);
  engine.dispose();
  return theta;
}

const gradientsOf = (n: number, seed: number, steps = STEPS): Float32Array[] =>
  Array.from({ length: steps }, (_, k) => numbers(n, seed * 1000 + k));

const withOptions = (
  { name, options }: OptimizerDescription,
  more: Readonly<Record<string, unknown>>,
): OptimizerDescription => ({ kind: 'optimizer', name, options: { ...options, ...more } }) as OptimizerDescription;

const permuted = (x: Float32Array, order: readonly number[]): Float32Array => Float32Array.from(order, (i) => x[i]);

const entries = Object.entries(descriptions);

it('the descriptions of these tests reach every rule of the list', () => {
  expect(new Set(entries.map(([, { name }]) => name))).toEqual(new Set(Object.keys(rules)));
});

describe.each(entries)('%s', (_, description) => {
  const rule = rules[description.name];
  const decays = !lacks(description, 'weightDecay');

  it('simd = reference, bit for bit, over 20 steps', () => {
    for (const n of [1, 3, 4, 5, 16, 17, 1000, 2051]) {
      const [simd, reference] = machineNames.map((machine) =>
        run(machine, description, numbers(n, 1), gradientsOf(n, 2)),
      );
      expect(bits(simd)).toEqual(bits(reference));
    }
  });

  it.runIf(rule.laws.elementwise)('permuting the elements permutes the result', () => {
    const order = fc
      .integer({ min: 1, max: 40 })
      .chain((n) => fc.shuffledSubarray([...Array(n).keys()], { minLength: n, maxLength: n }));
    fc.assert(
      fc.property(order, fc.nat(1000), (order, seed) => {
        const n = order.length;
        const [start, gradients] = [numbers(n, seed), gradientsOf(n, seed)];
        const straight = run('simd', description, start, gradients);
        const shuffled = run(
          'simd',
          description,
          permuted(start, order),
          gradients.map((g) => permuted(g, order)),
        );
        expect(bits(shuffled)).toEqual(bits(permuted(straight, order)));
      }),
      { numRuns: 20 },
    );
  });

  it.runIf(rule.laws.elementwise)('groups = separate optimizers', () => {
    const n = 37;
    const [start, gradients] = [numbers(n, 3), gradientsOf(n, 4)];
    const engine = makeEngine('simd');
    const theta = Float32Array.from(start);
    const groups = [
      { range: [20, 30], lr: 0.005 },
      { range: [3, 9], ...(decays ? { weightDecay: 0.1 } : { lr: 0.02 }) },
    ] as const;
    const optimizer = engine.optimizer(description, theta, { groups });
    for (const gradient of gradients) optimizer.step(gradient);
    for (const [[begin, end], more] of [
      [[20, 30], { lr: 0.005 }],
      [[3, 9], decays ? { weightDecay: 0.1 } : { lr: 0.02 }],
      [[0, 3], {}],
      [[9, 20], {}],
      [[30, 37], {}],
    ] as const) {
      const alone = run(
        'simd',
        withOptions(description, more),
        start.slice(begin, end),
        gradients.map((g) => g.slice(begin, end)),
      );
      expect(bits(theta.slice(begin, end))).toEqual(bits(alone));
    }
    engine.dispose();
  });

  it.runIf(
    rule.laws.scalesWithLr && !('decayMode' in description.options && description.options.decayMode === 'independent'),
  )('with lr 0 nothing moves', () => {
    const start = numbers(21, 5);
    const still = run('simd', withOptions(description, { lr: 0 }), start, gradientsOf(21, 6));
    expect([...still]).toEqual([...start]);
  });

  it('it moves, and downhill: the first step of a fresh start goes against the gradient', () => {
    const [start, [gradient]] = [new Float32Array(33), gradientsOf(33, 7, 1)];
    const moved = run('simd', description, start, [gradient]);
    expect([...moved].map(Math.sign)).toEqual([...gradient].map((g) => -Math.sign(g)));
  });

  it('maximize = the negated gradient', () => {
    const [start, gradients] = [numbers(19, 8), gradientsOf(19, 9)];
    const up = run('simd', withOptions(description, { maximize: true }), start, gradients);
    const down = run(
      'simd',
      description,
      start,
      gradients.map((g) => g.map((x) => -x)),
    );
    expect([...up]).toEqual([...down]);
  });

  it('every setter acts on the next step', () => {
    const n = 9;
    for (const [option, spec] of Object.entries(rule.options)) {
      if (lacks(description, option)) continue;
      const value = other(spec);
      const engine = makeEngine('simd');
      const gradients = gradientsOf(n, 10, 6);
      const twins = [0, 1].map(() => {
        const theta = engine.array(numbers(n, 11));
        return { theta, optimizer: engine.optimizer(description, theta) };
      });
      for (const { optimizer } of twins) for (const gradient of gradients.slice(0, 5)) optimizer.step(gradient);
      const undamped: Record<string, OptionValue> =
        !Object.hasOwn(rule.options, 'dampening') || lacks(description, 'dampening') ? {} : { dampening: 0 };
      const changes: Record<string, OptionValue> =
        option === 'nesterov' ? { nesterov: value, momentum: 0.8, ...undamped } : { [option]: value };
      const fixed = resolveRule(rule, description.options, rule.name).fixed;
      if (rule.refuse?.({ ...fixed, ...changes }) !== undefined) continue; // dampening under Nesterov
      const [{ optimizer, theta }, still] = twins;
      optimizer.set(changes);
      expect(optimizer.options).toMatchObject(changes);
      // What a new optimizer with these options does from the same state is what must come.
      const fresh = engine.array(theta.read());
      const expected = engine.optimizer(withOptions(description, { ...optimizer.options }), fresh);
      expected.restore({ ...optimizer.state() });
      // Twice, because a momentum that has just been turned on shows in the second step.
      for (const gradient of [gradients[5], gradients[0]])
        for (const each of [optimizer, expected, still.optimizer]) each.step(gradient);
      expect(bits(theta.read()), option).toEqual(bits(fresh.read()));
      if (acts(option, description) && fixed[option] !== value)
        expect([...theta.read()], option).not.toEqual([...still.theta.read()]);
      engine.dispose();
    }
  });

  it('t can be entered directly', () => {
    const engine = makeEngine('simd');
    const gradients = gradientsOf(8, 12, 40);
    const [walked, jumped] = [0, 1].map(() => engine.array(numbers(8, 13)));
    const walker = engine.optimizer(description, walked);
    for (const gradient of gradients.slice(0, 39)) walker.step(gradient);
    jumped.set(walked.read());
    const jumper = engine.optimizer(description, jumped);
    jumper.restore({ ...walker.state(), step: 0 });
    jumper.stepCount = 39;
    walker.step(gradients[39]);
    jumper.step(gradients[39]);
    expect(bits(jumped.read())).toEqual(bits(walked.read()));
    expect(jumper.stepCount).toBe(40);
    for (const t of [1_000_000, 2 ** 31 + 7, 2 ** 40]) {
      jumper.stepCount = t;
      jumper.step(gradients[0]);
      expect(jumped.read().every(Number.isFinite)).toBe(true);
    }
    engine.dispose();
  });
});

/** Another good value of an option. */
function other(spec: (typeof rules)[string]['options'][string]): OptionValue {
  if (spec.type === 'boolean') return true;
  if (spec.type === 'number') return Math.max(0.5, (spec.min ?? 0) + 0.5);
  return [0.5, 0.75];
}

/** Whether the description's dialect has no such option. */
function lacks({ name, options }: OptimizerDescription, option: string): boolean {
  const { dialects } = rules[name];
  return (dialects[options.dialect ?? 'torch']?.without ?? []).includes(option);
}

/** Whether changing this option alone must change the next step: some act only with others, or only at the start. */
function acts(option: string, { options }: OptimizerDescription): boolean {
  if (option === 'initialAccumulatorValue' || option === 'initialScale' || option === 'threshold') return false;
  const given = new Map<string, unknown>(Object.entries(options));
  if (option === 'dampening') return given.has('momentum');
  if (option === 'amsgrad') return false; // its maximum begins with this step's moment, unless that is smaller than it was
  if (option === 'nesterov' && given.get('dialect') === 'keras') return false;
  return true;
}

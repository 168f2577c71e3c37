// The optimizer rules by themselves: one step over n parameters whose gradient stands still. Engine arrays lie in the machine's memory; own arrays
// are copied in and out at every step.

import type { Engine } from '../engine.ts';
import type { OptimizerDescription } from '../optimizers/index.ts';
import * as data from './data.mjs';
import type { Contender, Match } from './harness.ts';
import * as blocked from './js-blocked.ts';
import * as plain from './js-plain.mjs';
import { plainRules } from './js-rules.ts';

/** Sizes of `npm run bench`, in parameters. */
export const sizes: readonly number[] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

const repeat =
  (f: () => void) =>
  (times: number): void => {
    for (let i = 0; i < times; i++) f();
  };

function onEngine(
  name: string,
  engine: Engine,
  description: OptimizerDescription,
  n: number,
  fadingSteps = 0,
): [Contender, () => void] {
  const { p, g } = data.optimizerData(n);
  const array = engine.array(p);
  const optimizer = engine.optimizer(description, array);
  optimizer.gradient.set(g);
  if (fadingSteps > 0) {
    optimizer.step();
    optimizer.gradient.set(new Float32Array(n));
    for (let i = 0; i < fadingSteps; i++) optimizer.step();
  }
  const dispose = (): void => {
    optimizer.dispose();
    array.dispose();
  };
  return [{ name, run: repeat(() => optimizer.step()) }, dispose];
}

function onOwnArrays(engine: Engine, description: OptimizerDescription, n: number): [Contender, () => void] {
  const { p, g } = data.optimizerData(n);
  const optimizer = engine.optimizer(description, p);
  return [{ name: 'simd-own-arrays', run: repeat(() => optimizer.step(g)) }, () => optimizer.dispose()];
}

function plainLoop(workload: string, n: number): Contender | undefined {
  const rule = plainRules[workload];
  if (rule === undefined) return undefined;
  const { p, g } = data.optimizerData(n);
  const slots = Array.from({ length: rule.slots }, () => new Float32Array(n));
  let t = 0;
  return { name: 'js', run: repeat(() => rule.step(p, g, slots, ++t)) };
}

function bestLoop(workload: string, n: number): Contender | undefined {
  const { p, g } = data.optimizerData(n);
  const [m, v] = [new Float32Array(n), new Float32Array(n)];
  let t = 0;
  if (workload === 'adam') return { name: 'js-blocked', run: repeat(() => blocked.adam(p, g, m, v, ++t)) };
  if (workload === 'sgd-momentum') return { name: 'js-blocked', run: repeat(() => blocked.sgdMomentum(p, g, m)) };
  return undefined;
}

/** Steps of zero gradient that `adam-faded` has behind it when it is timed: without care its moments would be subnormal by then. */
const FADING_STEPS = 3_000;

/** Adam whose gradient is zero after the first step: what parameters that no example reaches cost. */
export function fadedMatch(description: OptimizerDescription, n: number, engine: Engine): Match {
  const [simd, dispose] = onEngine('simd', engine, description, n, FADING_STEPS);
  const { p, g } = data.optimizerData(n);
  const [m, v] = [new Float32Array(n), new Float32Array(n)];
  let t = 0;
  const step = (): void => plain.adam(p, g, m, v, ++t);
  step();
  g.fill(0);
  repeat(step)(FADING_STEPS);
  return {
    workload: 'adam-faded',
    size: n,
    unit: 'ns/parameter',
    measure: (seconds) => (seconds * 1e9) / n,
    contenders: [simd, { name: 'js', run: repeat(step) }],
    dispose,
  };
}

/** The match of one rule at one size. */
export function ruleMatch(
  workload: string,
  description: OptimizerDescription,
  n: number,
  engine: Engine,
  reference: Engine,
): Match {
  const [simd, disposeSimd] = onEngine('simd', engine, description, n);
  const [own, disposeOwn] = onOwnArrays(engine, description, n);
  const [twin, disposeTwin] = onEngine('reference', reference, description, n);
  const loops = [plainLoop(workload, n), bestLoop(workload, n)].filter((loop) => loop !== undefined);
  return {
    workload,
    size: n,
    unit: 'ns/parameter',
    measure: (seconds) => (seconds * 1e9) / n,
    contenders: [simd, own, ...loops, twin],
    dispose: () => {
      disposeSimd();
      disposeOwn();
      disposeTwin();
    },
  };
}

// Small networks trained with full batches against PyTorch in float64: the loss before every step and the weights after the last, on both
// machines, eager, compiled, and by a session.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dense, type Layer, relu, sigmoid } from '../../ts/layers/index.ts';
import { sequential } from '../../ts/layers/sequential.ts';
import { crossEntropy, type Loss, meanSquaredError } from '../../ts/losses/index.ts';
import { type OptimizerDescription, rules } from '../../ts/optimizers/rules.ts';
import { Model } from '../../ts/training/model.ts';
import { Session } from '../../ts/training/session.ts';
import { machines, makeEngine, type Name } from '../training/support/sessions.ts';

interface Numbers {
  readonly shape: number[];
  readonly data: number[];
}
interface GoldenModel {
  readonly name: string;
  readonly layers: readonly (readonly [string, ...number[]])[];
  readonly loss: string;
  readonly x: Numbers;
  readonly y: Numbers;
  readonly weights: readonly Numbers[];
}
interface GoldenCase {
  readonly id: string;
  readonly model: string;
  readonly optimizer: string;
  readonly options: { readonly lr?: number; readonly momentum?: number; readonly nesterov?: boolean };
  readonly steps: number;
  readonly f32_err: { readonly losses: number; readonly weights: number };
  readonly losses: readonly number[];
  readonly final_weights: readonly (readonly number[])[];
}
const goldens = JSON.parse(readFileSync(new URL('data/training.json', import.meta.url), 'utf8')) as {
  readonly models: readonly GoldenModel[];
  readonly cases: readonly GoldenCase[];
};

const layerOf: Readonly<Record<string, (...numbers: number[]) => Layer>> = {
  linear: (_, units) => dense(units),
  relu: () => relu(),
  sigmoid: () => sigmoid(),
};
const lossOf: Readonly<Record<string, Loss>> = { mse: meanSquaredError(), cross_entropy: crossEntropy() };
/** By PyTorch's name of the rule. */
const optimizerOf: Readonly<Record<string, (options: object) => OptimizerDescription>> = Object.fromEntries(
  Object.values(rules).flatMap(({ name, dialects }) =>
    Object.keys(dialects.torch?.names ?? {}).map((title) => [
      title,
      (options: object) => ({ kind: 'optimizer', name, options }) as OptimizerDescription,
    ]),
  ),
);
/** What this version has no layer for. A case is skipped only when it is listed here. */
const later = ['cnn/'];

const modelOf = (name: string): GoldenModel => goldens.models.find((model) => model.name === name) as GoldenModel;
const inputOf = ({ x }: GoldenModel): number[] => x.shape.slice(1);
const describeModel = (golden: GoldenModel) =>
  sequential(inputOf(golden), ...golden.layers.map(([kind, ...numbers]) => layerOf[kind](...numbers)));

/** The bound of the goldens' README for one case. */
const bound = (err: number): number => Math.max(1e-5, 5 * err);
const distance = (got: ArrayLike<number>, want: readonly number[]): number =>
  want.reduce((worst, value, i) => Math.max(worst, Math.abs(got[i] - value) / (1 + Math.abs(value))), 0);

/** The golden's first weights under the model's names. */
const firstWeights = (model: Model, { weights }: GoldenModel) =>
  model.parameters.map(
    ({ name }, i) => [name, { shape: weights[i].shape, values: Float32Array.from(weights[i].data) }] as const,
  );

/** Trains by hand; the loss before every step and after the last. */
function train(machine: Name, golden: GoldenModel, { optimizer, options, steps }: GoldenCase, compiled: boolean) {
  const engine = makeEngine(machine);
  const model = new Model(engine, describeModel(golden));
  model.load(firstWeights(model, golden));
  const rule = engine.optimizer(optimizerOf[optimizer](options), model);
  const x = engine.tensor(Float32Array.from(golden.x.data), { shape: golden.x.shape });
  const labels = golden.loss === 'cross_entropy';
  const y = engine.tensor((labels ? Int32Array : Float32Array).from(golden.y.data), { shape: golden.y.shape });
  const loss = () => (labels ? model.forward(x).crossEntropy(y) : model.forward(x).meanSquaredError(y));
  const step = () => {
    const value = loss();
    value.backward();
    rule.step();
    return value;
  };
  const losses: number[] = [];
  if (compiled) {
    const program = engine.compile(step);
    for (const k of [1, 1, 1, 7, 40]) program.run(k, (value) => losses.push(value.item()));
  } else for (let i = 0; i < steps; i++) losses.push(engine.scope(() => step().item()));
  losses.push(engine.scope(() => loss().item()));
  return { losses, weights: [...model.save().values()].map(({ values }) => values) };
}

describe.each(machines)('training as PyTorch does it (%s)', (machine) => {
  for (const golden of goldens.cases) {
    if (later.some((part) => golden.id.includes(part))) {
      it.skip(`${golden.id}: no such layer yet`);
      continue;
    }
    const model = modelOf(golden.model);

    it(`${golden.id}, eager and compiled`, () => {
      const eager = train(machine, model, golden, false);
      const compiled = train(machine, model, golden, true);
      expect(compiled).toEqual(eager);
      expect(eager.losses.length).toBe(golden.losses.length);
      expect(distance(eager.losses, golden.losses)).toBeLessThan(bound(golden.f32_err.losses));
      eager.weights.forEach((weights, i) => {
        expect(distance(weights, golden.final_weights[i])).toBeLessThan(bound(golden.f32_err.weights));
      });
    });

    it(`${golden.id}, by a session`, async () => {
      const session = new Session(makeEngine(machine), {
        model: describeModel(model),
        loss: lossOf[model.loss],
        optimizer: optimizerOf[golden.optimizer](golden.options),
      });
      session.model.load(firstWeights(session.model, model));
      const handle = session.load({ x: model.x.data, y: model.y.data });
      const losses: number[] = [];
      const options = { epochs: golden.steps, batchSize: 1000, shuffle: false };
      await session.fit(handle, options, { onReport: (report) => losses.push(...report.losses) });
      losses.push((await session.evaluate(handle)).loss);
      expect(distance(losses, golden.losses)).toBeLessThan(bound(golden.f32_err.losses));
      [...session.model.save().values()].forEach(({ values }, i) => {
        expect(distance(values, golden.final_weights[i])).toBeLessThan(bound(golden.f32_err.weights));
      });
    });
  }
});

// Every trajectory that PyTorch computed for the rules of the list, replayed through the public optimizer on both machines: parameters
// after the chosen steps, and the state after the last, at the tolerance that the goldens' README gives.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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
import { type MachineName, machineNames, makeEngine } from '../optimizers/support.ts';

type Options = Readonly<Record<string, number | boolean | [number, number]>>;

interface Case {
  readonly id: string;
  readonly optimizer: string;
  readonly options: Options;
  readonly sequence: string;
  readonly lr_change?: { readonly after_step: number; readonly factor: number };
  readonly groups?: readonly { readonly tensors: readonly number[]; readonly options: Options }[];
  readonly params: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly final_state: readonly Readonly<Record<string, number | readonly number[]>>[] | null;
  readonly f32_err: number;
  readonly f32_err_move?: number;
}

interface Sequence {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly init: readonly (readonly number[])[];
  readonly grads: readonly (readonly (readonly number[])[])[];
}

/** Of the README: e = max |got − want| / (1 + |want|); for `from_zero`, max |got − want| / max |want|. */
const TOLERANCE = 1e-5;
const TOLERANCE_OF_MOVE = 3e-6;

const read = (file: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`data/${file}`, import.meta.url)), 'utf8'));
const sequences = new Map<string, Sequence>(read('gradients.json').sequences.map((s: Sequence) => [s.name, s]));
const factories = {
  SGD: sgd,
  Adagrad: adagrad,
  RMSprop: rmsprop,
  Adadelta: adadelta,
  Adam: adam,
  AdamW: adamw,
  NAdam: nadam,
};

const isOurs = ({ optimizer, options }: Case): boolean =>
  Object.hasOwn(factories, optimizer) && !('amsgrad' in options);
const cases: readonly Case[] = read('optimizers_torch.json').cases.filter(isOurs);

const camel = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).map(([name, x]) => [name.replace(/_(.)/g, (_, c) => c.toUpperCase()), x]));

function descriptionOf({ optimizer, options }: Case): OptimizerDescription {
  const { name } = factories[optimizer as keyof typeof factories].rule;
  return { kind: 'optimizer', name, options: camel(options) } as OptimizerDescription;
}

/** Largest |got − want| over what `scale` makes of the wanted numbers. */
function worst(got: Float32Array, want: readonly number[], scale: (want: number) => number): number {
  expect(got.length).toBe(want.length);
  return want.reduce((most, w, i) => Math.max(most, Math.abs(got[i] - w) / scale(w), Number.isNaN(got[i]) ? 1 : 0), 0);
}

function replay(test: Case, machine: MachineName): void {
  const engine = makeEngine(machine);
  const sequence = sequences.get(test.sequence) as Sequence;
  const parameters = sequence.init.map((values, i) =>
    engine.parameter(sequence.shapes[i], Float32Array.from(values), { name: `${i}` }),
  );
  const target =
    test.groups?.map(({ tensors, options }) => ({
      parameters: tensors.map((i) => parameters[i]),
      ...camel(options),
    })) ?? parameters;
  const optimizer = engine.optimizer(descriptionOf(test), target);
  sequence.grads.forEach((grads, k) => {
    for (const [i, values] of grads.entries()) parameters[i].gradient.set(values);
    if (test.lr_change?.after_step === k) optimizer.lr *= test.lr_change.factor;
    optimizer.step();
    test.params[k + 1]?.forEach((want, i) => {
      const got = parameters[i].read() as Float32Array;
      const e = worst(got, want, (w) => 1 + Math.abs(w));
      expect(e, `step ${k + 1}, tensor ${i}`).toBeLessThanOrEqual(Math.max(TOLERANCE, 5 * test.f32_err));
      if (test.f32_err_move === undefined) return;
      const farthest = Math.max(...want.map(Math.abs));
      const move = worst(got, want, () => farthest);
      expect(move, `move of step ${k + 1}`).toBeLessThanOrEqual(Math.max(TOLERANCE_OF_MOVE, 5 * test.f32_err_move));
    });
  });
  const entries = optimizer.slots();
  test.final_state?.forEach((state, i) => {
    for (const [slot, want] of Object.entries(state)) {
      if (slot === 'step') expect(optimizer.stepCount).toBe(want);
      if (typeof want === 'number') continue;
      const entry = entries.find((other) => other.slot === slot && other.parameter === `${i}`);
      expect(
        worst(entry?.values ?? new Float32Array(0), want, (w) => 1 + Math.abs(w)),
        slot,
      ).toBeLessThanOrEqual(TOLERANCE);
    }
  });
  engine.dispose();
}

describe.each(machineNames)('PyTorch’s trajectories on %s', (machine) => {
  it.each(cases.map((test): [string, Case] => [test.id, test]))('%s', (_, test) => replay(test, machine));
});

it('replays every case of the rules that exist', () => {
  expect(cases.length).toBe(75);
  for (const name of Object.keys(factories)) expect(cases.some(({ optimizer }) => optimizer === name)).toBe(true);
});

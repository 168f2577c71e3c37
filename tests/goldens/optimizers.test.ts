// Every trajectory that PyTorch, Keras and Optax computed for the rules of the list, replayed through the public optimizer on both
// machines: parameters after the chosen steps, and PyTorch's state after the last, at the tolerance that the goldens' README gives.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../ts/optimizers/rule.ts';
import { type OptimizerDescription, rules } from '../../ts/optimizers/rules.ts';
import { type MachineName, machineNames, makeEngine } from '../optimizers/support.ts';

type Options = Readonly<Record<string, unknown>>;

interface Case {
  readonly id: string;
  readonly dialect: Dialect;
  readonly optimizer: string;
  readonly options: Options;
  readonly sequence: string;
  readonly wrapper?: unknown;
  readonly lr_change?: { readonly after_step: number; readonly factor: number };
  readonly groups?: readonly { readonly tensors: readonly number[]; readonly options: Options }[];
  readonly params: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly final_state?: readonly Readonly<Record<string, number | readonly number[]>>[] | null;
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
/** What is not replayed, and why: by the beginning of a case's name. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'keras/sgd/clip': 'clipping belongs to what happens around a step, which is to come',
  'keras/sgd/global_clipnorm': 'clipping is to come',
  'keras/sgd/use_ema': 'averages of the parameters are to come',
  'keras/sgd/gradient_accumulation': 'accumulation is to come',
  'optax/clip/': 'clipping is to come',
  'optax/accumulate/': 'accumulation is to come',
  'optax/lookahead/': 'Lookahead is to come',
};

/** The usual words of the frameworks for ours; the rest is ours in snake case. */
const WORDS: Readonly<Record<string, string>> = { learning_rate: 'lr', epsilon: 'eps' };
const BETAS: readonly string[] = ['b1', 'b2', 'b3', 'beta_1', 'beta_2'];

const ruleFor = ({ dialect, optimizer }: Case) =>
  Object.values(rules).find(({ dialects }) => Object.hasOwn(dialects[dialect]?.names ?? {}, optimizer));
const exceptionOf = ({ id }: Case): string | undefined =>
  Object.keys(EXCEPTIONS).find((beginning) => id.startsWith(beginning));
const all: readonly Case[] = ['torch', 'keras', 'optax'].flatMap(
  (framework) => read(`optimizers_${framework}.json`).cases,
);
const cases = all.filter((test) => ruleFor(test) !== undefined && exceptionOf(test) === undefined);

/** A framework's options in our words. */
function translated(test: Case, options: Options): Record<string, unknown> {
  const rule = ruleFor(test);
  const words = rule?.dialects[test.dialect]?.words ?? {};
  const defaults: readonly number[] = (rule?.options.betas?.default as readonly number[] | undefined) ?? [];
  const ours: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    const word = Object.hasOwn(words, name) ? words[name] : undefined;
    if (typeof word === 'function') Object.assign(ours, word(value));
    else if (BETAS.includes(name)) {
      const place = Number(name.at(-1)) - 1;
      const betas = (ours.betas as readonly number[] | undefined) ?? defaults;
      ours.betas = betas.map((beta, i) => (i === place ? value : beta));
    } else ours[word ?? WORDS[name] ?? name.replace(/_(.)/g, (_, c) => c.toUpperCase())] = value;
  }
  return ours;
}

function descriptionOf(test: Case): OptimizerDescription {
  const { dialect, optimizer, options } = test;
  const rule = ruleFor(test);
  if (rule === undefined) throw new Error(optimizer);
  const named = rule.dialects[dialect]?.names[optimizer];
  const given = { ...named, ...translated(test, options), dialect };
  return { kind: 'optimizer', name: rule.name, options: given } as OptimizerDescription;
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
      ...translated(test, options),
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

describe.each(machineNames)('the frameworks’ trajectories on %s', (machine) => {
  it.each(cases.map((test): [string, Case] => [test.id, test]))('%s', (_, test) => replay(test, machine));
});

it('replays every case of the rules that exist, but those in the table', () => {
  const count = (dialect: string): number => cases.filter((test) => test.dialect === dialect).length;
  expect([count('torch'), count('keras'), count('optax')]).toEqual([99, 62, 64]);
  for (const beginning of Object.keys(EXCEPTIONS))
    expect(all.some((test) => exceptionOf(test) === beginning)).toBe(true);
  for (const { name } of Object.values(rules)) expect(cases.some((test) => ruleFor(test)?.name === name)).toBe(true);
});

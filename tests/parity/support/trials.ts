// Which calls the parity test makes of one kernel: its cases crossed with fills and alignments within a budget, and a
// property over random counts and seeds. All of it follows from the definition.

import fc from 'fast-check';
import type { Words } from '../../../ts/machine/signature.ts';
import { differenceOf, inPlaceDifferenceOf, inPlaceOf, type Pair } from './compare.ts';
import { fillNames } from './fills.ts';
import { buffersOf, countsOf, type Definition, elementsOf, places, type Trial } from './layout.ts';

/** The sizes of a kernel with one count: none, less than a vector, around one, around four, many, and more than any block. */
const SIZES: readonly number[] = [0, 1, 3, 4, 5, 15, 16, 17, 1000, 1029, 4099];
/** The seed of the property: the same calls at every run. */
export const SEED = 1;
/** Operations that the cases of one kernel may take in all, roughly; every case runs at least once. */
const BUDGET = 15_000_000;
/** Most trials of one case: every fill with and without alignment. */
const ROUNDS = 2 * fillNames.length;
/** Least trials of one kernel, budget or not. */
const LEAST_TRIALS = 2 * ROUNDS;

/** The words of every call that the definition asks for, without addresses. */
export function casesOf(definition: Definition): readonly Words[] {
  if (definition.cases !== undefined) return definition.cases;
  const counts = countsOf(definition);
  if (counts.length === 0) return [{}];
  if (counts.length > 1)
    throw new Error(`${definition.name} has the counts ${counts.join(', ')}: its definition needs cases`);
  return SIZES.map((size) => ({ [counts[0]]: size }));
}

/** Operations of one call, roughly: a product of matrices takes elements^1.5, everything else about its elements. */
function workOf(definition: Definition, words: Words): number {
  const sizes = buffersOf(definition).map(([name, buffer]) => elementsOf(definition, name, buffer, words));
  const elements = sizes.reduce((sum, size) => sum + size, 500);
  const product = countsOf(definition).reduce((all, name) => all * Math.max(words[name], 1), 1);
  return Math.min(Math.max(product, 4 * elements), elements ** 1.5 + 4 * elements);
}

/** How often each case is tried: small ones with everything, and what they leave of the budget goes to the large ones. */
function roundsOf(definition: Definition, cases: readonly Words[]): number[] {
  const rounds = cases.map(() => 0);
  const work = cases.map((words) => workOf(definition, words));
  const least = Math.max(Math.ceil(LEAST_TRIALS / cases.length), 1);
  let budget = BUDGET;
  const ascending = cases.map((_, i) => i).sort((i, j) => work[i] - work[j]);
  for (const [done, i] of ascending.entries()) {
    const affordable = Math.floor(budget / (cases.length - done) / work[i]);
    rounds[i] = Math.min(Math.max(affordable, least), ROUNDS);
    budget -= rounds[i] * work[i];
  }
  return rounds;
}

/** The trials of the definition's cases: fills and places go round, so that few trials a case still use them all. */
export function* trialsOf(definition: Definition): Generator<Trial> {
  const cases = casesOf(definition);
  const rounds = roundsOf(definition, cases);
  let turn = 0;
  for (const [i, words] of cases.entries()) {
    for (let round = 0; round < rounds[i]; round++, turn++) {
      const fill = fillNames[turn % fillNames.length];
      const place = places[(turn + Math.floor(turn / fillNames.length)) % places.length];
      yield { words, fill, place, seed: turn + 1 };
    }
  }
}

/** The first difference between the machines over all cases. */
export function firstCaseDifference(pair: Pair, definition: Definition): string | undefined {
  for (const trial of trialsOf(definition)) {
    const difference = differenceOf(pair, definition, trial);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** The first difference between a call in place and the same call out of place; undefined also when it has no such calls. */
export function firstInPlaceDifference(pair: Pair, definition: Definition): string | undefined {
  const cases = casesOf(definition);
  const alias = inPlaceOf(definition, cases);
  if (alias === undefined) return undefined;
  for (const [i, words] of cases.entries()) {
    for (const [k, place] of (['aligned', 'ragged'] as const).entries()) {
      const fill = fillNames[(2 * i + k) % fillNames.length];
      const difference = inPlaceDifferenceOf(pair, definition, { words, fill, place, seed: i + 1 }, alias);
      if (difference !== undefined) return difference;
    }
  }
  return undefined;
}

/**
 * Random counts: between the values of the cases when these are a full grid (then the counts do not depend on one another), else
 * one of the cases. One count without cases goes up to where the plain sum begins a third block.
 */
function wordsArbitrary(definition: Definition): fc.Arbitrary<Words> {
  const cases = casesOf(definition);
  const counts = countsOf(definition);
  if (counts.length === 0) return fc.constant({});
  if (definition.cases === undefined) {
    const size = fc.oneof({ weight: 9, arbitrary: fc.nat(70) }, { weight: 1, arbitrary: fc.nat(9000) });
    return size.map((n) => ({ [counts[0]]: n }));
  }
  const values = counts.map((name) => [...new Set(cases.map((words) => words[name]))]);
  const distinct = new Set(cases.map((words) => counts.map((name) => words[name]).join()));
  if (distinct.size !== values.reduce((all, { length }) => all * length, 1)) return fc.constantFrom(...cases);
  const ranges = counts.map((name, i) => [
    name,
    fc.integer({ min: Math.min(...values[i]), max: Math.max(...values[i]) }),
  ]);
  return fc.record(Object.fromEntries(ranges) as Record<string, fc.Arbitrary<number>>);
}

/** The property that both machines agree, over random counts, fills, alignments and seeds; shrinks to the smallest call. */
export function agreementOf(pair: Pair, definition: Definition): fc.IProperty<[Trial]> {
  const trial: fc.Arbitrary<Trial> = fc.record({
    words: wordsArbitrary(definition),
    fill: fc.constantFrom(...fillNames),
    place: fc.constantFrom(...places),
    seed: fc.nat(),
  });
  return fc.property(trial, (drawn) => {
    const difference = differenceOf(pair, definition, drawn);
    if (difference !== undefined) throw new Error(difference);
  });
}

/** Runs of the property: as many as the largest case affords. */
export function runsOf(definition: Definition): number {
  const largest = Math.max(...casesOf(definition).map((words) => workOf(definition, words)));
  return Math.min(Math.max(Math.floor(BUDGET / largest), 15), 60);
}

/** The first failure of the whole test of one kernel, without vitest: what the mutation run asks. */
export function firstFailure(pair: Pair, definition: Definition): string | undefined {
  const found = firstCaseDifference(pair, definition) ?? firstInPlaceDifference(pair, definition);
  if (found !== undefined) return found;
  const { failed, errorInstance } = fc.check(agreementOf(pair, definition), {
    seed: SEED,
    numRuns: runsOf(definition),
    endOnFailure: true,
  });
  return failed ? String(errorInstance) : undefined;
}

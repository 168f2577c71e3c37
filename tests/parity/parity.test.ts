// Holds the Rust machine to the reference, bit for bit, kernel by kernel. Everything here is generated from the list of
// definitions: a new kernel is tested without an edit of this file.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { definitions } from '../../ts/machine/reference/kernels.ts';
import { makeReference, makeSimd, simdModule } from '../support/machines.ts';
import { inPlaceOf, type Pair } from './support/compare.ts';
import type { Definition } from './support/layout.ts';
import { agreementOf, casesOf, firstCaseDifference, firstInPlaceDifference, runsOf, SEED } from './support/trials.ts';

const list: readonly Definition[] = Object.values(definitions);
/** The same calls at every run; another number in PARITY_SEED looks elsewhere. */
const seed = Number(process.env.PARITY_SEED ?? SEED);
const makePair = (): Pair => ({ simd: makeSimd(), reference: makeReference() });

describe('the list of definitions', () => {
  const declared = declarations(readFileSync(new URL('../../ts/machine/kernels.d.ts', import.meta.url), 'utf8'));

  test('names what the wasm module exports', () => {
    const exported = WebAssembly.Module.exports(simdModule()).map(({ name }) => name);
    const kernels = exported.filter((name) => !['memory', 'heap_base'].includes(name) && !name.startsWith('__'));
    expect(Object.keys(definitions).sort()).toEqual(kernels.sort());
  });

  test('names what the generated declarations name', () => {
    expect(Object.keys(definitions).sort()).toEqual([...declared.keys()].sort());
  });

  test.each(Object.entries<Definition>(definitions))(
    '%s has its own name and the declared parameters, in order',
    (key, { name, parameters }) => {
      expect(name).toBe(key);
      expect(Object.keys(parameters)).toEqual(declared.get(key));
    },
  );
});

describe.each(list.map((definition) => [definition.name, definition] as const))('%s', (_, definition) => {
  test('agrees in every case', () => {
    demandNone(firstCaseDifference(makePair(), definition));
  });

  test('agrees for any counts and numbers', () => {
    fc.assert(agreementOf(makePair(), definition), { seed, numRuns: runsOf(definition) });
  });

  test.runIf(inPlaceOf(definition, casesOf(definition)))('gives in place what it gives apart', () => {
    demandNone(firstInPlaceDifference(makePair(), definition));
  });
});

/** Fails with the whole sentence, which an expectation would cut. */
function demandNone(difference: string | undefined): void {
  if (difference !== undefined) expect.fail(difference);
}

/** The parameter names of every kernel in the generated `.d.ts`. */
function declarations(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, name, parameters] of text.matchAll(/^export function (\w+)\(([^)]*)\): void;$/gm)) {
    found.set(
      name,
      [...parameters.matchAll(/(\w+)\??:/g)].map(([, parameter]) => parameter),
    );
  }
  found.delete('heap_base');
  return found;
}

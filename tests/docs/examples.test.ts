// What the documentation shows is true: every example of a doc comment and of the README files is run against the built package, and prints
// what its comments say; and what a stranger needs first has an example.

import { afterAll, describe, expect, test } from 'vitest';
import * as downhill from '../../ts/index.ts';
import { losses } from '../../ts/losses/index.ts';
import { rules } from '../../ts/optimizers/rules.ts';
import { findExamples } from './support/examples.ts';
import { exampleFolder, expectationsIn, runExample } from './support/run.ts';

const examples = findExamples();
const folder = exampleFolder();
afterAll(() => folder[Symbol.dispose]());

/** What must have an example, beside every optimizer and loss of the lists. */
const NEEDED = [
  'createEngine',
  'createTrainer',
  'sequential',
  'dense',
  'dropout',
  'readSafetensors',
  'writeSafetensors',
  ...['tensor', 'parameter', 'array', 'optimizer', 'scope', 'compile'].map((name) => `Engine.${name}`),
  ...['step', 'set', 'restore', 'gather', 'groups'].map((name) => `Optimizer.${name}`),
  ...['fit', 'evaluate', 'predict', 'pause', 'snapshot'].map((name) => `Trainer.${name}`),
];

describe.concurrent('each example prints what it says', () => {
  test.each(examples.map((example) => [example.name, example] as const))('%s', async (_, example) => {
    const printed = await runExample(folder.path, example);
    for (const { line, expected, actual } of printed) {
      expect(actual, `line ${line} of the example is reached`).not.toEqual([]);
      expect(actual, `line ${line} of the example`).toEqual(actual.map(() => expected));
    }
  });
});

test('each example says what it prints', () => {
  expect(examples.filter((example) => expectationsIn(example).length === 0).map(({ name }) => name)).toEqual([]);
});

test('nothing that a stranger needs first is without an example', () => {
  const shown = new Set(examples.map(({ subject }) => subject));
  const needed = [...NEEDED, ...Object.keys(rules), ...Object.keys(losses)];
  expect(needed.filter((name) => !shown.has(name))).toEqual([]);
});

test('the list of what needs an example names what there is', () => {
  const missing = NEEDED.filter((path) => {
    const [owner, member] = path.split('.');
    const value: unknown = Object.entries(downhill).find(([name]) => name === owner)?.[1];
    if (typeof value !== 'function') return true;
    return member !== undefined && !Object.hasOwn(value.prototype, member);
  });
  expect(missing).toEqual([]);
});

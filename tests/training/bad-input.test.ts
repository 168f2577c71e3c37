// Bad input to a session, by table: each is one clear error, and after it the session trains as if nothing had been.

import { describe, expect, it } from 'vitest';
import { dense, sigmoid, softmax } from '../../ts/layers/index.ts';
import { sequential } from '../../ts/layers/sequential.ts';
import { crossEntropy, meanSquaredError, sigmoidCrossEntropy } from '../../ts/losses/index.ts';
import { accuracy, meanAbsoluteError } from '../../ts/metrics/index.ts';
import { adam } from '../../ts/optimizers/index.ts';
import type { DataHandle, DataInput, FitOptions, Session } from '../../ts/training/session.ts';
import { data, failure, makeSession } from './support/sessions.ts';

const given = (value: unknown): never => value as never;
const whole = {
  x: [
    [1, 2],
    [3, 4],
  ],
  y: [0, 1],
};

describe('a description that is not right', () => {
  it.each<[string, object, string, RegExp]>([
    ['no model', { model: undefined }, 'option', /model must be sequential\(.*\): got undefined/],
    ['a model that is none', { model: { kind: 'dense', units: 3 } }, 'option', /model must be sequential/],
    ['no loss', { loss: undefined }, 'option', /loss must be a loss such as crossEntropy\(\): got undefined/],
    [
      'a loss that is none',
      { loss: { kind: 'crossEntropie' } },
      'option',
      /unknown loss "crossEntropie"; did you mean crossEntropy\?/,
    ],
    ['a factory not called', { loss: crossEntropy }, 'option', /loss must be .*got function crossEntropy/],
    ['an optimizer that is none', { optimizer: 'adam' }, 'option', /optimizer must be an optimizer such as adam/],
    [
      'an optimizer without steps',
      { optimizer: { kind: 'optimizer', name: 'lbfgs', options: {} } },
      'option',
      /"lbfgs"/,
    ],
    [
      'a rate below zero',
      { optimizer: { kind: 'optimizer', name: 'adam', options: { lr: -1 } } },
      'option',
      /lr must be .*≥ 0.*-1/,
    ],
    [
      'a rate as text',
      { optimizer: { kind: 'optimizer', name: 'adam', options: { lr: '0.1' } } },
      'option',
      /lr must be .*"0\.1"/,
    ],
    [
      'a metric that is none',
      { metrics: [accuracy(), { kind: 'recall' }] },
      'option',
      /metrics\[1\]: unknown metric "recall"/,
    ],
    ['a metric twice', { metrics: [accuracy(), accuracy()] }, 'option', /accuracy twice/],
    ['metrics that are no list', { metrics: accuracy() }, 'option', /metrics must be a list/],
    ['a list as model', { model: [dense(2)] }, 'option', /model must be sequential\(\[inputs\].*got \[dense\(…\)\]/],
    ['a seed below zero', { seed: -1 }, 'option', /seed must be a whole number ≥ 0: got -1/],
    ['an unknown option', { optimiser: adam() }, 'option', /unknown option "optimiser"; did you mean optimizer\?/],
    [
      'one logit for classes',
      { model: sequential([2], dense(1)) },
      'shape',
      /crossEntropy needs one logit a class.*sigmoidCrossEntropy.*outputs are \[1\]/,
    ],
    [
      'softmax before crossEntropy',
      { model: sequential([2], dense(3), softmax()) },
      'option',
      /crossEntropy contains softmax: leave softmax\(\) out/,
    ],
    [
      'sigmoid before its loss',
      { model: sequential([2], dense(3), sigmoid()), loss: sigmoidCrossEntropy() },
      'option',
      /contains sigmoid/,
    ],
  ])('%s', async (_, more, code, message) => {
    const error = await failure(() => makeSession(more));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});

describe('a call that is not right', () => {
  const fitting = (options: object) => (session: Session, handle: DataHandle) =>
    session.fit(handle, options as FitOptions);
  const sparse: number[][] = [[1, 2]];
  sparse.length = 2;
  const load = (input: object) => (session: Session) => session.load(input as DataInput);

  it.each<[string, (session: Session, handle: DataHandle) => unknown, string, RegExp]>([
    [
      'rows of another length',
      load({ ...whole, x: [[1, 2, 3]] }),
      'data',
      /x\[0\] has 3 numbers, and a row needs 2 \(the model takes \[2\]\)/,
    ],
    ['rows of different lengths', load({ ...whole, x: [[1, 2], [3]] }), 'data', /x\[1\] has 1 numbers/],
    [
      'NaN in data',
      load({
        ...whole,
        x: [
          [1, Number.NaN],
          [3, 4],
        ],
      }),
      'data',
      /x has NaN in row 0, column 1/,
    ],
    ['a label out of range', load({ ...whole, y: [0, 3] }), 'data', /y\[1\] is 3/],
    ['fewer labels than rows', load({ ...whole, y: [0] }), 'data', /x has 2 rows and y has 1 labels/],
    ['no targets', load({ x: whole.x }), 'data', /x came without y/],
    ['a row that is missing', load({ ...whole, x: sparse }), 'data', /x\[1\] must be a number or an array/],
    ['bytes as BigInts', load({ ...whole, x: BigUint64Array.of(1n) }), 'data', /x is a BigUint64Array: give numbers/],
    ['a list as data', load([[1, 2]]), 'option', /data must be an object \{ x, y \}/],
    ['no validation', fitting({ validation: null }), 'option', /fit: validation must be a share.*got null/],
    ['a word for validation', fitting({ validation: '0.1' }), 'option', /fit: validation must be a share.*got "0\.1"/],
    [
      'no data',
      load(given(undefined)),
      'option',
      /data must be an object \{ x, y \} of examples and targets: got undefined/,
    ],
    ['no epochs', fitting({ epochs: -1 }), 'option', /fit: epochs must be a whole number ≥ 0: got -1/],
    ['an empty batch', fitting({ batchSize: 0 }), 'option', /batchSize must be a whole number ≥ 1: got 0/],
    ['an unknown option', fitting({ batchsize: 3 }), 'option', /unknown option "batchsize"; did you mean batchSize\?/],
    [
      'all for validation',
      fitting({ validation: 1 }),
      'option',
      /validation must be a number > 0 and < 1.*got 1 of 110/,
    ],
    ['nothing for validation', fitting({ validation: 0.001 }), 'option', /at least one example on either side/],
    ['validation data with a hole', fitting({ validation: { ...whole, y: [0, 9] } }), 'data', /y\[1\] is 9/],
    [
      'data that are no handle',
      (session) => session.fit(given(whole)),
      'option',
      /data must be what load\(\) has returned/,
    ],
    ['data of another session', (session) => session.fit({ kind: 'data', id: 77, rows: 2 }), 'disposed', /not loaded/],
    [
      'data that are gone',
      (session, handle) => {
        session.unload(handle);
        return session.fit(handle);
      },
      'disposed',
      /load\(\) it again/,
    ],
    ['step without a fit', (session) => session.step(), 'state', /none is under way/],
    ['an example of another length', (session) => session.predict([[1, 2, 3]]), 'data', /x\[0\] has 3 numbers/],
    ['an example with NaN', (session) => session.predict([[1, Number.NaN]]), 'data', /x has NaN/],
    [
      'an example with an unknown option',
      (session) => session.predict(given({ x: [[1, 2]], scala: 1 })),
      'option',
      /did you mean scale\?/,
    ],
    [
      'an evaluation by nothing',
      (session, handle) => session.evaluate(handle, { batchSize: 0 }),
      'option',
      /evaluate: batchSize/,
    ],
    ['a rate below zero', (session) => session.set({ lr: -1 }), 'option', /lr must be/],
  ])('%s', async (_, work, code, message) => {
    const { session, engine } = makeSession();
    const fresh = engine.memory.live;
    const handle = session.load(data);
    const before = session.snapshot();
    const error = await failure(async () => await work(session, handle));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(session.snapshot()).toEqual(before);
    expect(session.fitting).toBe(false);
    const summary = await session.fit(session.load(data), { epochs: 1, batchSize: 64 });
    expect(summary).toMatchObject({ steps: 2, stopped: false });
    session.dispose();
    expect(engine.memory.live).toBeLessThan(fresh);
  });

  it('a metric that does not fit the targets', async () => {
    const { session } = makeSession({ metrics: [meanAbsoluteError()] });
    const error = await failure(session.fit(session.load(data)));
    expect(error.message).toMatch(/meanAbsoluteError compares numbers, and the targets are class labels/);
    const probabilities = { x: [[1, 2]], y: [[0.5, 0.5, 0]] };
    expect((await session.fit(session.load(probabilities))).metrics.meanAbsoluteError).toBeGreaterThan(0);
  });

  it('while a fit is under way: a second one, unload, restore; the first goes on', async () => {
    const { session } = makeSession();
    const handle = session.load(data);
    const first = session.fit(handle, { epochs: 2, batchSize: 32, paused: true });
    expect(await failure(session.fit(handle))).toMatchObject({
      code: 'state',
      message: expect.stringMatching(/another fit is under way/),
    });
    expect((await failure(() => session.unload(handle))).code).toBe('state');
    expect((await failure(() => session.restore(session.snapshot()))).code).toBe('state');
    expect((await failure(session.step(0))).code).toBe('option');
    session.resume();
    expect((await failure(session.step(1))).message).toMatch(/call pause\(\) first/);
    expect(await first).toMatchObject({ steps: 8, stopped: false });
    session.unload(handle);
  });

  it('a disposed session or engine', async () => {
    const { session, engine } = makeSession();
    const handle = session.load(data);
    engine.dispose();
    expect((await failure(session.fit(handle))).message).toMatch(/engine was disposed/);
    session.dispose();
    expect((await failure(session.predict([[1, 2]]))).code).toBe('disposed');
  });

  it('what a listener throws ends the fit', async () => {
    const { session } = makeSession({ loss: meanSquaredError(), metrics: [] });
    const handle = session.load({ x: [[1, 2]], y: [[1, 2, 3]] });
    const onReport = (): never => {
      throw new Error('the page is gone');
    };
    await expect(session.fit(handle, { epochs: 3 }, { onReport })).rejects.toThrow('the page is gone');
    expect(await session.fit(handle)).toMatchObject({ stopped: false });
  });
});

// A run as its readers see it, in a worker and here: none of them waits for ever, whatever is called when, and calls with options that are
// no options leave the trainer as it was.

import { afterEach, describe, expect, it } from 'vitest';
import { createEngine, createTrainer, crossEntropy, DownhillError, dense, sequential, sgd } from '../../ts/index.ts';
import type { DataInput } from '../../ts/training/session.ts';
import type { Trainer, TrainerFitOptions } from '../../ts/worker/trainer.ts';
import { blobs } from '../support/blobs.ts';

const made: Trainer[] = [];
afterEach(async () => {
  for (const trainer of made.splice(0)) await trainer.dispose();
});

async function make(worker: boolean): Promise<Trainer> {
  const trainer = await createTrainer({
    model: sequential([2], dense(3)),
    loss: crossEntropy(),
    optimizer: sgd({ lr: 0.1 }),
    worker,
  });
  made.push(trainer);
  return trainer;
}

const data = blobs(60);
const endless = { epochs: 1_000_000 };

/** What a user without types may give. */
const given = <T>(value: unknown): T => value as T;

async function failure(promise: Promise<unknown>): Promise<DownhillError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DownhillError);
  return error as DownhillError;
}

describe.each([true, false])('a run (worker: %s)', (worker) => {
  it('has one reader at a time: a second one is refused, and the first goes on', async () => {
    const trainer = await make(worker);
    const run = trainer.fit(await trainer.load(data), { ...endless, paused: true });
    const [first, second] = [run[Symbol.asyncIterator](), run[Symbol.asyncIterator]()];
    const report = first.next();
    expect(await failure(second.next())).toMatchObject({ code: 'state', message: expect.stringMatching(/one loop/) });
    await trainer.step(1);
    expect((await report).value).toMatchObject({ step: 1 });
    await trainer.stop();
    while (!(await first.next()).done);
    expect((await second.next()).done).toBe(true);
  });

  it('is left by a reader that waits for a report of a paused fit', async () => {
    const trainer = await make(worker);
    const run = trainer.fit(await trainer.load(data), { ...endless, paused: true });
    const reader = run[Symbol.asyncIterator]();
    const waiting = reader.next();
    expect(await reader.return?.()).toEqual({ done: true, value: undefined });
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await run.result).toMatchObject({ stopped: true, steps: 0 });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('answers several calls of next in their order, and tells a failure once', async () => {
    const trainer = await make(worker);
    const run = trainer.fit(await trainer.load(data), { epochs: -1 });
    const reader = run[Symbol.asyncIterator]();
    const calls = [reader.next(), reader.next()];
    expect((await failure(calls[0])).code).toBe('option');
    expect(await calls[1]).toEqual({ done: true, value: undefined });
  });

  it.each<[string, unknown, RegExp]>([
    ['null', null, /fit: options must be an object: got null/],
    ['a number as signal', { signal: 5 }, /fit: signal must be an AbortSignal.*got 5/],
    ['a controller as signal', { signal: new AbortController() }, /signal must be an AbortSignal.*got AbortController/],
    ['null as signal', { signal: null }, /signal must be an AbortSignal.*got null/],
  ])('is refused with %s, and the trainer is free', async (_, options, message) => {
    const trainer = await make(worker);
    const loaded = await trainer.load(data);
    const error = await failure(trainer.fit(loaded, given<TrainerFitOptions>(options)).result);
    expect(error.code).toBe('option');
    expect(error.message).toMatch(message);
    expect(trainer.running).toBe(false);
    expect(await trainer.fit(loaded).result).toMatchObject({ epochs: 1 });
  });
});

describe.each([true, false])('what cannot be loaded or predicted from (worker: %s)', (worker) => {
  it('tensors and arrays of an engine are named, and what to give instead', async () => {
    const trainer = await make(worker);
    const engine = await createEngine();
    const [tensor, array] = [engine.tensor([[1, 2]]), engine.array(2)];
    for (const [call, message] of [
      [trainer.predict(given(tensor)), /^x is a Tensor.*x\.read\(\)/],
      [trainer.predict(given({ x: array })), /^x is an EngineArray.*x\.read\(\)/],
      [trainer.load(given<DataInput>({ x: [[1, 2]], y: tensor })), /^y is a Tensor/],
      [trainer.load(given<DataInput>({ x: [[1, 2], tensor], y: [0, 1] })), /^x\[1\] is a Tensor/],
    ] as const) {
      const error = await failure(call);
      expect(error.code).toBe('data');
      expect(error.message).toMatch(message);
    }
    engine.dispose();
  });

  it('options of load that are none', async () => {
    const trainer = await make(worker);
    expect((await failure(trainer.load(data, given(null)))).message).toMatch(/load: options must be an object/);
    expect((await failure(trainer.load(data, given({ move: true })))).message).toMatch(/unknown option "move"/);
  });
});

it('a trainer of nothing says what it needs', async () => {
  for (const nothing of [undefined, null, 'adam'])
    expect((await failure(createTrainer(given(nothing)))).message).toMatch(/createTrainer needs \{ model, loss, opt/);
});

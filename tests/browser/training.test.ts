// The same training in a real page: one hash for every way to run it here, and the one that Node's reference has; and every way a run can end.

import { afterEach, describe, expect, inject, it } from 'vitest';
import * as downhill from '../../ts/index.ts';
import { DownhillError, type Trainer, type TrainerOptions } from '../../ts/index.ts';
import { train } from '../package/fixtures/shared/train-shared.mjs';
import { blobs } from '../support/blobs.ts';

const { accuracy, adam, createEngine, createTrainer, crossEntropy, dense, relu, sequential } = downhill;
const options: TrainerOptions = {
  model: sequential([2], dense(16), relu(), dense(3)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 0.01 }),
  metrics: [accuracy()],
  seed: 3,
};
const data = blobs(300);
const longFit = { epochs: 1_000_000, batchSize: 32 };

const made: Trainer[] = [];
async function make(more: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const trainer = await createTrainer({ ...options, ...more });
  made.push(trainer);
  return trainer;
}
afterEach(async () => {
  for (const trainer of made.splice(0)) await trainer.dispose();
});

async function failure(promise: Promise<unknown>): Promise<DownhillError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DownhillError);
  return error as DownhillError;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('in Chromium', () => {
  it.each([
    { machine: 'simd', worker: true },
    { machine: 'simd', worker: false },
    { machine: 'reference', worker: true },
    { machine: 'reference', worker: false },
  ] as const)('the run has the hash of Node: $machine, worker $worker', async ({ machine, worker }) => {
    expect(await train(downhill, { machine, worker })).toEqual({ hash: inject('hash'), machine });
  });

  it('the Rust machine is chosen, and engines share a module but no memory', async () => {
    const [first, second] = await Promise.all([createEngine(), createEngine()]);
    expect(first.info).toEqual({ machine: 'simd', refused: [] });
    const a = first.array(Float32Array.of(1, 2, 3));
    const b = second.array(Float32Array.of(4, 5, 6));
    expect([...a.read(), ...b.read()]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('a server that answers with a page instead of the module is named as such, and a retry works', async () => {
    const html = new Response('<!doctype html><title>x</title>', { headers: { 'content-type': 'text/html' } });
    const error = await failure(createEngine({ machine: 'simd', module: html }));
    expect(error.code).toBe('load');
    expect(error.message).toMatch(/not WebAssembly but something else \(HTML\?\).*<!doctype html>/);
    const auto = await createEngine({ module: new Response('<!doctype html>') });
    expect(auto.info.machine).toBe('reference');
    expect(auto.info.refused[0].reason).toMatch(/not WebAssembly/);
    expect((await createEngine()).info.machine).toBe('simd');
  });

  it('pauses, steps, resumes and stops', async () => {
    const trainer = await make();
    const loaded = await trainer.load(data);
    const run = trainer.fit(loaded, longFit);
    await trainer.pause();
    const before = await trainer.hash();
    await pause(60);
    expect(await trainer.hash()).toBe(before);
    await trainer.step(2);
    expect(await trainer.hash()).not.toBe(before);
    await trainer.resume();
    for await (const report of run) if (report.step > 10) break;
    expect((await run.result).stopped).toBe(true);
    const controller = new AbortController();
    const again = trainer.fit(loaded, { ...longFit, signal: controller.signal });
    setTimeout(() => controller.abort(), 30);
    expect(await again.result).toMatchObject({ stopped: true, reason: 'aborted' });
  });

  it('tells of bad data and goes on', async () => {
    const trainer = await make();
    const error = await failure(trainer.load({ x: [[1, Number.NaN]], y: [0] }));
    expect(error.code).toBe('data');
    const loaded = await trainer.load(data);
    expect((await trainer.fit(loaded, { epochs: 1 }).result).stopped).toBe(false);
  });

  it('settles what waits when the worker is ended, and another trainer goes on from the last snapshot', async () => {
    let worker: Worker | undefined;
    const trainer = await make({
      worker: () => {
        worker = new Worker(new URL('../../dist/worker.js', import.meta.url), { type: 'module' });
        return worker;
      },
    });
    const run = trainer.fit(await trainer.load(data), longFit);
    while (trainer.lastSnapshot === undefined) await pause(5);
    worker?.terminate();
    const start = performance.now();
    const error = await failure(run.result);
    console.log(`a worker's end was noticed after ${(performance.now() - start).toFixed(0)} ms`);
    expect(error.code).toBe('worker');
    expect(error.message).toMatch(/the worker ended.*lastSnapshot/);
    const next = await make();
    await next.restore(trainer.lastSnapshot);
    const again = next.fit(await next.load(data), longFit);
    for await (const report of again) if (report.epoch > 0) break;
    expect((await again.result).stopped).toBe(true);
  });

  it('says so when the worker file is missing', async () => {
    const gone = (): Worker => new Worker(new URL('/no-such-worker.js', location.href), { type: 'module' });
    expect((await failure(createTrainer({ ...options, worker: gone }))).code).toBe('worker');
  });
});

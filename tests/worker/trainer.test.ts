// The trainer in Node, in a worker thread and in this thread: one hash, and every way a run can end settles every promise.

import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import {
  accuracy,
  adam,
  createTrainer,
  crossEntropy,
  DownhillError,
  dense,
  dropout,
  type Report,
  relu,
  sequential,
  type Trainer,
  type TrainerOptions,
} from '../../ts/index.ts';
import { blobs } from '../support/blobs.ts';

const options: TrainerOptions = {
  model: sequential([2], dense(16), relu(), dropout(0.1), dense(3)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 0.01 }),
  metrics: [accuracy()],
  seed: 3,
};
const data = blobs(300);
const workerUrl = new URL('../../dist/worker.node.js', import.meta.url);

const made: Trainer[] = [];
async function make(more: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const trainer = await createTrainer({ ...options, ...more });
  made.push(trainer);
  return trainer;
}
afterEach(async () => {
  for (const trainer of made.splice(0)) await trainer.dispose();
});

/** What the promise rejects with. */
async function failure(promise: Promise<unknown>): Promise<DownhillError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DownhillError);
  return error as DownhillError;
}

const longFit = { epochs: 100_000, batchSize: 32 };

describe('one run', () => {
  it('has one hash in a worker and here, on either machine', async () => {
    const hashes = new Set<string>();
    for (const worker of [true, false]) {
      for (const machine of ['simd', 'reference'] as const) {
        const trainer = await make({ worker, machine });
        expect(trainer.info.machine).toBe(machine);
        const loaded = await trainer.load(data);
        const summary = await trainer.fit(loaded, { epochs: 4, batchSize: 32, validation: 0.2 }).result;
        expect(summary.stopped).toBe(false);
        hashes.add(summary.hash);
        hashes.add(await trainer.hash());
      }
    }
    expect(hashes.size).toBe(1);
  });

  it('learns, reports, evaluates and predicts', async () => {
    const trainer = await make();
    const loaded = await trainer.load(data);
    const reports: Report[] = [];
    const run = trainer.fit(loaded, { epochs: 30, batchSize: 32, validation: 0.2 });
    for await (const report of run) reports.push(report);
    const summary = await run.result;
    expect(reports.length).toBeGreaterThan(0);
    expect(reports.flatMap(({ losses }) => [...losses]).length).toBe(summary.steps);
    expect(summary.history.length).toBe(30);
    expect((await trainer.evaluate(loaded)).accuracy).toBeGreaterThan(0.9);
    const { values, shape } = await trainer.predict([[0.1, 0.2]]);
    expect(shape).toEqual([1, 3]);
    expect(values.length).toBe(3);
  });
});

describe.each([true, false])('a run that is interrupted (worker: %s)', (worker) => {
  it('stops when its reader leaves the loop, and another fit can follow', async () => {
    const trainer = await make({ worker });
    const loaded = await trainer.load(data);
    const run = trainer.fit(loaded, longFit);
    for await (const report of run) if (report.step > 5) break;
    const summary = await run.result;
    expect(summary.stopped).toBe(true);
    expect(trainer.running).toBe(false);
    expect((await trainer.fit(loaded, { epochs: 1, batchSize: 32 }).result).stopped).toBe(false);
  });

  it('stops by run.stop(), trainer.stop() and an AbortSignal', async () => {
    const trainer = await make({ worker });
    const loaded = await trainer.load(data);
    const first = trainer.fit(loaded, longFit);
    setTimeout(() => first.stop(), 20);
    expect((await first.result).stopped).toBe(true);
    const second = trainer.fit(loaded, longFit);
    setTimeout(() => void trainer.stop(), 20);
    expect((await second.result).stopped).toBe(true);
    const controller = new AbortController();
    const third = trainer.fit(loaded, { ...longFit, signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    expect(await third.result).toMatchObject({ stopped: true, reason: 'aborted' });
    expect((await failure(trainer.fit(loaded, { ...longFit, signal: controller.signal }).result)).code).toBe('aborted');
  });

  it('stands still while paused, steps by count, and goes on', async () => {
    const trainer = await make({ worker });
    const loaded = await trainer.load(data);
    let last = 0;
    const run = trainer.fit(loaded, longFit);
    const reading = (async () => {
      for await (const report of run) last = report.step;
    })();
    await trainer.pause();
    const before = await trainer.hash();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await trainer.hash()).toBe(before);
    await trainer.step(3);
    expect(await trainer.hash()).not.toBe(before);
    const paused = last;
    await trainer.resume();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(last).toBeGreaterThan(paused);
    run.stop();
    await reading;
  });

  it('refuses a second fit while one runs, and the first goes on', async () => {
    const trainer = await make({ worker });
    const loaded = await trainer.load(data);
    const run = trainer.fit(loaded, longFit);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const error = await failure(trainer.fit(loaded, longFit).result);
    expect(error.code).toBe('state');
    expect(error.message).toMatch(/another fit runs/);
    run.stop();
    expect((await run.result).stopped).toBe(true);
  });

  it('continues from a snapshot as if it had never stopped', async () => {
    const whole = await make({ worker });
    const wanted = await whole.fit(await whole.load(data), { epochs: 6, batchSize: 32 }).result;
    const first = await make({ worker });
    const run = first.fit(await first.load(data), { epochs: 6, batchSize: 32 });
    await first.pause();
    await first.step(13);
    const file = await first.snapshot();
    run.stop();
    await run.result;
    const second = await make({ worker });
    await second.restore(file);
    const summary = await second.fit(await second.load(data), { epochs: 6, batchSize: 32 }).result;
    expect(summary.hash).toBe(wanted.hash);
    expect(summary.history).toEqual(wanted.history);
  });

  it('rejects what waits when the trainer is disposed, and every later call', async () => {
    const trainer = await make({ worker });
    const run = trainer.fit(await trainer.load(data), longFit);
    setTimeout(() => void trainer.dispose(), 20);
    expect((await failure(run.result)).code).toBe('disposed');
    expect((await failure(trainer.snapshot())).code).toBe('disposed');
    await trainer.dispose();
  });
});

describe('a worker that ends', () => {
  it('in the middle of a fit: one clear error, the last snapshot is there, and another trainer goes on from it', async () => {
    let thread: Worker | undefined;
    const trainer = await make({
      worker: () => {
        thread = new Worker(workerUrl);
        return thread;
      },
    });
    const loaded = await trainer.load(data);
    const run = trainer.fit(loaded, longFit);
    const waiting = trainer.evaluate(loaded).catch((error: unknown) => error);
    await waiting;
    while (trainer.lastSnapshot === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    const reading = failure(
      (async () => {
        for await (const report of run) void report;
      })(),
    );
    await thread?.terminate();
    const error = await failure(run.result);
    expect(error.code).toBe('worker');
    expect(error.message).toMatch(/the worker ended.*restore trainer.lastSnapshot/);
    expect((await reading).code).toBe('worker');
    expect((await failure(trainer.predict([[0, 0]]))).code).toBe('worker');
    const next = await make();
    await next.restore(trainer.lastSnapshot);
    const again = next.fit(await next.load(data), longFit);
    for await (const report of again) if (report.epoch > 0) break;
    expect((await again.result).stopped).toBe(true);
  });

  it('before it has begun: the file is missing, throws, or never answers as ours', async () => {
    const gone = new URL('../../dist/no-such-worker.js', import.meta.url);
    expect((await failure(createTrainer({ ...options, worker: () => new Worker(gone) }))).code).toBe('worker');
    const broken = (): Worker => new Worker('throw new Error("broken on purpose")', { eval: true });
    expect((await failure(createTrainer({ ...options, worker: broken }))).message).toMatch(/broken on purpose/);
    const refuse = (): never => {
      throw new Error('no workers here');
    };
    expect((await failure(createTrainer({ ...options, worker: refuse }))).message).toMatch(
      /no workers here.*worker: false/,
    );
    expect((await failure(createTrainer({ ...options, worker: () => ({}) }))).code).toBe('worker');
  });
});

describe('a failure', () => {
  /** What the process calls unhandled while `work` runs. */
  async function unhandled(work: () => Promise<unknown>): Promise<unknown[]> {
    const seen: unknown[] = [];
    const note = (reason: unknown): void => void seen.push(reason);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', note);
    try {
      await work();
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      process.off('unhandledRejection', note);
      for (const listener of others) process.on('unhandledRejection', listener);
    }
    return seen;
  }

  it.each([true, false])(
    'that nobody awaits does not pass unseen, and one that is heard is no noise (worker: %s)',
    async (worker) => {
      const trainer = await make({ worker });
      const loaded = await trainer.load(data);
      const bad = { epochs: -1 };
      expect(await unhandled(async () => void trainer.fit(loaded, bad))).toHaveLength(1);
      expect(await unhandled(() => failure(trainer.fit(loaded, bad).result))).toEqual([]);
      const looped = async (): Promise<void> => {
        for await (const report of trainer.fit(loaded, bad)) void report;
      };
      expect(await unhandled(() => failure(looped()))).toEqual([]);
      const disposed = async (): Promise<void> => {
        trainer.fit(loaded, longFit);
        await trainer.dispose();
      };
      expect(await unhandled(disposed)).toEqual([]);
    },
  );
});

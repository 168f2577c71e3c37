// The session: one hash on both machines and however training is sliced, equal to the same training by hand; pause, step, stop; several
// fits; evaluation; memory.

import { describe, expect, it } from 'vitest';
import { shuffled, split } from '../../ts/data/shuffle.ts';
import { streamKey } from '../../ts/data/streams.ts';
import { dense, relu } from '../../ts/layers/index.ts';
import { sequential } from '../../ts/layers/sequential.ts';
import { sgd } from '../../ts/optimizers/index.ts';
import { yieldByMessage } from '../../ts/training/control.ts';
import { hashWords } from '../../ts/training/hash.ts';
import { Model } from '../../ts/training/model.ts';
import type { Report } from '../../ts/training/report.ts';
import { type FitOptions, Session } from '../../ts/training/session.ts';
import { blobs } from '../support/blobs.ts';
import { data, description, failure, machines, makeEngine, makeSession, type Name } from './support/sessions.ts';

const options: FitOptions = { epochs: 5, batchSize: 32, validation: 0.2 };
const labels = data.y as Int32Array;
const points = data.x as Float32Array;

/** The same training written out with tensors: eager, one scope a step. */
function byHand(machine: Name, epochs: number): { hash: string; losses: number[] } {
  const engine = makeEngine(machine);
  const model = new Model(engine, description.model, { seed: 7 });
  const optimizer = engine.optimizer(description.optimizer, model);
  engine.runtime.random.state = [...streamKey(7, 'dropout'), 0, 0];
  const { training } = split(110, 22, streamKey(7, 'split'));
  const losses: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled(training, streamKey(7, 'order'), epoch);
    for (let at = 0; at < order.length; at += 32) {
      const rows = [...order.subarray(at, at + 32)];
      engine.scope(() => {
        const x = engine.tensor(rows.map((row) => [points[2 * row], points[2 * row + 1]]));
        const y = engine.tensor(Int32Array.from(rows, (row) => labels[row]));
        const loss = model.forward(x, { training: true }).crossEntropy(y);
        loss.backward();
        optimizer.step();
        losses.push(loss.item());
      });
    }
  }
  const values = [...[...model.save().values()], ...optimizer.slots()].map((entry) => entry.values);
  return { hash: hashWords(values.map((array) => new Uint32Array(array.buffer))), losses };
}

describe('one run has one hash', () => {
  const wanted = byHand('reference', 5);

  it('by hand on the other machine', () => {
    expect(byHand('simd', 5)).toEqual(wanted);
  });

  it.each(machines)('by a session (%s)', async (machine) => {
    const { session } = makeSession({}, machine);
    const losses: number[] = [];
    const summary = await session.fit(session.load(data), options, {
      onReport: (report) => losses.push(...report.losses),
    });
    expect(summary.hash).toBe(wanted.hash);
    expect(losses).toEqual(wanted.losses);
    expect(summary).toMatchObject({ steps: 15, epochs: 5, stopped: false, reason: 'finished' });
  });

  it.each([1, 2, 3, 7, 100])('in slices of %i steps', async (count) => {
    const { session } = makeSession({}, 'simd');
    const fit = session.fit(session.load(data), { ...options, paused: true });
    while (session.fitting) await session.step(count).catch(() => undefined);
    expect((await fit).hash).toBe(wanted.hash);
  });

  it('whatever is looked at in between', async () => {
    const { session } = makeSession({}, 'simd');
    const handle = session.load(data);
    const fit = session.fit(handle, { ...options, paused: true });
    const first = await session.predict([[0.5, 0.5]]);
    for (let step = 0; step < 15; step++) {
      await session.step();
      if (!session.fitting) break;
      await session.evaluate(handle, { batchSize: 7 });
      session.snapshot();
      session.load(blobs(3));
    }
    expect((await fit).hash).toBe(wanted.hash);
    expect((await session.predict([[0.5, 0.5]])).values).not.toEqual(first.values);
  });

  it('another seed, another hash', async () => {
    const { session } = makeSession({ seed: 8 });
    expect((await session.fit(session.load(data), options)).hash).not.toBe(wanted.hash);
  });
});

describe('reports', () => {
  it('tell every loss once, in order, and the end of every epoch', async () => {
    const { session } = makeSession({}, 'simd');
    const reports: Report[] = [];
    const summary = await session.fit(
      session.load(data),
      { ...options, epochs: 40 },
      { onReport: (report) => reports.push(report) },
    );
    const last = reports.at(-1) as Report;
    expect(reports.flatMap(({ losses }) => [...losses])).toHaveLength(120);
    expect(last).toMatchObject({ step: 120, epoch: 39, epochs: 40, batch: 3, batches: 3, epochEnd: true, timeLeft: 0 });
    expect(last.loss).toBe(last.losses.at(-1));
    expect(last.metrics).toEqual(summary.history[39].metrics);
    expect(last.finished).toEqual(summary.history[39]);
    expect(last.validation).toEqual(summary.validation);
    expect(last.stepsPerSecond).toBeGreaterThan(0);
  });

  it('come with every step that is made by hand', async () => {
    const { session } = makeSession();
    const reports: Report[] = [];
    const fit = session.fit(
      session.load(data),
      { ...options, paused: true },
      { onReport: (report) => reports.push(report) },
    );
    const seen = [];
    for (const count of [2, 1, 1]) {
      await session.step(count);
      const { step, epoch, batch, epochEnd } = reports.at(-1) as Report;
      seen.push({ step, epoch, batch, epochEnd });
    }
    expect(seen).toEqual([
      { step: 2, epoch: 0, batch: 2, epochEnd: false },
      { step: 3, epoch: 0, batch: 3, epochEnd: true },
      { step: 4, epoch: 1, batch: 1, epochEnd: false },
    ]);
    session.stop();
    await fit;
  });

  it('count epochs within the fit, in reports and in records alike', async () => {
    const { session } = makeSession();
    const handle = session.load(data);
    await session.fit(handle, { epochs: 2 });
    const reports: Report[] = [];
    const { history } = await session.fit(handle, { epochs: 2 }, { onReport: (report) => reports.push(report) });
    expect(history.map(({ epoch }) => epoch)).toEqual([0, 1]);
    expect(reports.at(-1)).toMatchObject({ epoch: 1, epochs: 2, finished: { epoch: 1 } });
  });

  it('have speeds that agree when the last batch is short', async () => {
    const { session } = makeSession();
    const reports: Report[] = [];
    await session.fit(
      session.load(data),
      { epochs: 2, batchSize: 109 },
      { onReport: (report) => reports.push(report) },
    );
    for (const { examplesPerSecond, stepsPerSecond } of reports) {
      expect(stepsPerSecond).toBeGreaterThan(0);
      expect(examplesPerSecond / stepsPerSecond).toBeCloseTo(55, 9); // 109 and 1
    }
  });

  it('keep a record of every epoch: means over the examples, and the validation of the parameters at its end', async () => {
    const { session } = makeSession({ optimizer: sgd({ lr: 0 }), model: sequential([2], dense(3)) });
    const handle = session.load(data);
    const whole = await session.evaluate(handle);
    const { history } = await session.fit(handle, { epochs: 2, batchSize: 32, validation: handle });
    for (const record of history) {
      expect(record.loss).toBeCloseTo(whole.loss, 5);
      expect(record.metrics).toEqual({ accuracy: whole.accuracy });
      expect(record.validation).toEqual(whole);
    }
  });
});

describe('steering', () => {
  it('stands still while paused and ends when stopped', async () => {
    const { session } = makeSession({}, 'simd');
    const fit = session.fit(session.load(data), { epochs: 1_000_000, batchSize: 32 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    session.pause();
    const { step } = session.progress;
    expect(step).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(session.progress.step).toBe(step);
    await session.step(5);
    expect(session.progress.step).toBe(step + 5);
    session.resume();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(session.progress.step).toBeGreaterThan(step + 5);
    session.stop('enough');
    expect(await fit).toMatchObject({ stopped: true, reason: 'enough', steps: session.progress.step });
  });

  it('lets messages in every few milliseconds, also while it validates', async () => {
    const { session } = makeSession({}, 'simd');
    let turns = 0;
    let running = true;
    const count = (): void => {
      turns++;
      if (running) setImmediate(count);
    };
    count();
    const fit = session.fit(session.load(data), { epochs: 1_000_000, batchSize: 32, validation: 0.5 });
    setTimeout(() => session.stop(), 100);
    await fit;
    running = false;
    expect(turns).toBeGreaterThan(2);
  });

  it('answers steps that are asked for when the fit ends', async () => {
    const { session } = makeSession();
    const fit = session.fit(session.load(data), { epochs: 1, batchSize: 32, paused: true });
    await session.step(1000);
    expect(await fit).toMatchObject({ steps: 4, stopped: false });
  });

  it('stops a paused fit, and is deaf without one', async () => {
    const { session } = makeSession();
    session.pause();
    session.resume();
    session.stop();
    const fit = session.fit(session.load(data), { paused: true });
    const steps = session.step(3);
    session.stop();
    await steps;
    expect(await fit).toMatchObject({ steps: 0, stopped: true, reason: 'stopped' });
    expect((await failure(session.step())).code).toBe('state');
  });

  it('takes new options from the next step on, and begins a new epoch after a stopped one', async () => {
    const { session } = makeSession({ optimizer: sgd({ lr: 0.1 }) });
    const handle = session.load(data);
    const fit = session.fit(handle, { ...options, paused: true });
    await session.step(1);
    session.set({ lr: 0 });
    const before = session.hash();
    await session.step(1);
    expect(session.hash()).toBe(before);
    session.stop();
    await fit;
    session.set({ lr: 0.1 });
    expect(await session.fit(handle, { epochs: 1, batchSize: 32 })).toMatchObject({ steps: 4, epochs: 1 });
    expect(session.progress.epoch).toBe(2);
  });

  it('goes on with a stopped fit when it is asked to', async () => {
    const whole = makeSession().session;
    const wanted = await whole.fit(whole.load(data), options);
    const { session } = makeSession();
    const handle = session.load(data);
    const fit = session.fit(handle, { ...options, paused: true });
    await session.step(7);
    session.stop();
    await fit;
    const rest = await session.fit(handle, { ...options, resume: true });
    expect(rest).toEqual({ ...wanted, steps: 8 });
  });
});

describe('snapshots on the way', () => {
  it('when nothing is asked: one a second, and the end is never left out', async () => {
    const { session } = makeSession();
    const files: Uint8Array[] = [];
    await session.fit(session.load(data), { epochs: 3 }, { onSnapshot: (file) => files.push(file) });
    expect(files.at(-1)).toEqual(session.snapshot());
  });

  it('come as often as asked', async () => {
    for (const [snapshotEvery, wanted] of [
      [1, 5],
      [2, 2],
      [0, 0],
    ] as const) {
      const { session } = makeSession();
      let count = 0;
      await session.fit(session.load(data), { ...options, snapshotEvery }, { onSnapshot: () => count++ });
      expect(count).toBe(wanted);
    }
  });
});

describe('evaluation and prediction', () => {
  it('hold a fit that begins meanwhile, and keep the parameters from being replaced', async () => {
    const engine = makeEngine('simd');
    let turns = 0;
    const session = new Session(engine, description, async () => {
      turns++;
      await yieldByMessage();
    });
    const many = session.load(blobs(60_000));
    const handle = session.load(data);
    const wanted = await session.evaluate(many);
    expect(turns).toBeGreaterThan(0); // or nothing could come in between
    const file = session.snapshot();
    const evaluation = session.evaluate(many);
    const restored = await failure(() => session.restore(file));
    expect(restored).toMatchObject({ code: 'state', message: expect.stringMatching(/evaluate\(\) or predict\(\)/) });
    const fit = session.fit(handle, { epochs: 3 });
    expect(await evaluation).toEqual(wanted);
    expect(await fit).toMatchObject({ epochs: 3, stopped: false });
    session.restore(file);
  });

  it.each(machines)('do not depend on the size of the batches, and not on the machine (%s)', async (machine) => {
    const { session } = makeSession({}, machine);
    const handle = session.load(data);
    await session.fit(handle, options);
    const whole = await session.evaluate(handle, { batchSize: 1000 });
    const parts = await session.evaluate(handle, { batchSize: 3 });
    expect(parts.accuracy).toBe(whole.accuracy);
    expect(parts.loss).toBeCloseTo(whole.loss, 6);
    const { values, shape } = await session.predict(points);
    expect(shape).toEqual([110, 3]);
    const right = labels.filter((label, i) => {
      const row = [...values.subarray(3 * i, 3 * i + 3)];
      return row.indexOf(Math.max(...row)) === label;
    });
    expect(right.length / 110).toBe(whole.accuracy);
  });

  it.each([1, 10, 110])(
    'see the parameters of one moment, though a fit is under way (batches of %i)',
    async (batchSize) => {
      const { session } = makeSession({}, 'simd');
      const handle = session.load(data);
      const seen: { readonly file: Uint8Array; readonly evaluation: Promise<unknown> }[] = [];
      const onReport = (): void => {
        if (seen.length < 3)
          seen.push({ file: session.snapshot(), evaluation: session.evaluate(handle, { batchSize }) });
      };
      await session.fit(handle, { epochs: 300, batchSize: 32 }, { onReport });
      expect(seen.length).toBeGreaterThan(0);
      const { session: other } = makeSession({}, 'simd');
      const same = other.load(data);
      for (const { file, evaluation } of seen) {
        other.restore(file);
        expect(await evaluation).toEqual(await other.evaluate(same, { batchSize }));
      }
    },
  );

  it('predict takes one example, nested rows, or typed rows, by the hundred', async () => {
    const { session } = makeSession();
    const one = await session.predict(Float32Array.of(0.3, -0.2));
    expect(one.shape).toEqual([1, 3]);
    const many = await session.predict(Array.from({ length: 600 }, () => Float32Array.of(0.3, -0.2)));
    expect(many.shape).toEqual([600, 3]);
    expect([...many.values.subarray(599 * 3)]).toEqual([...one.values]);
    expect((await session.predict([[0.3, -0.2]])).values).toEqual(one.values);
  });

  it('bytes give what the same numbers as f32 give, and are scaled in prediction as they were in training', async () => {
    const bytes = Uint8Array.from({ length: 60 }, (_, i) => (i * 37) % 256);
    const scale = 1 / 255;
    const floats = Float32Array.from(bytes, (byte) => Math.fround(Math.fround(byte * Math.fround(scale)) - 0.5));
    const y = Int32Array.from({ length: 30 }, (_, i) => i % 3);
    const hashes: string[] = [];
    const outputs: Float32Array[] = [];
    for (const given of [
      { x: bytes, y, scale, offset: -0.5 },
      { x: floats, y },
    ]) {
      const { session } = makeSession();
      const { hash } = await session.fit(session.load(given), { epochs: 2, batchSize: 8 });
      hashes.push(hash);
      outputs.push((await session.predict(given.x)).values);
    }
    expect(hashes[0]).toBe(hashes[1]);
    expect(outputs[0]).toEqual(outputs[1]);
  });
});

describe('memory', () => {
  it.each(machines)('is back where it was after fits, evaluation and dispose (%s)', async (machine) => {
    const engine = makeEngine(machine);
    const empty = engine.memory.live;
    const session = new Session(engine, description);
    const fresh = engine.memory.live;
    expect(fresh).toBeGreaterThan(empty);
    const handle = session.load(data);
    const loaded = engine.memory.live;
    for (let i = 0; i < 3; i++) {
      await session.fit(handle, { ...options, validation: { x: [[0, 1]], y: [0] } });
      await session.evaluate(handle);
      await session.predict([[1, 2]]);
      expect(engine.memory.live).toBe(loaded);
    }
    session.unload(handle);
    expect(engine.memory.live).toBe(fresh);
    session.load(data);
    session.dispose();
    session.dispose();
    expect(engine.memory.live).toBe(empty);
  });

  it('is back also when a fit is disposed on the way', async () => {
    const engine = makeEngine('simd');
    const empty = engine.memory.live;
    const session = new Session(engine, description);
    const fit = session.fit(session.load(data), { epochs: 1_000_000 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    session.dispose();
    expect((await failure(fit)).code).toBe('disposed');
    expect(engine.memory.live).toBe(empty);
    expect((await failure(() => session.snapshot())).message).toMatch(/disposed: make a new one/);
  });

  it('two sessions of one engine train independently', async () => {
    const engine = makeEngine('reference');
    const one = new Session(engine, { ...description, model: sequential([2], dense(4), relu(), dense(3)) });
    const two = new Session(engine, { ...description, model: sequential([2], dense(4), relu(), dense(3)) });
    const [a, b] = await Promise.all([one.fit(one.load(data), options), two.fit(two.load(data), options)]);
    expect(a.hash).toBe(b.hash);
  });
});

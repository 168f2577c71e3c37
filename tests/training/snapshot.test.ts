// Snapshots: saved, loaded and continued equals never stopped, bit for bit, on either machine; and files that are not for this session are
// refused without a change.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../../ts/files/safetensors.ts';
import { dense, dropout, leakyRelu, relu } from '../../ts/layers/index.ts';
import { sequential } from '../../ts/layers/sequential.ts';
import { meanSquaredError, sigmoidCrossEntropy } from '../../ts/losses/index.ts';
import { adam, nadam, rmsprop, sgd } from '../../ts/optimizers/index.ts';
import type { FitOptions, SessionDescription } from '../../ts/training/session.ts';
import { data, description, failure, machines, makeSession, type Name } from './support/sessions.ts';

const options: FitOptions = { epochs: 4, batchSize: 32, validation: 0.2 };

/** A session that was stopped after `steps` steps of a fit of 12, and its snapshot. */
async function interrupted(steps: number, more: Partial<SessionDescription> = {}, machine: Name = 'reference') {
  const { session } = makeSession(more, machine);
  const fit = session.fit(session.load(data), { ...options, paused: true });
  await session.step(steps);
  const file = session.snapshot();
  session.stop();
  await fit;
  return { session, file };
}

describe('saved, loaded and continued', () => {
  it.each([1, 2, 3, 5, 6, 11])('after %i steps of 12 equals never stopped', async (steps) => {
    const whole = makeSession().session;
    const wanted = await whole.fit(whole.load(data), options);
    for (const machine of machines) {
      const { file } = await interrupted(steps, {}, machine);
      const { session } = makeSession({ seed: 99 }, machine === 'simd' ? 'reference' : 'simd');
      session.restore(file);
      expect(session.snapshot()).toEqual(file);
      expect(await session.fit(session.load(data), options)).toEqual({ ...wanted, steps: 12 - steps });
      expect(session.snapshot()).toEqual(whole.snapshot());
    }
  });

  it.each([
    ['sgd with momentum', sgd({ lr: 0.1, momentum: 0.9 })],
    ['rmsprop', rmsprop({ centered: true, momentum: 0.5 })],
    ['nadam', nadam()],
    ['sgd without state', sgd({ lr: 0.1 })],
  ])('with %s', async (_, optimizer) => {
    const whole = makeSession({ optimizer }).session;
    const wanted = await whole.fit(whole.load(data), options);
    const { file } = await interrupted(5, { optimizer });
    const { session } = makeSession({ optimizer });
    session.restore(file);
    expect((await session.fit(session.load(data), options)).hash).toBe(wanted.hash);
  });

  it('between two fits, and with options that were changed on the way', async () => {
    const whole = makeSession().session;
    const handle = whole.load(data);
    await whole.fit(handle, options);
    whole.set({ lr: 0.002 });
    const file = whole.snapshot();
    const wanted = await whole.fit(handle, options);
    const { session } = makeSession();
    session.restore(file);
    expect(await session.fit(session.load(data), options)).toEqual(wanted);
  });

  it('of the end of an epoch that was posted on the way', async () => {
    const whole = makeSession().session;
    const files: Uint8Array[] = [];
    const wanted = await whole.fit(
      whole.load(data),
      { ...options, snapshotEvery: 1 },
      { onSnapshot: (file) => files.push(file) },
    );
    expect(files).toHaveLength(4);
    const { session } = makeSession();
    session.restore(files[1]);
    expect(await session.fit(session.load(data), options)).toEqual({ ...wanted, steps: 6 });
    session.restore(files[3]);
    expect(session.hash()).toBe(wanted.hash);
    expect(await session.fit(session.load(data), { ...options, epochs: 1 })).toMatchObject({ steps: 3, epochs: 1 });
  });

  it('can be given up for a new fit', async () => {
    const { file } = await interrupted(5);
    const { session } = makeSession();
    session.restore(file);
    expect(await session.fit(session.load(data), { epochs: 1, batchSize: 10, resume: false })).toMatchObject({
      steps: 11,
    });
  });

  it('remembers how bytes are scaled', async () => {
    const y = Int32Array.of(0, 1, 2);
    const bytes = Uint8Array.of(0, 255, 100, 7, 8, 9);
    const { session } = makeSession();
    await session.fit(session.load({ x: bytes, y, scale: 1 / 255 }));
    const other = makeSession().session;
    other.restore(session.snapshot());
    expect(await other.predict(bytes)).toEqual(await session.predict(bytes));
  });
});

describe('the file', () => {
  it('has PyTorch’s names and shapes, and nothing that depends on time', async () => {
    const { file } = await interrupted(5);
    const { tensors, metadata } = readSafetensors(file);
    const parameters = { '0.weight': [16, 2], '0.bias': [16], '3.weight': [3, 16], '3.bias': [3] };
    const wanted = Object.entries(parameters).flatMap(([name, shape]) => [
      [name, shape],
      [`optimizer.exp_avg.${name}`, shape],
      [`optimizer.exp_avg_sq.${name}`, shape],
    ]);
    expect(Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]))).toEqual(
      Object.fromEntries(wanted),
    );
    expect([...tensors.keys()].slice(0, 4)).toEqual(Object.keys(parameters));
    expect(metadata).toMatchObject({ downhill: '1', step: '5', epoch: '1', seed: '7' });
    expect(JSON.parse(metadata.progress).fit).toMatchObject({ epochs: 4, done: 1, batch: 2, batchSize: 32, rows: 88 });
    const again = await interrupted(5, {}, 'simd');
    expect(again.file).toEqual(file);
  });
});

describe('a file that does not fit is refused, and nothing changes', () => {
  const fresh = (more: Partial<SessionDescription> = {}) => makeSession(more).session;
  /** A snapshot with some metadata or tensors changed. */
  async function changed(
    change: (metadata: Record<string, string>, tensors: Map<string, StoredTensor>) => unknown,
  ): Promise<Uint8Array> {
    const { tensors, metadata } = readSafetensors((await interrupted(5)).file);
    const [copy, map] = [{ ...metadata }, new Map(tensors)];
    change(copy, map);
    return writeSafetensors(map, copy);
  }
  const edit = (change: (progress: { [name: string]: unknown; fit: { [name: string]: unknown } }) => unknown) =>
    changed((metadata) => {
      const progress = JSON.parse(metadata.progress);
      change(progress);
      metadata.progress = JSON.stringify(progress);
    });

  it.each<[string, Partial<SessionDescription>, RegExp]>([
    [
      'another size',
      { model: sequential([2], dense(17), relu(), dropout(0.1), dense(3)) },
      /another model: sequential\(\[2\], dense\(16\), relu\(\), dropout\(0\.1\), dense\(3\)\); this trainer has sequential\(\[2\], dense\(17\)/,
    ],
    ['another layer', { model: sequential([2], dense(16), leakyRelu(), dropout(0.1), dense(3)) }, /leakyRelu/],
    ['another bias', { model: sequential([2], dense(16, { bias: false }), relu(), dropout(0.1), dense(3)) }, /0\.bias/],
    ['another optimizer', { optimizer: sgd() }, /another optimizer: adam; this trainer has sgd/],
    ['another loss', { loss: meanSquaredError(), metrics: [] }, /another loss: crossEntropy/],
    ['other metrics', { metrics: [] }, /another list of metrics: accuracy; this trainer has none/],
  ])('of a session with %s', async (_, more, message) => {
    const { file } = await interrupted(5);
    const session = fresh(more);
    const before = session.snapshot();
    const error = await failure(() => session.restore(file));
    expect(error.code).toBe('file');
    expect(error.message).toMatch(message);
    expect(session.snapshot()).toEqual(before);
  });

  it.each<[string, () => Promise<Uint8Array> | Uint8Array, RegExp]>([
    ['junk', () => new TextEncoder().encode('not a file at all'), /not a valid safetensors file/],
    ['weights alone', () => writeSafetensors([]), /a safetensors file of something else/],
    ['a later version', () => changed((metadata) => Object.assign(metadata, { downhill: '2' })), /of version 2/],
    ['no random state', () => changed((metadata) => Reflect.deleteProperty(metadata, 'random')), /no valid random/],
    [
      'a broken random state',
      () => changed((metadata) => Object.assign(metadata, { random: '[1,2,3,-4]' })),
      /no valid random/,
    ],
    ['broken JSON', () => changed((metadata) => Object.assign(metadata, { progress: '{' })), /no valid JSON/],
    [
      'an unknown layer',
      () =>
        changed((metadata) =>
          Object.assign(metadata, { model: '{"kind":"sequential","input":[2],"layers":[{"kind":"new"}]}' }),
        ),
      /does not know.*"new"/,
    ],
    ['a step that is no number', () => edit((progress) => Object.assign(progress, { step: '5' })), /no valid step/],
    ['a negative batch', () => edit((progress) => Object.assign(progress.fit, { batch: -1 })), /no valid batch/],
    [
      'sums of other metrics',
      () => edit((progress) => Object.assign(progress.fit, { sums: { examples: 3, values: [1] } })),
      /no valid progress/,
    ],
    [
      'a parameter less',
      () => changed((_, tensors) => tensors.delete('3.bias')),
      /F32 \[3\] as 3\.bias: it has nothing/,
    ],
    ['a slot less', () => changed((_, tensors) => tensors.delete('optimizer.exp_avg.3.bias')), /exp_avg/],
    [
      'a tensor more',
      () => changed((_, tensors) => tensors.set('9.weight', { dtype: 'F32', shape: [0], data: new Uint8Array(0) })),
      /no place for: 9\.weight/,
    ],
    [
      'another type',
      () => changed((_, tensors) => tensors.set('3.bias', { dtype: 'I32', shape: [3], data: new Uint8Array(12) })),
      /it has I32 \[3\]/,
    ],
    [
      'a bad option',
      () => changed((metadata) => Object.assign(metadata, { optimizer: metadata.optimizer.replace('0.01', '-1') })),
      /lr must be/,
    ],
    [
      'an option that is unknown',
      () => changed((metadata) => Object.assign(metadata, { optimizer: metadata.optimizer.replace('"eps"', '"ops"') })),
      /optimizer state cannot be taken over: .*unknown option "ops"/,
    ],
  ])('with %s', async (_, make, message) => {
    const file = await make();
    const session = fresh();
    const before = session.snapshot();
    const error = await failure(() => session.restore(file));
    expect(error.code).toBe('file');
    expect(error.message).toMatch(message);
    expect(session.snapshot()).toEqual(before);
  });

  it('with any bytes changed or cut off: a file error that changes nothing, or numbers as they stand in the file', async () => {
    const { file } = await interrupted(5);
    const session = fresh();
    const before = session.snapshot();
    const header = 8 + new DataView(file.buffer, file.byteOffset).getUint32(0, true);
    const place = fc.oneof(fc.nat(header - 1), fc.nat(file.length - 1));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 3 }),
        place,
        fc.boolean(),
        (edits, length, cut) => {
          const changed = file.slice(0, cut ? length : file.length);
          for (const [at, byte] of edits) if (at < changed.length) changed[at] = byte;
          try {
            session.restore(changed);
            session.restore(before);
          } catch (error) {
            expect(error).toMatchObject({ name: 'DownhillError', code: 'file' });
          }
          expect(session.snapshot()).toEqual(before);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('while a fit is under way', async () => {
    const { session, file } = await interrupted(3);
    const fit = session.fit(session.load(data), { paused: true });
    expect((await failure(() => session.restore(file))).code).toBe('state');
    session.stop();
    await fit;
  });

  it('and an epoch cannot be continued with other data or batches', async () => {
    const { file } = await interrupted(5);
    const session = fresh();
    session.restore(file);
    const handle = session.load(data);
    for (const [more, message] of [
      [{ batchSize: 16 }, /a batchSize of 32: got 16.*resume: false/],
      [{ validation: 0.3 }, /training rows of 88: got 77/],
      [{ shuffle: false }, /shuffle of true: got false/],
    ] as const) {
      const error = await failure(session.fit(handle, { ...options, ...more }));
      expect(error.code).toBe('state');
      expect(error.message).toMatch(message);
    }
    expect(await session.fit(handle, options)).toMatchObject({ steps: 7, epochs: 4 });
  });

  it('of yes-or-no outputs too', async () => {
    const more = { model: sequential([2], dense(1)), loss: sigmoidCrossEntropy(), optimizer: adam() };
    const session = fresh(more);
    const other = fresh({ ...more, seed: 3 });
    await session.fit(session.load({ x: data.x, y: Int32Array.from(data.y as Int32Array, (label) => label & 1) }));
    other.restore(session.snapshot());
    expect(other.hash()).toBe(session.hash());
    expect(description.loss.kind).toBe('crossEntropy');
  });
});

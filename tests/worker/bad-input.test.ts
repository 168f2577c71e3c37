// Bad input through the whole way, page to worker and back: each a clear error that names the place, no promise unsettled, and after it the same
// process makes another trainer that trains.

import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import {
  adam,
  createTrainer,
  crossEntropy,
  DownhillError,
  dense,
  type ErrorCode,
  meanSquaredError,
  relu,
  sequential,
  sgd,
  type Trainer,
  type TrainerOptions,
} from '../../ts/index.ts';
import { blobs } from '../support/blobs.ts';

const options: TrainerOptions = {
  model: sequential([2], dense(8), relu(), dense(3)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 0.01 }),
};
const data = blobs(60);

/** Settles within two seconds or fails. */
async function soon<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('unsettled after 2 s')), 2000);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function failure(work: () => Promise<unknown>): Promise<DownhillError> {
  const error = await soon(
    (async () => await work())().then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  );
  expect(error).toBeInstanceOf(DownhillError);
  return error as DownhillError;
}

/** A trainer can be made and learns. */
async function expectAlive(): Promise<void> {
  const trainer = await createTrainer(options);
  const { stopped, loss } = await trainer.fit(await trainer.load(data), { epochs: 2 }).result;
  expect(stopped).toBe(false);
  expect(Number.isFinite(loss)).toBe(true);
  await trainer.dispose();
}

const withTrainer =
  (work: (trainer: Trainer) => Promise<unknown>, more: object = {}) =>
  async (): Promise<void> => {
    const trainer = await createTrainer({ ...options, ...more });
    try {
      await work(trainer);
    } finally {
      await trainer.dispose();
    }
  };
const create = (more: object) => (): Promise<unknown> => createTrainer({ ...options, ...more } as TrainerOptions);
const fit = (more: object, optionsOf: object = {}) =>
  withTrainer(async (trainer) => await trainer.fit(await trainer.load(data), more).result, optionsOf);

const table: [string, ErrorCode, RegExp, () => Promise<unknown>][] = [
  ['wrong shape of x', 'data', /x/, withTrainer((t) => t.load({ x: new Float32Array(9), y: [0, 1, 2] }))],
  [
    'NaN in data',
    'data',
    /x has NaN in row 1, column 0/,
    withTrainer((t) =>
      t.load({
        x: [
          [0, 1],
          [Number.NaN, 0],
        ],
        y: [0, 1],
      }),
    ),
  ],
  [
    'label out of range',
    'data',
    /y\[1\] is 7: .*whole numbers from 0 to 2/,
    withTrainer((t) =>
      t.load({
        x: [
          [0, 1],
          [1, 0],
        ],
        y: [0, 7],
      }),
    ),
  ],
  ['label not whole', 'data', /y\[0\].*0\.5/, withTrainer((t) => t.load({ x: [[0, 1]], y: [0.5] }))],
  ['rows of different lengths', 'data', /x\[1\]/, withTrainer((t) => t.load({ x: [[0, 1], [1]], y: [0, 1] }))],
  [
    'x and y of different lengths',
    'data',
    /y/,
    withTrainer((t) =>
      t.load({
        x: [
          [0, 1],
          [1, 0],
        ],
        y: [0],
      }),
    ),
  ],
  ['no examples', 'data', /x/, withTrainer((t) => t.load({ x: [], y: [] }))],
  ['unknown option of the trainer', 'option', /optimiser.*optimizer/, create({ optimiser: adam() })],
  ['unknown option of fit', 'option', /epoch.*epochs/, fit({ epoch: 3 })],
  ['batchSize 0', 'option', /batchSize.*0/, fit({ batchSize: 0 })],
  ['validation 2', 'option', /validation.*2/, fit({ validation: 2 })],
  ['lr −1', 'option', /lr.*-1/, create({ optimizer: { kind: 'optimizer', name: 'adam', options: { lr: -1 } } })],
  [
    'lr "0.1"',
    'option',
    /lr.*"0\.1"/,
    create({ optimizer: { kind: 'optimizer', name: 'adam', options: { lr: '0.1' } } }),
  ],
  ['no such optimizer', 'option', /adm.*adam/, create({ optimizer: { kind: 'optimizer', name: 'adm', options: {} } })],
  [
    'no such machine',
    'option',
    /createTrainer: machine must be 'auto', 'simd' or 'reference'/,
    create({ machine: 'gpu' }),
  ],
  ['no model', 'option', /model/, create({ model: undefined })],
  ['a function instead of a loss', 'option', /must be plain data/, create({ loss: crossEntropy })],
  [
    'too little memory for the model',
    'memory',
    /limit/,
    create({ model: sequential([2], dense(800_000), dense(3)), memory: { limit: 4 << 20 } }),
  ],
  [
    'too little memory for the data',
    'memory',
    /limit/,
    withTrainer((t) => t.load({ x: new Float32Array(2_000_000), y: new Uint8Array(1_000_000) }), {
      memory: { limit: 4 << 20 },
    }),
  ],
  ['junk instead of a snapshot', 'file', /safetensors/, withTrainer((t) => t.restore(new Uint8Array(100)))],
  [
    'another model’s snapshot',
    'file',
    /model/,
    withTrainer(async (t) => {
      const other = await createTrainer({ ...options, model: sequential([2], dense(3)) });
      const file = await other.snapshot();
      await other.dispose();
      await t.restore(file);
    }),
  ],
  [
    'another optimizer’s snapshot',
    'file',
    /adam.*sgd|sgd.*adam/,
    withTrainer(async (t) => {
      const other = await createTrainer({ ...options, optimizer: sgd() });
      const file = await other.snapshot();
      await other.dispose();
      await t.restore(file);
    }),
  ],
  ['data of another trainer', 'disposed', /load/, withTrainer((t) => t.fit({ kind: 'data', id: 99, rows: 3 }).result)],
  ['step without a paused fit', 'state', /paused/, withTrainer((t) => t.step())],
  ['predict of the wrong width', 'data', /predict|x/, withTrainer((t) => t.predict([[1, 2, 3]]))],
];

describe('bad input', () => {
  it.each(table)('%s', async (_, code, message, work) => {
    const error = await failure(work);
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
    await expectAlive();
  });

  it('a worker ended in the middle', async () => {
    const thread = new Worker(new URL('../../dist/worker.node.js', import.meta.url));
    const trainer = await createTrainer({ ...options, worker: () => thread });
    const run = trainer.fit(await trainer.load(data), { epochs: 1_000_000 });
    setTimeout(() => void thread.terminate(), 30);
    const waiting = [run.result, trainer.hash(), trainer.snapshot()].map((promise) =>
      promise.then(
        () => 'fulfilled',
        (error: DownhillError) => error.code,
      ),
    );
    const settled = await soon(Promise.all(waiting));
    expect(settled[0]).toBe('worker');
    await trainer.dispose();
    await expectAlive();
  });

  it.each([true, false])(
    'a loss that becomes infinite names the first tensor, and the parameters are those before (worker: %s)',
    async (worker) => {
      const description: TrainerOptions = {
        model: sequential([2], dense(4), dense(1)),
        loss: meanSquaredError(),
        optimizer: sgd({ lr: 1e4 }),
        worker,
      };
      const points = { x: data.x, y: Float32Array.from(data.y) };
      const trainer = await createTrainer(description);
      const run = trainer.fit(await trainer.load(points), { epochs: 100, batchSize: 60, shuffle: false });
      const error = await failure(() => run.result);
      expect(error.code).toBe('not-finite');
      expect(error.message).toMatch(
        /step 3 .*the first tensor that is not finite is the result of meanSquaredError \[\] in the loss/,
      );
      const step = Number(/step (\d+)/.exec(error.message)?.[1]);
      const twin = await createTrainer(description);
      const before = twin.fit(await twin.load(points), { epochs: step - 1, batchSize: 60, shuffle: false });
      expect((await before.result).hash).toBe(await trainer.hash());
      await twin.dispose();
      await trainer.dispose();
      await expectAlive();
    },
  );
});

// A loss that becomes NaN: the fit names the first tensor and the step, the parameters are those before that step, and the session goes on.

import { describe, expect, it } from 'vitest';
import { dense, relu } from '../../ts/layers/index.ts';
import { sequential } from '../../ts/layers/sequential.ts';
import { meanSquaredError } from '../../ts/losses/index.ts';
import { adam, sgd } from '../../ts/optimizers/index.ts';
import type { SessionDescription } from '../../ts/training/session.ts';
import { failure, machines, makeSession } from './support/sessions.ts';

/** Squared errors that grow a millionfold a step: after some steps f32 is at its end. */
const exploding: Partial<SessionDescription> = {
  model: sequential([1], dense(4), relu(), dense(1)),
  loss: meanSquaredError(),
  optimizer: sgd({ lr: 1000, momentum: 0.9 }),
  metrics: [],
};
const data = {
  x: Float32Array.from({ length: 40 }, (_, i) => i / 10),
  y: Float32Array.from({ length: 40 }, (_, i) => i),
};

describe.each(machines)('a run that explodes (%s)', (machine) => {
  it('ends with the step, the tensor and its layer, and with the parameters before that step', async () => {
    const { session } = makeSession(exploding, machine);
    const handle = session.load(data);
    const losses: number[] = [];
    const onReport = ({ losses: some }: { losses: Float32Array }): number => losses.push(...some);
    const error = await failure(session.fit(handle, { epochs: 50, batchSize: 8 }, { onReport }));
    expect(error.code).toBe('not-finite');
    const [, step, epoch, batch] = (error.message.match(/^step (\d+) \(epoch (\d+), batch (\d+)\): /) ?? []).map(
      Number,
    );
    expect(step).toBeGreaterThan(3);
    expect((epoch - 1) * 5 + batch).toBe(step);
    expect(error.message).toMatch(
      /the first tensor that is not finite is the (result|gradient) of .*lower learning rate/,
    );
    expect(losses).toHaveLength(step - 1);
    expect(losses.every(Number.isFinite)).toBe(true);
    const left = session.hash();

    const { session: other } = makeSession(exploding, machine);
    const fit = other.fit(other.load(data), { epochs: 50, batchSize: 8, paused: true });
    await other.step(step - 1);
    expect(other.hash()).toBe(left);
    other.stop();
    await fit;

    for (const { values } of session.model.save().values()) expect(values.every(Number.isFinite)).toBe(true);
    expect(session.fitting).toBe(false);
    const again = await failure(session.fit(handle, { epochs: 50, batchSize: 8, resume: true }));
    expect(again.message).toBe(error.message);
    expect(session.hash()).toBe(left);
  });

  it('names the layer whose result is not finite, at the very first step too', async () => {
    const { session } = makeSession({ ...exploding, optimizer: adam() }, machine);
    const huge = new Float32Array(4).fill(3e38);
    session.model.load([['0.weight', { values: huge }]]);
    const error = await failure(session.fit(session.load({ x: [[3], [5]], y: [1, 2] })));
    expect(error.message).toMatch(
      /^step 1 \(epoch 1, batch 1\): the first tensor that is not finite is the result of linear \[2, 4\] in layers\[0\] dense\(4\)/,
    );
    expect(error.path).toBe('layers[0] dense(4)');
    session.model.load([['0.weight', { values: new Float32Array(4).fill(1) }]]);
    expect(await session.fit(session.load({ x: [[3], [5]], y: [1, 2] }))).toMatchObject({ steps: 1, stopped: false });
  });

  it('names the loss, and a gradient', async () => {
    const loss = makeSession({ ...exploding, model: sequential([1], dense(1)) }, machine).session;
    const far = { x: [[1]], y: [1e30] };
    expect((await failure(loss.fit(loss.load(far)))).message).toMatch(
      /result of meanSquaredError \[\] in the loss meanSquaredError\(\)/,
    );
    const gradient = makeSession({ ...exploding, model: sequential([1], dense(1)) }, machine).session;
    gradient.model.load([
      ['0.weight', { values: Float32Array.of(0) }],
      ['0.bias', { values: Float32Array.of(0) }],
    ]);
    const steep = { x: [[3e38]], y: [1e10] };
    expect((await failure(gradient.fit(gradient.load(steep)))).message).toMatch(/the gradient of 0\.weight/);
  });
});

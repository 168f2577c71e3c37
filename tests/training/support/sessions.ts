// Engines and sessions for tests, on either machine, and a small classification task that uses all that training has: dropout, metrics,
// a short last batch, validation.

import { Engine } from '../../../ts/engine.ts';
import { DownhillError } from '../../../ts/errors.ts';
import { dense, dropout, relu } from '../../../ts/layers/index.ts';
import { sequential } from '../../../ts/layers/sequential.ts';
import { crossEntropy } from '../../../ts/losses/index.ts';
import { accuracy } from '../../../ts/metrics/index.ts';
import { adam } from '../../../ts/optimizers/index.ts';
import { type DataInput, Session, type SessionDescription } from '../../../ts/training/session.ts';
import { blobs } from '../../support/blobs.ts';
import { makeMachine } from '../../support/machines.ts';

export type Name = 'simd' | 'reference';
export const machines: readonly Name[] = ['simd', 'reference'];

/** An engine of its own. */
export const makeEngine = (machine: Name, limit?: number): Engine =>
  new Engine(makeMachine(machine, limit), { machine, refused: [] }, 0);

/** A task with dropout and a metric. */
export const description: SessionDescription = {
  model: sequential([2], dense(16), relu(), dropout(0.1), dense(3)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 0.01 }),
  metrics: [accuracy()],
  seed: 7,
};

/** 110 rows: with batches of 32 the last one has 14. */
export const data: DataInput = blobs(110);

/** A session with its engine. */
export function makeSession(
  more: Partial<SessionDescription> = {},
  machine: Name = 'reference',
): { engine: Engine; session: Session } {
  const engine = makeEngine(machine);
  return { engine, session: new Session(engine, { ...description, ...more }) };
}

/** What a promise rejects with, or a function throws. */
export async function failure(work: Promise<unknown> | (() => unknown)): Promise<DownhillError> {
  let thrown: unknown;
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    thrown = error;
  }
  if (thrown instanceof DownhillError) return thrown;
  throw new Error(`expected a DownhillError, got ${thrown === undefined ? 'no error' : String(thrown)}`);
}

// The demo's built page in Chromium: it learns the digits in its worker to the same hash as `npm start` does in Node. What the page's thread felt
// meanwhile is printed, not asserted: a busy machine may stall any page.

import { expect, it } from 'vitest';
import { readDigits, splitDigits } from '../../scripts/digits-data.mjs';
import { measurePage, pageLine } from '../../scripts/measure-page.mjs';
import { accuracy, adam, createTrainer, crossEntropy, dense, relu, sequential } from '../../ts/index.ts';

it('learns the digits in a worker, knows them upright and not turned, and comes to the hash of Node', async () => {
  const { training } = splitDigits(readDigits());
  const trainer = await createTrainer({
    model: sequential([784], dense(128), relu(), dense(10)),
    loss: crossEntropy(),
    optimizer: adam({ lr: 2e-3 }),
    metrics: [accuracy()],
    seed: 7,
  });
  const data = await trainer.load({ x: training.x, y: training.y, scale: 1 / 255 });
  const { hash } = await trainer.fit(data, { epochs: 12, batchSize: 64 }).result;
  await trainer.dispose();

  const page = await measurePage();
  console.log(pageLine(page));
  expect(page.complaints).toEqual([]);
  expect(page.hash).toBe(hash);
  expect(page.upright).toBeGreaterThanOrEqual(0.94);
  expect(page.turned).toBeLessThan(0.25);
});

// What `npm start` shows: a 784-128-10 network learns real digits in a worker, is tested upright and turned by 90°, and one epoch is
// timed here and on the plain-TypeScript reference. Usage: node scripts/digits.mjs [--epochs 12] [--seed 7] [--machine auto|simd|reference]

import { parseArgs } from 'node:util';
import { accuracy, adam, createTrainer, crossEntropy, dense, relu, sequential } from 'downhill';
import { PIXELS, readDigits, splitDigits, turn } from './digits-data.mjs';

const { values } = parseArgs({
  options: {
    epochs: { type: 'string', default: '12' },
    seed: { type: 'string', default: '7' },
    machine: { type: 'string', default: 'auto' },
  },
});
const epochs = wholeNumber('epochs', 1);
const seed = wholeNumber('seed', 0);

function wholeNumber(name, least) {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= least) return value;
  console.error(`--${name} must be a whole number from ${least}: got ${values[name]}`);
  process.exit(2);
}

const description = (machine) => ({
  model: sequential([PIXELS], dense(128), relu(), dense(10)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 2e-3 }),
  metrics: [accuracy()],
  seed,
  machine,
});
const asData = ({ x, y }) => ({ x, y, scale: 1 / 255 });

const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

/** Writes over the line in a terminal; elsewhere one line an epoch. */
function progress(report) {
  // In a terminal where the fit is now; elsewhere the epoch that has ended.
  const { epoch, loss, metrics } = process.stdout.isTTY ? report : (report.finished ?? report);
  const line =
    `epoch ${epoch + 1}/${epochs}  loss ${loss.toFixed(4)}  accuracy ${metrics.accuracy.toFixed(3)}  ` +
    `${Math.round(report.examplesPerSecond).toLocaleString('en')} examples/s  ${Math.max(0, report.timeLeft).toFixed(1)} s left`;
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${line}`);
  else if (report.finished !== undefined) console.log(line);
}

async function timeOneEpoch(machine, training) {
  const trainer = await createTrainer(description(machine));
  try {
    const data = await trainer.load(asData(training));
    const start = performance.now();
    await trainer.fit(data, { epochs: 1, batchSize: 64, snapshotEvery: 0 }).result;
    return performance.now() - start;
  } finally {
    await trainer.dispose();
  }
}

console.log('downhill: reading 10,000 digits');
const { training, test } = splitDigits(readDigits());
const trainer = await createTrainer(description(values.machine));
const { machine, refused } = trainer.info;
for (const { reason } of refused) console.log(`the simd machine was refused: ${reason}`);
console.log(
  `training 784-128-10 with Adam in a worker on the ${machine} machine: ${training.y.length} digits, batches of 64`,
);

const data = await trainer.load(asData(training));
const run = trainer.fit(data, { epochs, batchSize: 64 });
let interrupted = false;
const interrupt = () => {
  interrupted = true;
  run.stop();
};
process.once('SIGINT', interrupt);

const start = performance.now();
for await (const report of run) progress(report);
const summary = await run.result;
const took = performance.now() - start;
process.off('SIGINT', interrupt); // from here on there is nothing to stop: Ctrl-C ends the process
if (process.stdout.isTTY) process.stdout.write('\n');

if (interrupted) {
  console.log(`stopped after ${summary.steps} steps; nothing hangs, nothing is lost until the process ends`);
  await trainer.dispose();
  process.exitCode = 130;
} else {
  const upright = await trainer.evaluate(await trainer.load(asData(test)));
  const turned = await trainer.evaluate(await trainer.load(asData({ x: turn(test.x), y: test.y })));
  await trainer.dispose();
  const reference = await timeOneEpoch('reference', training);
  const here = took / epochs;
  console.log(`trained ${summary.steps} steps in ${seconds(took)}`);
  console.log(
    `one epoch: ${seconds(here)} on ${machine}, ${seconds(reference)} on the reference (${(reference / here).toFixed(1)} ×)`,
  );
  console.log(`test accuracy: ${upright.accuracy.toFixed(3)}`);
  console.log(`turned by 90°: ${turned.accuracy.toFixed(3)}`);
  console.log(`hash: ${summary.hash}`);
}

// The page: loads the digits, trains in a worker, and draws what the reports say. It uses only the package's public names.

import { accuracy, adam, createTrainer, crossEntropy, dense, type Run, relu, sequential, type Trainer } from 'downhill';
import { type Digits, draw, loadDigits, turn } from './digits.ts';

const EPOCHS = 12;

function element<T extends Element>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} #${id}`);
  return found;
}

const buttons = {
  train: element('train', HTMLButtonElement),
  pause: element('pause', HTMLButtonElement),
  stop: element('stop', HTMLButtonElement),
};
const text = (id: string, value: string): void => {
  element(id, HTMLElement).textContent = value;
};

/** The curve, thinned so that a frame never draws more than a few hundred points. */
class Curve {
  readonly #line = element('loss', SVGPolylineElement);
  readonly #losses: number[] = [];

  add(losses: Float32Array): void {
    this.#losses.push(...losses);
    const stride = Math.max(1, Math.floor(this.#losses.length / 300));
    const top = Math.max(...this.#losses.filter((_, i) => i % stride === 0), 1e-6);
    const points: string[] = [];
    for (let i = 0; i < this.#losses.length; i += stride) {
      const x = (600 * i) / Math.max(1, this.#losses.length - 1);
      points.push(`${x.toFixed(1)},${(198 - (196 * this.#losses[i]) / top).toFixed(1)}`);
    }
    this.#line.setAttribute('points', points.join(' '));
  }
}

const asData = ({ x, y }: Digits): { x: Uint8Array; y: Uint8Array; scale: number } => ({ x, y, scale: 1 / 255 });

async function train(training: Digits, test: Digits): Promise<void> {
  const trainer = await createTrainer({
    model: sequential([784], dense(128), relu(), dense(10)),
    loss: crossEntropy(),
    optimizer: adam({ lr: 2e-3 }),
    metrics: [accuracy()],
    seed: 7,
  });
  const { machine, refused } = trainer.info;
  text('machine', `machine: ${machine}${refused.map(({ reason }) => ` (simd refused: ${reason})`).join('')}`);
  try {
    await watch(trainer, trainer.fit(await trainer.load(asData(training)), { epochs: EPOCHS, batchSize: 64 }));
    const upright = await trainer.evaluate(await trainer.load(asData(test)));
    const turned = await trainer.evaluate(await trainer.load(asData({ x: turn(test.x), y: test.y })));
    text('upright-accuracy', upright.accuracy.toFixed(3));
    text('turned-accuracy', turned.accuracy.toFixed(3));
  } finally {
    await trainer.dispose();
  }
}

async function watch(trainer: Trainer, run: Run): Promise<void> {
  const curve = new Curve();
  let paused = false;
  buttons.pause.onclick = () => {
    paused = !paused;
    buttons.pause.textContent = paused ? 'Resume' : 'Pause';
    void (paused ? trainer.pause() : trainer.resume());
  };
  buttons.stop.onclick = () => run.stop();
  buttons.pause.disabled = false;
  buttons.stop.disabled = false;
  for await (const report of run) {
    curve.add(report.losses);
    text('status', `epoch ${report.epoch + 1} of ${EPOCHS}`);
    text(
      'figures',
      `– now ${report.loss.toFixed(4)}, accuracy ${report.metrics.accuracy.toFixed(3)}, ` +
        `${Math.round(report.examplesPerSecond).toLocaleString('en')} examples a second`,
    );
  }
  const summary = await run.result;
  text('status', summary.stopped ? `stopped after ${summary.steps} steps` : `trained ${summary.steps} steps`);
  text('hash', summary.hash);
  buttons.pause.disabled = true;
  buttons.stop.disabled = true;
}

try {
  const { training, test } = await loadDigits();
  draw(element('upright', HTMLCanvasElement), test.x);
  draw(element('turned', HTMLCanvasElement), turn(test.x));
  text(
    'status',
    `${training.y.length.toLocaleString('en')} digits to learn, ${test.y.length.toLocaleString('en')} to be tested on`,
  );
  buttons.train.disabled = false;
  buttons.train.onclick = async () => {
    buttons.train.disabled = true;
    try {
      await train(training, test);
    } catch (error) {
      text('status', error instanceof Error ? error.message : String(error));
    }
    buttons.train.disabled = false;
  };
} catch (error) {
  text('status', error instanceof Error ? error.message : String(error));
}

// Loss, metrics and outputs without learning: eager, batch by batch, in the order of the rows.

import type { CheckedRows, Dataset } from '../data/dataset.ts';
import type { Engine } from '../engine.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Model } from './model.ts';
import type { Sums, Task } from './task.ts';

/** Examples that are computed at once when nothing else is said. */
export const EVALUATION_BATCH = 256;

/** Lets others run now and then; false: give up. */
export type Tick = () => Promise<boolean>;

/** Sums over the given rows of a data set, or undefined when `tick` gave up. */
export async function evaluateRows(
  engine: Engine,
  model: Model,
  task: Task,
  data: Dataset,
  rows: Uint32Array,
  batchSize: number,
  tick: Tick,
): Promise<Sums | undefined> {
  const sums = task.start();
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = Int32Array.from(rows.subarray(start, start + batchSize));
    engine.scope(() => {
      const { x, targets } = data.batch(engine.tensor(batch));
      const outputs = model.forward(x);
      task.add(sums, batch.length, task.lossOf(outputs, targets).item(), outputs, targets);
    });
    if (!(await tick())) return undefined;
  }
  return sums;
}

/** The model's outputs [rows, …output] for examples. */
export async function predictRows(
  engine: Engine,
  model: Model,
  examples: CheckedRows,
  tick: Tick,
): Promise<Float32Array> {
  const [width, outWidth] = [sizeOf(model.input), sizeOf(model.output)];
  const out = new Float32Array(examples.rows * outWidth);
  for (let start = 0; start < examples.rows; start += EVALUATION_BATCH) {
    const rows = Math.min(EVALUATION_BATCH, examples.rows - start);
    const values = examples.values.subarray(start * width, (start + rows) * width);
    engine.scope(() => {
      const x: Tensor = engine.tensor(values, { shape: [rows, ...model.input] });
      const all = Int32Array.from({ length: rows }, (_, i) => i);
      const numbers = examples.bytes === undefined ? x : x.gather(engine.tensor(all), examples.bytes);
      out.set(model.forward(numbers).read(), start * outWidth);
    });
    await tick();
  }
  return out;
}

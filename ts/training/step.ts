// The training step of a model over one data set, compiled: gather the batch, forward, loss, backward, optimizer. Which rows make a batch
// reaches it as numbers that differ from step to step, so one program serves every batch of its size.

import type { Dataset } from '../data/dataset.ts';
import type { StepField } from '../engine/recorder.ts';
import type { Engine } from '../engine.ts';
import type { DownhillError } from '../errors.ts';
import type { Compiled } from '../tensor/compile.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Model } from './model.ts';
import type { Task } from './task.ts';

/** Something with a step: an optimizer over the model's parameters. */
export interface Stepper {
  step(): void;
}

/** What a step returns. Without metrics nothing but the loss is kept. */
type StepResult = { readonly loss: Tensor; readonly outputs?: Tensor; readonly targets?: Tensor };

/** The rows of the next batches, as a number that differs from step to step. */
class BatchRows implements StepField {
  readonly slot: number;
  readonly words: number;
  readonly #engine: Engine;
  #order: Uint32Array = new Uint32Array(0);
  #next = 0;

  constructor(engine: Engine, slot: number, words: number) {
    this.#engine = engine;
    this.slot = slot;
    this.words = words;
  }

  /** The next batch begins at `next` of `order`. */
  seek(order: Uint32Array, next: number): void {
    this.#order = order;
    this.#next = next;
  }

  fill(ahead: number, at: number): void {
    const start = this.#next + ahead * this.words;
    this.#engine.runtime.machine.memory.u32.set(this.#order.subarray(start, start + this.words), at);
  }

  advance(steps: number): void {
    this.#next += steps * this.words;
  }
}

/** A step for batches of `rows` examples. */
export class TrainingStep {
  readonly #rows: number;
  readonly #indices: Tensor;
  readonly #field: BatchRows;
  readonly #compiled: Compiled<[], StepResult>;

  constructor(engine: Engine, model: Model, task: Task, optimizer: Stepper, data: Dataset, rows: number) {
    this.#rows = rows;
    const { runtime } = engine;
    const { address, life, block } = runtime.allocateBlock(rows * 4, 'rows of a batch');
    const indices = new Tensor(runtime, 'rows of a batch', [rows], 'i32', address, life, block);
    this.#indices = indices;
    this.#field = new BatchRows(engine, address, rows);
    this.#compiled = engine.compile(
      (): StepResult => {
        const { x, targets } = data.batch(indices);
        const outputs = model.forward(x, { training: true });
        const loss = task.lossOf(outputs, targets);
        loss.backward();
        optimizer.step();
        return task.counts ? { loss, outputs, targets } : { loss };
      },
      { fields: [this.#field] },
    );
  }

  /**
   * Makes `steps` steps over consecutive batches that begin at `next` of `order`; `each` sees the result of every one. Returns how many
   * were made: fewer when a loss or gradient was not finite.
   */
  run(order: Uint32Array, next: number, steps: number, each: (rows: number, result: StepResult) => void): number {
    this.#field.seek(order, next);
    return this.#compiled.run(steps, (result) => each(this.#rows, result));
  }

  /** Names the first tensor that was not finite in the step that was refused. */
  diagnose(): DownhillError {
    return this.#compiled.diagnose();
  }

  dispose(): void {
    this.#compiled.dispose();
    this.#indices.dispose();
  }
}

// What moves the starts of a trace: one optimizer for all of them where its rule moves each element by itself, otherwise an optimizer for
// each start, so that no start can tell that there are others.

import type { Engine } from '../engine.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { type OptimizerDescription, ruleOf } from '../optimizers/rules.ts';
import { Parameter } from '../tensor/parameter.ts';

/** The optimizers of a trace. */
export class Movers {
  readonly #optimizers: Optimizer<Parameter>[] = [];

  /** For the rows of `points` [n, 2]. Throws `option`, `memory`. */
  constructor(engine: Engine, description: OptimizerDescription, points: Parameter) {
    const targets = ruleOf(description).laws.elementwise ? [points] : rowsOf(points);
    try {
      for (const target of targets) this.#optimizers.push(engine.optimizer(description, target));
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** One step of all, with the gradients as they are: what is not finite goes on as it is, in its own start. */
  step(): void {
    for (const optimizer of this.#optimizers) optimizer.step();
  }

  set(options: OptimizerDescription['options']): void {
    for (const optimizer of this.#optimizers) optimizer.set(options);
  }

  dispose(): void {
    for (const optimizer of this.#optimizers) optimizer.dispose();
  }
}

/** Parameters [1, 2] that are the rows of `points` [n, 2] themselves, no copies. */
function rowsOf(points: Parameter): Parameter[] {
  const { runtime, life } = points;
  const [values, gradients] = [points.address, points.gradient.address];
  return Array.from({ length: points.shape[0] }, (_, i) =>
    unlisted(new Parameter(runtime, `start ${i}`, [1, 2], values + 8 * i, gradients + 8 * i, life)),
  );
}

/** A parameter whose gradient no backward pass need clear, because none is taken of it. */
export function unlisted(parameter: Parameter): Parameter {
  parameter.runtime.parameters.delete(parameter);
  return parameter;
}

// A small problem that tests of compiled functions share.

import type { Engine } from '../../ts/engine.ts';
import { adam } from '../../ts/optimizers/index.ts';
import type { Optimizer } from '../../ts/optimizers/optimizer.ts';
import type { Compiled } from '../../ts/tensor/compile.ts';
import type { Parameter } from '../../ts/tensor/parameter.ts';
import type { Tensor } from '../../ts/tensor/tensor.ts';

/** What {@link fit} makes. */
export interface Fit {
  readonly engine: Engine;
  readonly w: Parameter;
  readonly optimizer: Optimizer<Parameter>;
  readonly step: Compiled<[Tensor], Tensor>;
}

/** Σ (w − x)², Adam. */
export function fit(engine: Engine): Fit {
  const w = engine.parameter([2], [5, -3]);
  const optimizer = engine.optimizer(adam({ lr: 0.1 }), w);
  const step = engine.compile((x: Tensor) => {
    const loss = w.sub(x).square().sum();
    loss.backward();
    optimizer.step();
    return loss;
  });
  return { engine, w, optimizer, step };
}

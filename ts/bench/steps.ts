// Whole training steps of three dense nets with Adam: one that fits the cache, one that is all arithmetic, one that is all overhead. Every
// contender starts from the same weights and trains on the same batch.

import type { Engine } from '../engine.ts';
import { adam } from '../optimizers/index.ts';
import type { Parameter } from '../tensor/parameter.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as data from './data.mjs';
import type { Contender, Match } from './harness.ts';
import { mlp as blocked } from './js-blocked.ts';
import { make, type Net } from './js-plain.mjs';

/** The nets by workload name. */
export const nets: Readonly<Record<string, Net>> = {
  'step-784-128-10': { sizes: [784, 128, 10], activation: 'relu', batch: 64 },
  'step-784-512-512-10': { sizes: [784, 512, 512, 10], activation: 'relu', batch: 128 },
  'step-2-8-8-1': { sizes: [2, 8, 8, 1], activation: 'tanh', batch: 16 },
};

/** The weights of data.mjs, which lie as [in, out], as [out, in]. */
function transposed(w: Float32Array, rows: number, cols: number): Float32Array {
  const out = new Float32Array(w.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = w[i * cols + j];
  return out;
}

/** One step of the net on an engine, and the loss it had. */
function network(
  engine: Engine,
  { sizes, activation, batch }: Net,
): { readonly step: () => Tensor; readonly dispose: () => void } {
  const layers = data
    .denseParams(sizes)
    .map(([w, b], l): [Parameter, Parameter] => [
      engine.parameter([sizes[l + 1], sizes[l]], transposed(w, sizes[l], sizes[l + 1]), { name: `${l}.weight` }),
      engine.parameter([sizes[l + 1]], b, { name: `${l}.bias` }),
    ]);
  const classes = sizes[sizes.length - 1];
  const x = engine.tensor(data.inputs(batch, sizes[0]), { shape: [batch, sizes[0]] });
  const y =
    classes > 1
      ? engine.tensor(data.labels(batch, classes))
      : engine.tensor(data.targets(batch), { shape: [batch, 1] });
  const optimizer = engine.optimizer(adam({ lr: data.HYPER.lr }), layers.flat());
  const step = (): Tensor => {
    let h: Tensor = x;
    layers.forEach(([w, b], l) => {
      h = h.linear(w, b);
      if (l < layers.length - 1) h = activation === 'relu' ? h.relu() : h.tanh();
    });
    const loss = classes > 1 ? h.crossEntropy(y) : h.meanSquaredError(y);
    loss.backward();
    optimizer.step();
    return loss;
  };
  const dispose = (): void => {
    optimizer.dispose();
    for (const tensor of [...layers.flat(), x, y]) tensor.dispose();
  };
  return { step, dispose };
}

/** The match of one net. `reference` is an engine on the reference machine. */
export function stepMatch(workload: string, engine: Engine, reference: Engine): Match {
  const net = nets[workload];
  const eager = network(engine, net);
  const compiled = network(engine, net);
  const twin = network(reference, net);
  const program = engine.compile(compiled.step);
  const twinProgram = reference.compile(twin.step);
  const [plain, best] = [make.mlp(net), blocked(net)];
  const repeat = (f: () => void) => (times: number) => {
    for (let i = 0; i < times; i++) f();
  };
  const contenders: Contender[] = [
    { name: 'simd', run: (times) => void program.run(times) },
    { name: 'simd-eager', run: repeat(() => engine.scope(() => void eager.step())) },
    { name: 'js', run: repeat(plain.step) },
    { name: 'js-blocked', run: repeat(best.step) },
    { name: 'reference', run: (times) => void twinProgram.run(times) },
  ];
  return {
    workload,
    size: `batch ${net.batch}`,
    unit: 'steps/s',
    measure: (seconds) => 1 / seconds,
    contenders,
    dispose: () => {
      program.dispose();
      twinProgram.dispose();
      for (const part of [eager, compiled, twin]) part.dispose();
    },
  };
}

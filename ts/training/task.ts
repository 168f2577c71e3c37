// What a model is trained for: its loss and metrics, checked against its outputs, and the sums that both are counted in.

import { DownhillError, show } from '../errors.ts';
import { type Loss, losses } from '../losses/index.ts';
import type { Decision, LossDefinition, TargetRule } from '../losses/loss.ts';
import { type Metric, metrics } from '../metrics/index.ts';
import type { MetricDefinition } from '../metrics/metric.ts';
import { definitionFor, resolveOptions } from '../options.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Model } from './model.ts';
import type { Evaluation } from './report.ts';

/** Sums over examples in f64, in the order of the batches: the loss, then each metric. */
export interface Sums {
  examples: number;
  readonly values: number[];
}

interface KnownMetric {
  readonly definition: MetricDefinition<Metric>;
  readonly metric: Required<Metric>;
}

/** Loss and metrics of one model. */
export class Task {
  /** With every default filled in. */
  readonly loss: Required<Loss>;
  readonly metrics: readonly Required<Metric>[];
  /** What targets must be. */
  readonly rule: TargetRule;
  readonly #definition: LossDefinition<Loss>;
  readonly #known: readonly KnownMetric[];
  readonly #decision: Decision;
  readonly #width: number;

  /** Throws `option` for bad descriptions, and `shape` for a loss that cannot take the model's outputs. */
  constructor(model: Model, loss: Loss, given: readonly Metric[]) {
    this.#definition = definitionFor<LossDefinition<Loss>>(losses, loss, 'loss', 'loss');
    const { kind, options, contains } = this.#definition;
    this.loss = resolveOptions(loss, options, { owner: kind, path: 'loss' });
    const last = model.description.layers.at(-1);
    if (last !== undefined && contains.includes(last.kind))
      throw new DownhillError(
        'option',
        `${kind} contains ${last.kind}: leave ${last.kind}() out at the end of the model, so that it ends in logits`,
        {
          path: `model.layers[${model.description.layers.length - 1}]`,
        },
      );
    this.rule = this.#definition.targets(this.loss, model.output);
    this.#decision = this.#definition.decision(this.loss, model.output);
    this.#width = sizeOf(model.output);
    if (!Array.isArray(given))
      throw new DownhillError('option', `metrics must be a list such as [accuracy()]: got ${show(given)}`, {
        path: 'metrics',
      });
    const list: readonly Metric[] = given;
    this.#known = list.map((metric, i) => {
      const path = `metrics[${i}]`;
      const definition = definitionFor<MetricDefinition<Metric>>(metrics, metric, 'metric', path);
      return { definition, metric: resolveOptions(metric, definition.options, { owner: definition.kind, path }) };
    });
    this.metrics = this.#known.map(({ metric }) => metric);
    const twice = this.metrics.find(
      ({ kind: name }, i) => this.metrics.findIndex((other) => other.kind === name) !== i,
    );
    if (twice !== undefined)
      throw new DownhillError('option', `metrics names ${twice.kind} twice`, { path: 'metrics' });
  }

  /** Whether outputs and targets are looked at beside the loss. */
  get counts(): boolean {
    return this.#known.length > 0;
  }

  /** Throws `option` for a metric that makes no sense for the targets at hand. */
  expectCountable(labelled: boolean): void {
    const wrong = labelled ? this.#known.find(({ definition }) => !definition.labels) : undefined;
    if (wrong === undefined) return;
    const { kind } = wrong.definition;
    throw new DownhillError(
      'option',
      `${kind} compares numbers, and the targets are class labels: take accuracy(), or give rows of numbers as targets`,
      {
        path: 'metrics',
      },
    );
  }

  /** The mean loss of a batch: a tensor with one element. */
  lossOf(outputs: Tensor, targets: Tensor): Tensor {
    const { runtime } = outputs;
    runtime.place = `the loss ${this.#definition.kind}()`;
    try {
      return this.#definition.forward(outputs, targets, this.loss);
    } finally {
      runtime.place = '';
    }
  }

  /** Sums of nothing. */
  start(): Sums {
    return { examples: 0, values: [0, ...this.#known.map(() => 0)] };
  }

  /** Adds a batch of `rows` examples. */
  add(sums: Sums, rows: number, loss: number, outputs: Tensor | undefined, targets: Tensor | undefined): void {
    sums.examples += rows;
    sums.values[0] += loss * rows;
    if (outputs === undefined || targets === undefined) return;
    const batch = {
      outputs: floats(outputs),
      targets: numbers(targets),
      rows,
      width: this.#width,
      decision: this.#decision,
    };
    this.#known.forEach(({ definition, metric }, i) => {
      sums.values[i + 1] += definition.sum(metric, batch);
    });
  }

  lossIn({ examples, values }: Sums): number {
    return values[0] / examples;
  }

  /** Metrics by name. */
  metricsIn({ examples, values }: Sums): Record<string, number> {
    return Object.fromEntries(this.#known.map(({ definition }, i) => [definition.kind, values[i + 1] / examples]));
  }

  evaluation(sums: Sums): Evaluation {
    return { loss: this.lossIn(sums), ...this.metricsIn(sums) };
  }
}

/** The numbers of a tensor where they lie: valid until the memory grows. */
function floats({ runtime, address, size }: Tensor): Float32Array {
  return runtime.machine.memory.f32.subarray(address >>> 2, (address >>> 2) + size);
}

function numbers(x: Tensor): Float32Array | Int32Array {
  if (x.dtype !== 'i32') return floats(x);
  return new Int32Array(x.runtime.machine.memory.u8.buffer, x.address, x.size);
}

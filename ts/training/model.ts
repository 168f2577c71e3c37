// A network in an engine's memory: all its parameters lie in one block and their gradients in another, so an optimizer moves them with one
// kernel call. Names are those of PyTorch's nn.Sequential: `0.weight`, `0.bias`.

import { type Key, streamKey } from '../data/streams.ts';
import type { Storage } from '../engine/runtime.ts';
import type { Engine } from '../engine.ts';
import { DownhillError } from '../errors.ts';
import { initialize } from '../initializers/index.ts';
import type { Layer } from '../layers/index.ts';
import type { LayerDefinition } from '../layers/layer.ts';
import { type ModelPlan, type PlannedLayer, planModel, type Sequential, titleOf } from '../layers/sequential.ts';
import { Parameter } from '../tensor/parameter.ts';
import { format, type Shape, sizeOf } from '../tensor/shape.ts';
import { expectTensor, type Tensor } from '../tensor/tensor.ts';

/** Options of {@link Model}. */
export interface ModelOptions {
  /** First weights are those of this seed, whatever the engine has drawn. Default: the engine's random stream goes on. */
  readonly seed?: number;
}

/** Numbers of one parameter, row-major. */
export interface NamedValues {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** A model whose numbers exist. */
export class Model {
  /** With every default filled in. */
  readonly description: Sequential;
  /** Shape of one example. */
  readonly input: Shape;
  /** Shape of the output of one example. */
  readonly output: Shape;
  /** In the order of the layers, weight before bias. */
  readonly parameters: readonly Parameter[];
  readonly #plan: ModelPlan;
  readonly #engine: Engine;
  readonly #blocks: readonly Storage[];
  /** The parameters of each layer. */
  readonly #byLayer: readonly (readonly Parameter[])[];
  #disposed = false;

  /** Makes the parameters and draws the first weights. Throws `option`, `shape` or `memory`. */
  constructor(engine: Engine, description: Sequential, { seed }: ModelOptions = {}) {
    const plan = planModel(description);
    this.#engine = engine;
    this.#plan = plan;
    this.description = plan.description;
    this.input = plan.description.input;
    this.output = plan.output;
    const { runtime } = engine;
    const specs = plan.layers.flatMap(({ parameters }) => parameters);
    const bytes = 4 * specs.reduce((total, { shape }) => total + sizeOf(shape), 0);
    const values = runtime.allocateBlock(bytes, 'parameters of a model');
    let gradients: Storage;
    try {
      gradients = runtime.allocateBlock(bytes, 'gradients of a model');
    } catch (error) {
      if (values.block !== undefined) runtime.heap.free(values.block);
      throw error;
    }
    this.#blocks = [values, gradients];
    runtime.machine.memory.u32.fill(0, gradients.address >>> 2, (gradients.address + bytes) >>> 2);
    let offset = 0;
    this.#byLayer = plan.layers.map(({ parameters }, index) =>
      parameters.map(({ name, shape }) => {
        const at = offset;
        offset += 4 * sizeOf(shape);
        return new Parameter(
          runtime,
          `${index}.${name}`,
          shape,
          values.address + at,
          gradients.address + at,
          values.life,
        );
      }),
    );
    this.parameters = this.#byLayer.flat();
    if (seed === undefined) this.#initialize();
    else withStream(engine, streamKey(seed, 'weights'), () => this.#initialize());
  }

  /** `sequential([784], dense(128), relu(), dense(10))`. */
  get title(): string {
    return titleOf(this.#plan);
  }

  /** Outputs [n, …output] for examples [n, …input]. Throws `shape` for another input. */
  forward(x: Tensor, { training = false }: { readonly training?: boolean } = {}): Tensor {
    this.#check();
    const { runtime } = this.#engine;
    expectTensor('model', x, runtime);
    const [rows, ...shape] = x.shape;
    if (rows === undefined || format(shape) !== format(this.input)) {
      const expected = format([-1, ...this.input]).replace('-1', 'n');
      throw new DownhillError('shape', `the model needs examples ${expected}: got ${format(x.shape)}`, {
        path: 'x',
        expected,
        received: format(x.shape),
      });
    }
    let out = x;
    try {
      this.#plan.layers.forEach(({ definition, layer, place }: PlannedLayer, i) => {
        runtime.place = `layers[${i}] ${place.title}`;
        const known: LayerDefinition<Layer> = definition;
        out = known.forward(out, layer, this.#byLayer[i], { training });
      });
    } finally {
      runtime.place = '';
    }
    return out;
  }

  /** Copies of all parameters by name. */
  save(): Map<string, NamedValues> {
    this.#check();
    return new Map(
      this.parameters.map((parameter) => [
        parameter.name,
        { shape: parameter.shape, values: Float32Array.from(parameter.read()) },
      ]),
    );
  }

  /** Overwrites parameters by name; names that are missing keep their numbers. Throws `data`, changing nothing, for an unknown name or shape. */
  load(values: Iterable<readonly [string, Pick<NamedValues, 'values'> & Partial<NamedValues>]>): void {
    this.#check();
    const byName = new Map(this.parameters.map((parameter) => [parameter.name, parameter]));
    const all = [...values].map(([name, given]) => {
      const parameter = byName.get(name);
      const names = [...byName.keys()].join(', ');
      if (parameter === undefined)
        throw new DownhillError('data', `the model has no parameter ${name}: it has ${names}`, { path: name });
      const fits =
        given.values.length === parameter.size &&
        (given.shape === undefined || format(given.shape) === format(parameter.shape));
      if (!fits) {
        const received = given.shape === undefined ? `${given.values.length} numbers` : format(given.shape);
        throw new DownhillError('data', `parameter ${name} has shape ${format(parameter.shape)}: got ${received}`, {
          path: name,
        });
      }
      return { parameter, values: given.values };
    });
    for (const { parameter, values: numbers } of all) parameter.set(numbers);
  }

  /** Gives the memory back; optimizers and compiled functions over it become stale. */
  dispose(): void {
    this.#disposed = true;
    const { runtime } = this.#engine;
    for (const parameter of this.parameters) parameter.dispose();
    for (const { block } of this.#blocks) if (block !== undefined) runtime.heap.free(block);
  }

  /** `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #check(): void {
    if (this.#disposed) throw new DownhillError('disposed', 'this model was disposed: make a new one');
  }

  #initialize(): void {
    this.#plan.layers.forEach(({ parameters }, i) => {
      parameters.forEach(({ initializer, fans }, j) => {
        initialize(this.#byLayer[i][j], initializer, fans);
      });
    });
  }
}

/** Runs `draw` with the engine's random numbers coming from the beginning of another stream. */
function withStream(engine: Engine, key: Key, draw: () => void): void {
  const { random } = engine.runtime;
  const before = random.state;
  random.state = [...key, 0, 0];
  try {
    draw();
  } finally {
    random.state = before;
  }
}

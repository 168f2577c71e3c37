// Fully connected layer: y = x·Wᵀ + b, with the weight as PyTorch's nn.Linear has it, [units, inputs].

import { fanInUniform, type Initializer, initializerOption } from '../initializers/index.ts';
import { resolveOptions } from '../options.ts';
import { type LayerDefinition, needs } from './layer.ts';

/** Options of {@link dense} beside its units. */
export interface DenseOptions {
  /** Whether a bias is added. Default true. */
  readonly bias?: boolean;
  /** Default `fanInUniform()`, PyTorch's. */
  readonly kernelInitializer?: Initializer;
  /** Default `fanInUniform()` over the layer's inputs, PyTorch's. */
  readonly biasInitializer?: Initializer;
}

/** What {@link dense} makes. */
export interface Dense extends DenseOptions {
  readonly kind: 'dense';
  /** Number of outputs, ≥ 1. */
  readonly units: number;
}

export const denseLayer: LayerDefinition<Dense> = {
  kind: 'dense',
  options: {
    units: { type: 'integer', min: 1, max: 16_777_216, text: 'outputs' },
    bias: { type: 'boolean', default: true, text: 'add a bias' },
    kernelInitializer: initializerOption('first weights', fanInUniform()),
    biasInitializer: initializerOption('first biases', fanInUniform()),
  },
  argument: ({ units }) => String(units),
  output: ({ units }, input, place) => {
    if (input.length !== 1) throw needs(place, 'flat input', input, 'put flatten() before it');
    return [units];
  },
  parameters: ({ units, bias, kernelInitializer, biasInitializer }, [inputs]) => {
    const fans = { in: inputs, out: units };
    const weight = { name: 'weight', shape: [units, inputs], initializer: kernelInitializer, fans };
    return bias ? [weight, { name: 'bias', shape: [units], initializer: biasInitializer, fans }] : [weight];
  },
  forward: (x, _, [weight, bias]) => x.linear(weight, bias),
};

/**
 * Fully connected layer: y = x·Wᵀ + b, from flat input [inputs] to [units]. Parameters as PyTorch's `Linear` has them:
 * `weight` [units, inputs], `bias` [units]. Throws `option` for units that are no whole number ≥ 1.
 *
 * @example
 * ```js
 * import { createEngine, dense, Model, sequential } from 'downhill';
 * const engine = await createEngine();
 * const model = new Model(engine, sequential([3], dense(2)));
 * console.log(model.parameters.map(({ name, shape }) => `${name} [${shape}]`).join(' ')); // 0.weight [2,3] 0.bias [2]
 * ```
 */
export function dense(units: number, options: DenseOptions = {}): Dense {
  return resolveOptions({ ...options, kind: 'dense', units }, denseLayer.options, { owner: 'dense', path: '' });
}

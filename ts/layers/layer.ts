// What a layer is: its options, the shape it needs and makes, its parameters, and its forward pass. Shapes here have no batch axis.

import { DownhillError } from '../errors.ts';
import type { Fans, Initializer } from '../initializers/index.ts';
import type { OptionSpecs } from '../options.ts';
import type { Parameter } from '../tensor/parameter.ts';
import { format, type Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A parameter that a layer wants; its name is PyTorch's (`weight`, `bias`). */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  readonly fans: Fans;
}

/** Where a layer stands, for messages. */
export interface LayerPlace {
  /** `layers[2] dense`. */
  readonly path: string;
  /** `dense(10)`. */
  readonly title: string;
  /** `after relu`, or `at the input`. */
  readonly position: string;
}

/** What a forward pass is for. */
export interface Forward {
  /** True while training: dropout drops. */
  readonly training: boolean;
}

/** One layer of the list. Methods, so that a list of layers of many kinds has one type. */
export interface LayerDefinition<D extends { readonly kind: string }> {
  readonly kind: D['kind'];
  readonly options: OptionSpecs<D>;
  /** The options as its call shows them: `10` of `dense(10)`. */
  argument(layer: Required<D>): string;
  /** Shape of the output for an input of this shape. Throws `shape` when the layer cannot take it. */
  output(layer: Required<D>, input: Shape, place: LayerPlace): Shape;
  parameters(layer: Required<D>, input: Shape): readonly ParameterSpec[];
  /** `x` has the batch axis first; `parameters` stand in the order of {@link parameters}. */
  forward(x: Tensor, layer: Required<D>, parameters: readonly Parameter[], forward: Forward): Tensor;
}

/** The error of a layer that cannot take its input. */
export function needs(place: LayerPlace, expected: string, input: Shape, remedy: string): DownhillError {
  const received = format(input);
  return new DownhillError('shape', `${place.title} ${place.position} needs ${expected}: got ${received}; ${remedy}`, {
    path: place.path,
    expected,
    received,
  });
}

/** A layer without parameters that changes each element for itself. */
export function elementwise<D extends { readonly kind: string }>(
  kind: D['kind'],
  options: OptionSpecs<D>,
  forward: (x: Tensor, layer: Required<D>, forward: Forward) => Tensor,
  argument: (layer: Required<D>) => string = () => '',
): LayerDefinition<D> {
  return {
    kind,
    options,
    argument,
    output: (_, input) => input,
    parameters: () => [],
    forward: (x, layer, _, pass) => forward(x, layer, pass),
  };
}

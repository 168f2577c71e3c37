// The list of layers: what a model may be made of.

import { type Dense, denseLayer } from './dense.ts';
import { type Dropout, dropoutLayer } from './dropout.ts';
import { type Elu, eluLayer } from './elu.ts';
import { type Flatten, flattenLayer } from './flatten.ts';
import { type Gelu, geluLayer } from './gelu.ts';
import type { LayerDefinition } from './layer.ts';
import { type LeakyRelu, leakyReluLayer } from './leaky-relu.ts';
import { type Relu, reluLayer } from './relu.ts';
import { type Selu, seluLayer } from './selu.ts';
import { type Sigmoid, sigmoidLayer } from './sigmoid.ts';
import { type Silu, siluLayer } from './silu.ts';
import { type Softmax, softmaxLayer } from './softmax.ts';
import { type Softplus, softplusLayer } from './softplus.ts';
import { type Tanh, tanhLayer } from './tanh.ts';

export { type DenseOptions, dense } from './dense.ts';
export { dropout } from './dropout.ts';
export { type EluOptions, elu } from './elu.ts';
export { flatten } from './flatten.ts';
export { type GeluOptions, gelu } from './gelu.ts';
export { type LeakyReluOptions, leakyRelu } from './leaky-relu.ts';
export { relu } from './relu.ts';
export { selu } from './selu.ts';
export { sigmoid } from './sigmoid.ts';
export { silu } from './silu.ts';
export { softmax } from './softmax.ts';
export { softplus } from './softplus.ts';
export { tanh } from './tanh.ts';

/** One layer of a model: plain data. */
export type Layer =
  | Dense
  | Dropout
  | Elu
  | Flatten
  | Gelu
  | LeakyRelu
  | Relu
  | Selu
  | Sigmoid
  | Silu
  | Softmax
  | Softplus
  | Tanh;

/** Every layer by its kind. */
export const layers: { readonly [K in Layer['kind']]: LayerDefinition<Extract<Layer, { kind: K }>> } = {
  dense: denseLayer,
  dropout: dropoutLayer,
  elu: eluLayer,
  flatten: flattenLayer,
  gelu: geluLayer,
  leakyRelu: leakyReluLayer,
  relu: reluLayer,
  selu: seluLayer,
  sigmoid: sigmoidLayer,
  silu: siluLayer,
  softmax: softmaxLayer,
  softplus: softplusLayer,
  tanh: tanhLayer,
};

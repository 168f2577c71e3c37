// PyTorch's default for linear layers: kaiming_uniform_ with a = √5, which comes to U(±1/√fan_in), for weights and biases alike.

import { type InitializerDefinition, symmetric } from './initializer.ts';

/** U(±1/√fan_in). */
export interface FanInUniform {
  readonly kind: 'fanInUniform';
}

/** U(±1/√fan_in), the default of `dense`; the fan of a bias is its layer's. */
export const fanInUniform = (): FanInUniform => ({ kind: 'fanInUniform' });

export const fanInUniformInitializer: InitializerDefinition<FanInUniform> = {
  kind: 'fanInUniform',
  options: {},
  distribution: (_, fans) => symmetric(1 / Math.sqrt(fans.in)),
};

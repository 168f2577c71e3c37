// Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", eq. 16: keeps the variance of
// activations and of gradients level through layers that are nearly linear (tanh, sigmoid).

import { centred, type InitializerDefinition, symmetric } from './initializer.ts';

/** U(±√(6 / (fan_in + fan_out))). */
export interface GlorotUniform {
  readonly kind: 'glorotUniform';
}

/** N(0, 2 / (fan_in + fan_out)), not truncated. */
export interface GlorotNormal {
  readonly kind: 'glorotNormal';
}

/** U(±√(6 / (fan_in + fan_out))): `xavier_uniform_` in PyTorch, the default of Keras. */
export const glorotUniform = (): GlorotUniform => ({ kind: 'glorotUniform' });

/** N(0, 2 / (fan_in + fan_out)): `xavier_normal_` in PyTorch. */
export const glorotNormal = (): GlorotNormal => ({ kind: 'glorotNormal' });

export const glorotUniformInitializer: InitializerDefinition<GlorotUniform> = {
  kind: 'glorotUniform',
  options: {},
  distribution: (_, fans) => symmetric(Math.sqrt(6 / (fans.in + fans.out))),
};

export const glorotNormalInitializer: InitializerDefinition<GlorotNormal> = {
  kind: 'glorotNormal',
  options: {},
  distribution: (_, fans) => centred(Math.sqrt(2 / (fans.in + fans.out))),
};

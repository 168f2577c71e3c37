// He, Zhang, Ren & Sun 2015, "Delving deep into rectifiers", eq. 10: keeps the variance of activations level through relu layers.

import { centred, type InitializerDefinition, symmetric } from './initializer.ts';

/** U(±√(6 / fan_in)). */
export interface HeUniform {
  readonly kind: 'heUniform';
}

/** N(0, 2 / fan_in), not truncated. */
export interface HeNormal {
  readonly kind: 'heNormal';
}

/** U(±√(6 / fan_in)): `kaiming_uniform_` in PyTorch for relu. */
export const heUniform = (): HeUniform => ({ kind: 'heUniform' });

/** N(0, 2 / fan_in): `kaiming_normal_` in PyTorch for relu. */
export const heNormal = (): HeNormal => ({ kind: 'heNormal' });

export const heUniformInitializer: InitializerDefinition<HeUniform> = {
  kind: 'heUniform',
  options: {},
  distribution: (_, fans) => symmetric(Math.sqrt(6 / fans.in)),
};

export const heNormalInitializer: InitializerDefinition<HeNormal> = {
  kind: 'heNormal',
  options: {},
  distribution: (_, fans) => centred(Math.sqrt(2 / fans.in)),
};

// LeCun, Bottou, Orr & Müller 1998, "Efficient BackProp", §4.6: unit variance forward; what selu needs (Klambauer et al. 2017).

import { centred, type InitializerDefinition, symmetric } from './initializer.ts';

/** U(±√(3 / fan_in)). */
export interface LecunUniform {
  readonly kind: 'lecunUniform';
}

/** N(0, 1 / fan_in), not truncated. */
export interface LecunNormal {
  readonly kind: 'lecunNormal';
}

/** U(±√(3 / fan_in)). */
export const lecunUniform = (): LecunUniform => ({ kind: 'lecunUniform' });

/** N(0, 1 / fan_in): for selu. */
export const lecunNormal = (): LecunNormal => ({ kind: 'lecunNormal' });

export const lecunUniformInitializer: InitializerDefinition<LecunUniform> = {
  kind: 'lecunUniform',
  options: {},
  distribution: (_, fans) => symmetric(Math.sqrt(3 / fans.in)),
};

export const lecunNormalInitializer: InitializerDefinition<LecunNormal> = {
  kind: 'lecunNormal',
  options: {},
  distribution: (_, fans) => centred(Math.sqrt(1 / fans.in)),
};

// A smooth rectifier (Dugas et al. 2001).

import { elementwise, type LayerDefinition } from './layer.ts';

export interface Softplus {
  readonly kind: 'softplus';
}

/** log(1 + eˣ). */
export const softplus = (): Softplus => ({ kind: 'softplus' });

export const softplusLayer: LayerDefinition<Softplus> = elementwise('softplus', {}, (x) => x.softplus());

// A smooth rectifier (Dugas et al. 2001).

import { elementwise, type LayerDefinition } from './layer.ts';

/** What {@link softplus} makes. */
export interface Softplus {
  readonly kind: 'softplus';
}

/** log(1 + eˣ), a smooth rectifier, element by element. Source: Dugas et al. 2001. */
export const softplus = (): Softplus => ({ kind: 'softplus' });

export const softplusLayer: LayerDefinition<Softplus> = elementwise('softplus', {}, (x) => x.softplus());

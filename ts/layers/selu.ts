// Self-normalising activation (Klambauer, Unterthiner, Mayr & Hochreiter 2017).

import { elementwise, type LayerDefinition } from './layer.ts';

/** What {@link selu} makes. */
export interface Selu {
  readonly kind: 'selu';
}

/** λx for x > 0, λα(eˣ − 1) below, with the constants of Klambauer et al. 2017; wants `lecunNormal()` weights. */
export const selu = (): Selu => ({ kind: 'selu' });

export const seluLayer: LayerDefinition<Selu> = elementwise('selu', {}, (x) => x.selu());

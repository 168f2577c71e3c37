// Sigmoid-weighted linear unit (Elfwing, Uchibe & Doya 2017; Ramachandran, Zoph & Le 2017).

import { elementwise, type LayerDefinition } from './layer.ts';

/** What {@link silu} makes. */
export interface Silu {
  readonly kind: 'silu';
}

/** x · sigmoid(x), also called swish, element by element. Sources: Elfwing, Uchibe & Doya 2017; Ramachandran, Zoph & Le 2017. */
export const silu = (): Silu => ({ kind: 'silu' });

export const siluLayer: LayerDefinition<Silu> = elementwise('silu', {}, (x) => x.silu());

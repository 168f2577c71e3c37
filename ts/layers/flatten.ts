// Makes every example one row: [channels, height, width] becomes [channels · height · width], in memory order.

import { sizeOf } from '../tensor/shape.ts';
import type { LayerDefinition } from './layer.ts';

/** What {@link flatten} makes. */
export interface Flatten {
  readonly kind: 'flatten';
}

/** Each example becomes one row of numbers, in memory order: [channels, height, width] → [channels · height · width]. */
export const flatten = (): Flatten => ({ kind: 'flatten' });

export const flattenLayer: LayerDefinition<Flatten> = {
  kind: 'flatten',
  options: {},
  argument: () => '',
  output: (_, input) => [sizeOf(input)],
  parameters: () => [],
  forward: (x) => (x.shape.length === 2 ? x : x.reshape([x.shape[0], sizeOf(x.shape.slice(1))])),
};

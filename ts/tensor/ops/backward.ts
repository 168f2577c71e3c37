// The backward pass as an operation, so that it becomes a method like the others.

import { type BackwardOptions, backward as run } from '../autograd.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Writes the gradient of this loss (one element) into `gradient` of every trainable parameter; parameters that the loss does not reach get zero.
 * Throws `state` outside a scope.
 */
export function backward(loss: Tensor, options?: BackwardOptions): void {
  run(loss, options);
}

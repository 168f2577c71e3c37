// Dropout (Srivastava et al. 2014) with the kept elements scaled up, so that nothing changes when training ends.

import { apply } from '../autograd.ts';
import type { Tensor } from '../tensor.ts';
import { mul } from './arithmetic.ts';
import { composed, expectDType, expectNumber } from './support.ts';
import { same } from './transpose.ts';

/** Options of {@link dropout}. */
export interface DropoutOptions {
  /** False: x unchanged. Default true. */
  readonly training?: boolean;
}

const TWO_32 = 4294967296;

/**
 * Sets each element to 0 with probability `rate` (0 ≤ rate < 1) and divides the others by 1 − rate. Draws from the engine's random stream.
 */
export function dropout(x: Tensor, rate = 0.5, { training = true }: DropoutOptions = {}): Tensor {
  expectDType('dropout', 'a tensor', x);
  expectNumber('dropout', 'rate', rate, 0, 1 - 1 / TWO_32, 'a number with 0 ≤ rate < 1');
  if (rate === 0 || !training) return same('dropout', x);
  return composed('dropout', x.runtime, () => mul(x, mask(x, rate)));
}

function mask(x: Tensor, rate: number): Tensor {
  const { random } = x.runtime;
  const { state, offset } = random.draw(x.size);
  // A word below the threshold drops: the rate is met to 2⁻³².
  const threshold = Math.floor(rate * TWO_32);
  const out = apply('dropout mask', [x], x.shape, (out, k) =>
    k.dropout_mask(out, x.size, state, offset, x.runtime.words([threshold, bitsOf(1 / (1 - rate))])),
  );
  random.settle();
  return out;
}

const float: Float32Array = new Float32Array(1);
const word: Uint32Array = new Uint32Array(float.buffer);

function bitsOf(x: number): number {
  float[0] = x;
  return word[0];
}

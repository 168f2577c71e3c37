// What an initializer is: a description that becomes one distribution once the fans of a tensor are known. The numbers themselves are
// drawn by the machine from the engine's random stream.

import type { OptionSpecs } from '../options.ts';
import type { Shape } from '../tensor/shape.ts';

/** How many inputs reach one output of a weight, and how many outputs one input reaches. */
export interface Fans {
  readonly in: number;
  readonly out: number;
}

/** What every initializer comes down to. Uniform draws from [low, high), normal has a mean and a standard deviation. */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number };

/** One initializer of the list. */
export interface InitializerDefinition<D extends { readonly kind: string }> {
  readonly kind: D['kind'];
  readonly options: OptionSpecs<D>;
  /** The distribution for a tensor with these fans; computed in f64 and rounded to f32 once. */
  distribution(description: Required<D>, fans: Fans): Distribution;
}

/** Fans of a weight in PyTorch's order: `[out, in]`, or `[out, in, …kernel]`. A vector of n has fans of n. */
export function fansOf(shape: Shape): Fans {
  const [out = 1, inputs = out, ...kernel] = shape;
  const field = kernel.reduce((product, size) => product * size, 1);
  return { in: Math.max(1, inputs * field), out: Math.max(1, out * field) };
}

/** U(−limit, limit). */
export const symmetric = (limit: number): Distribution => ({ kind: 'uniform', low: -limit, high: limit });

/** N(0, deviation²). */
export const centred = (deviation: number): Distribution => ({ kind: 'normal', mean: 0, deviation });

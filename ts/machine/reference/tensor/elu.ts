// elu and selu, exponential below 0, with their gradients.

import { type Kernel, kernel } from '../../signature.ts';
import * as math from '../math.ts';
import { gradientOfInput, gradientWithNumbers, map, mapWithNumbers } from './pointwise.ts';

const f = Math.fround;

/** Klambauer et al. 2017: the scale, and scale · α */
const SCALE = f(1.050701);
const SCALE_ALPHA = f(1.7580993);

/** x > 0 ? scale · x : α · (eˣ − 1) */
const forward =
  (scale: number, alpha: number) =>
  (x: number): number =>
    x > 0 ? scale * x : alpha * math.expm1(x);

/** dy · (x > 0 ? scale : α · eˣ) */
const backward =
  (scale: number, alpha: number) =>
  (x: number, dy: number): number =>
    dy * (x > 0 ? scale : f(alpha * math.exp(x)));

/**
 * out = x > 0 ? x : α · (eˣ − 1)
 * numbers: 0 α
 */
export const elu: Kernel<'elu'> = kernel(
  'elu',
  mapWithNumbers(1, (alpha) => forward(1, alpha)),
);

/**
 * dx = dy · (x > 0 ? 1 : α · eˣ)
 * numbers: 0 α
 */
export const elu_grad: Kernel<'elu_grad'> = kernel(
  'elu_grad',
  gradientWithNumbers(1, (alpha) => backward(1, alpha)),
);

/** out = x > 0 ? 1.050701 · x : 1.7580993 · (eˣ − 1) */
export const selu: Kernel<'selu'> = kernel('selu', map(forward(SCALE, SCALE_ALPHA)));

/** dx = dy · (x > 0 ? 1.050701 : 1.7580993 · eˣ) */
export const selu_grad: Kernel<'selu_grad'> = kernel('selu_grad', gradientOfInput(backward(SCALE, SCALE_ALPHA)));

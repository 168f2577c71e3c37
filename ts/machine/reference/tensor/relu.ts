// relu and leaky relu with their gradients, written so that NaN and −0 stay.

import { type Kernel, kernel } from '../../signature.ts';
import { gradientOfInput, gradientWithNumbers, map, mapWithNumbers } from './pointwise.ts';

/** out = x < 0 ? 0 : x */
export const relu: Kernel<'relu'> = kernel(
  'relu',
  map((x) => (x < 0 ? 0 : x)),
);

/** dx = x ≤ 0 ? 0 : dy, so that the gradient at 0 is 0 (PyTorch's choice) */
export const relu_grad: Kernel<'relu_grad'> = kernel(
  'relu_grad',
  gradientOfInput((x, dy) => (x <= 0 ? 0 : dy)),
);

/**
 * out = x > 0 ? x : slope · x
 * numbers: 0 slope
 */
export const leaky_relu: Kernel<'leaky_relu'> = kernel(
  'leaky_relu',
  mapWithNumbers(1, (slope) => (x) => (x > 0 ? x : slope * x)),
);

/**
 * dx = x > 0 ? dy : slope · dy
 * numbers: 0 slope
 */
export const leaky_relu_grad: Kernel<'leaky_relu_grad'> = kernel(
  'leaky_relu_grad',
  gradientWithNumbers(1, (slope) => (x, dy) => (x > 0 ? dy : slope * dy)),
);

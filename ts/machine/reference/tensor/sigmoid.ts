// The activations made of eˣ: tanh, sigmoid, silu and softplus, with their gradients.

import { type Kernel, kernel } from '../../signature.ts';
import * as math from '../math.ts';
import { gradientOfInput, gradientOfOutput, gradientWithNumbers, map, mapWithNumbers } from './pointwise.ts';

const f = Math.fround;

/** 1 / (1 + e⁻ˣ) */
const logistic = (x: number): number => f(1 / f(1 + math.exp(-x)));

/** out = tanh x */
export const tanh: Kernel<'tanh'> = kernel('tanh', map(math.tanh));

/** dx = dy · ((1 − y) · (1 + y)) */
export const tanh_grad: Kernel<'tanh_grad'> = kernel(
  'tanh_grad',
  gradientOfOutput((y, dy) => dy * f(f(1 - y) * f(1 + y))),
);

/** out = 1 / (1 + e⁻ˣ) */
export const sigmoid: Kernel<'sigmoid'> = kernel('sigmoid', map(logistic));

/** dx = dy · (y · (1 − y)) */
export const sigmoid_grad: Kernel<'sigmoid_grad'> = kernel(
  'sigmoid_grad',
  gradientOfOutput((y, dy) => dy * f(y * f(1 - y))),
);

/** out = x / (1 + e⁻ˣ) */
export const silu: Kernel<'silu'> = kernel(
  'silu',
  map((x) => x / f(1 + math.exp(-x))),
);

/** dx = dy · s · (1 + x · (1 − s)), s = 1 / (1 + e⁻ˣ) */
export const silu_grad: Kernel<'silu_grad'> = kernel(
  'silu_grad',
  gradientOfInput((x, dy) => {
    const s = logistic(x);
    return dy * f(s * f(1 + f(x * f(1 - s))));
  }),
);

/**
 * out = β·x > threshold ? x : log(1 + e^(β·x)) / β, the logarithm as max(z, 0) + log(1 + e^(−|z|)) with z = β·x
 * numbers: 0 β, 1 threshold
 */
export const softplus: Kernel<'softplus'> = kernel(
  'softplus',
  mapWithNumbers(2, (beta, threshold) => (x) => {
    const z = f(beta * x);
    return z > threshold ? x : f(Math.max(z, 0) + math.log1p(math.exp(-Math.abs(z)))) / beta;
  }),
);

/**
 * dx = β·x > threshold ? dy : dy / (1 + e^(−β·x))
 * numbers: 0 β, 1 threshold
 */
export const softplus_grad: Kernel<'softplus_grad'> = kernel(
  'softplus_grad',
  gradientWithNumbers(2, (beta, threshold) => (x, dy) => {
    const z = f(beta * x);
    return z > threshold ? dy : dy * logistic(z);
  }),
);

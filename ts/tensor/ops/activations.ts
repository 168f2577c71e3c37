// The nonlinearities of networks, element by element, at kinks as PyTorch has them.

import { DownhillError, show } from '../../errors.ts';
import type { Tensor } from '../tensor.ts';
import { expectNumber } from './support.ts';
import { ofInput, ofNumbers, ofOutput } from './unary.ts';

/** max(x, 0); NaN stays NaN. The gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  return ofInput('relu', x, 'relu', 'relu_grad');
}

/** x > 0 ? x : slope · x. */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  expectFinite('leakyRelu', 'slope', slope);
  return ofNumbers('leakyRelu', x, 'leaky_relu', 'leaky_relu_grad', [slope]);
}

/** x > 0 ? x : alpha · (eˣ − 1) (Clevert et al. 2016). */
export function elu(x: Tensor, alpha = 1): Tensor {
  expectFinite('elu', 'alpha', alpha);
  return ofNumbers('elu', x, 'elu', 'elu_grad', [alpha]);
}

/** elu with the scale and alpha that keep mean 0 and variance 1 (Klambauer et al. 2017). */
export function selu(x: Tensor): Tensor {
  return ofInput('selu', x, 'selu', 'selu_grad');
}

/** Options of {@link gelu}. */
export interface GeluOptions {
  /** `'none'`: with the error function; `'tanh'`: the approximation that some models were trained with. Default `'none'`. */
  readonly approximate?: 'none' | 'tanh';
}

/** x · Φ(x), Φ the normal distribution (Hendrycks & Gimpel 2016). */
export function gelu(x: Tensor, { approximate = 'none' }: GeluOptions = {}): Tensor {
  if (approximate === 'none') return ofInput('gelu', x, 'gelu', 'gelu_grad');
  if (approximate === 'tanh') return ofInput('gelu', x, 'gelu_tanh', 'gelu_tanh_grad');
  throw new DownhillError('option', `gelu: approximate must be 'none' or 'tanh': got ${show(approximate)}`, {
    path: 'gelu.approximate',
    expected: "'none' or 'tanh'",
    received: show(approximate),
  });
}

/** 1 / (1 + e⁻ˣ). */
export function sigmoid(x: Tensor): Tensor {
  return ofOutput('sigmoid', x, 'sigmoid', 'sigmoid_grad');
}

/** Hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  return ofOutput('tanh', x, 'tanh', 'tanh_grad');
}

/** Options of {@link softplus}. */
export interface SoftplusOptions {
  /** Sharpness, > 0. Default 1. */
  readonly beta?: number;
  /** Where beta · x is larger, the result is x. Default 20. */
  readonly threshold?: number;
}

/** log(1 + e^(beta · x)) / beta, a smooth relu. */
export function softplus(x: Tensor, { beta = 1, threshold = 20 }: SoftplusOptions = {}): Tensor {
  expectNumber('softplus', 'beta', beta, Number.MIN_VALUE, Number.MAX_VALUE, 'a number > 0');
  expectFinite('softplus', 'threshold', threshold);
  return ofNumbers('softplus', x, 'softplus', 'softplus_grad', [beta, threshold]);
}

/** x · sigmoid(x) (Elfwing et al. 2017; also called swish). */
export function silu(x: Tensor): Tensor {
  return ofInput('silu', x, 'silu', 'silu_grad');
}

function expectFinite(op: string, option: string, value: number): void {
  expectNumber(op, option, value, -Number.MAX_VALUE, Number.MAX_VALUE, 'a finite number');
}

// The list of kernels: one line each, in the order of the crate's list. The type holds it to the names
// that the crate exports; what the words mean is compared by the parity test.

import type { KernelName } from '../machine.ts';
import type { Kernel } from '../signature.ts';
import { adadelta } from './optimizers/adadelta.ts';
import { adagrad } from './optimizers/adagrad.ts';
import { adam } from './optimizers/adam.ts';
import { adamax } from './optimizers/adamax.ts';
import { amsgrad } from './optimizers/amsgrad.ts';
import { lion } from './optimizers/lion.ts';
import { nadam } from './optimizers/nadam.ts';
import { rmsprop, rmsprop_centered, rmsprop_centered_momentum, rmsprop_momentum } from './optimizers/rmsprop.ts';
import { sgd, sgd_momentum } from './optimizers/sgd.ts';
import { argmax, count_equal } from './tensor/accuracy.ts';
import { add, div, maximum, maximum_grad, minimum, minimum_grad, mul, sub } from './tensor/arithmetic.ts';
import { add_bias, column_sum } from './tensor/bias.ts';
import { elu, elu_grad, selu, selu_grad } from './tensor/elu.ts';
import { gather_rows, gather_rows_u8, scatter_add_rows } from './tensor/gather.ts';
import { gelu, gelu_grad, gelu_tanh, gelu_tanh_grad } from './tensor/gelu.ts';
import {
  cross_entropy,
  cross_entropy_grad,
  cross_entropy_rows,
  cross_entropy_rows_grad,
  sigmoid_cross_entropy,
  sigmoid_cross_entropy_grad,
  squared_error,
  squared_error_grad,
} from './tensor/losses.ts';
import { matmul } from './tensor/matmul.ts';
import { copy, fill } from './tensor/memory.ts';
import { check_finite, max_abs, norm, sum_squares } from './tensor/norm.ts';
import { peak } from './tensor/peak.ts';
import { advance, dropout_mask, random_bits, random_normal, random_uniform } from './tensor/random.ts';
import { extremum_grad, max, mean, min, sum } from './tensor/reduce.ts';
import { leaky_relu, leaky_relu_grad, relu, relu_grad } from './tensor/relu.ts';
import { sigmoid, sigmoid_grad, silu, silu_grad, softplus, softplus_grad, tanh, tanh_grad } from './tensor/sigmoid.ts';
import { log_softmax, log_softmax_grad, softmax, softmax_grad } from './tensor/softmax.ts';
import { copy_strided, scatter_strided } from './tensor/strided.ts';
import {
  abs,
  abs_grad,
  cos,
  cos_grad,
  erf,
  erf_grad,
  exp,
  exp_grad,
  expm1,
  expm1_grad,
  log,
  log_grad,
  log1p,
  log1p_grad,
  neg,
  reciprocal,
  reciprocal_grad,
  rsqrt,
  rsqrt_grad,
  sin,
  sin_grad,
  sqrt,
  sqrt_grad,
  square,
  square_grad,
} from './tensor/unary.ts';
import { add_scaled, dot } from './tensor/vector.ts';

/** Every kernel's definition by its name. */
export const definitions: { readonly [K in KernelName]: Kernel<K> } = {
  // Memory
  copy,
  fill,
  // Arithmetic with broadcasting
  add,
  sub,
  mul,
  div,
  maximum,
  minimum,
  maximum_grad,
  minimum_grad,
  // Strided moves
  copy_strided,
  scatter_strided,
  // Reductions over the middle axis of [outer, n, inner]
  sum,
  mean,
  max,
  min,
  extremum_grad,
  // Norms and the guard
  sum_squares,
  norm,
  max_abs,
  check_finite,
  // Products and sums of vectors
  dot,
  add_scaled,
  // Accuracy
  argmax,
  count_equal,
  // Rows by index
  gather_rows,
  gather_rows_u8,
  scatter_add_rows,
  // Softmax over rows of cols
  softmax,
  log_softmax,
  softmax_grad,
  log_softmax_grad,
  // Losses, one a row or an element; a dy_step of 0 means one dy for all
  cross_entropy,
  cross_entropy_grad,
  cross_entropy_rows,
  cross_entropy_rows_grad,
  sigmoid_cross_entropy,
  sigmoid_cross_entropy_grad,
  squared_error,
  squared_error_grad,
  // Random numbers
  random_bits,
  random_uniform,
  random_normal,
  dropout_mask,
  advance,
  // Activations and their gradients
  relu,
  relu_grad,
  leaky_relu,
  leaky_relu_grad,
  tanh,
  tanh_grad,
  sigmoid,
  sigmoid_grad,
  silu,
  silu_grad,
  softplus,
  softplus_grad,
  elu,
  elu_grad,
  selu,
  selu_grad,
  gelu,
  gelu_grad,
  gelu_tanh,
  gelu_tanh_grad,
  // Functions of one number and their gradients
  neg,
  abs,
  abs_grad,
  square,
  square_grad,
  sqrt,
  sqrt_grad,
  reciprocal,
  reciprocal_grad,
  rsqrt,
  rsqrt_grad,
  exp,
  exp_grad,
  log,
  log_grad,
  log1p,
  log1p_grad,
  expm1,
  expm1_grad,
  sin,
  sin_grad,
  cos,
  cos_grad,
  erf,
  erf_grad,
  // Matrix product and bias
  matmul,
  add_bias,
  column_sum,
  peak,
  // Optimizers
  adam,
  adamax,
  amsgrad,
  sgd,
  sgd_momentum,
  adagrad,
  rmsprop,
  rmsprop_momentum,
  rmsprop_centered,
  rmsprop_centered_momentum,
  adadelta,
  lion,
  nadam,
};

/** Kernel names in the order of the list: a program stores the position. */
export const kernelNames: readonly KernelName[] = Object.keys(definitions) as KernelName[];

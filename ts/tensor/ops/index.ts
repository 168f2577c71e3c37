// The list of tensor operations: each becomes a function of the `ops` namespace and a method of Tensor.

export { argmax, equalCount } from './accuracy.ts';
export { elu, gelu, leakyRelu, relu, selu, sigmoid, silu, softplus, tanh } from './activations.ts';
export { add, div, maximum, minimum, mul, sub } from './arithmetic.ts';
export { backward } from './backward.ts';
export { dropout } from './dropout.ts';
export {
  abs,
  clamp,
  cos,
  erf,
  exp,
  expm1,
  log,
  log1p,
  neg,
  pow,
  reciprocal,
  rsqrt,
  sin,
  sqrt,
  square,
} from './elementwise.ts';
export { gather } from './gather.ts';
export { crossEntropy, meanSquaredError, sigmoidCrossEntropy } from './losses.ts';
export { linear, matmul } from './matmul.ts';
export { norm } from './norm.ts';
export { logSumExp, max, mean, min, std, sum, variance } from './reduce.ts';
export { detach, flatten, reshape } from './reshape.ts';
export { concat, expand, pad, slice, stack } from './slice.ts';
export { logSoftmax, softmax } from './softmax.ts';
export { transpose } from './transpose.ts';

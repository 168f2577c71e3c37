// The list of tensor operations: each becomes a function of the `ops` namespace and a method of Tensor.

export { relu } from './relu.ts';

// Tensor operations and their gradients against PyTorch's float64 numbers, on both machines.

import type { Tensor } from '../../ts/tensor/tensor.ts';
import { type Forward, testGoldens } from './support/forward-backward.ts';

type Reduce = (x: Tensor, axis: number[] | undefined, options: { keepDims: boolean }) => Tensor;

const reduction =
  (reduce: Reduce): Forward =>
  ({ x }, { axes, keepdims }) =>
    reduce(x, axes ?? undefined, { keepDims: keepdims });

testGoldens(
  'tensor_ops',
  {
    add: ({ a, b }) => a.add(b),
    sub: ({ a, b }) => a.sub(b),
    mul: ({ a, b }) => a.mul(b),
    div: ({ a, b }) => a.div(b),
    pow: ({ a, b }) => a.pow(b),
    maximum: ({ a, b }) => a.maximum(b),
    minimum: ({ a, b }) => a.minimum(b),
    pow_scalar: ({ x }, { exponent }) => x.pow(exponent),
    matmul: ({ a, b }) => a.matmul(b),
    sum: reduction((x, axis, options) => x.sum(axis, options)),
    mean: reduction((x, axis, options) => x.mean(axis, options)),
    max: reduction((x, axis, options) => x.max(axis, options)),
    min: reduction((x, axis, options) => x.min(axis, options)),
    var: reduction((x, axis, options) => x.variance(axis, options)),
    var_biased: reduction((x, axis, options) => x.variance(axis, { ...options, correction: 0 })),
    std: reduction((x, axis, options) => x.std(axis, options)),
    logsumexp: reduction((x, axis, options) => x.logSumExp(axis, options)),
    reshape: ({ x }, { shape }) => x.reshape(shape),
    transpose: ({ x }, { axes }) => x.transpose(axes),
    slice: ({ x }, { start, stop, step }) => x.slice(start, stop, step),
    concat: ({ a, b, c }, { axis }) => a.concat(c === undefined ? b : [b, c], axis),
    stack: ({ a, b }, { axis }) => a.stack(b, axis),
    take: ({ x }, _, { index }) => x.gather(index),
    pad: ({ x }, { before, after, value }) => x.pad(before, after, value),
    expand: ({ x }, { shape }) => x.expand(shape),
    exp: ({ x }) => x.exp(),
    log: ({ x }) => x.log(),
    sqrt: ({ x }) => x.sqrt(),
    abs: ({ x }) => x.abs(),
    neg: ({ x }) => x.neg(),
    square: ({ x }) => x.square(),
    reciprocal: ({ x }) => x.reciprocal(),
    sin: ({ x }) => x.sin(),
    cos: ({ x }) => x.cos(),
    log1p: ({ x }) => x.log1p(),
    expm1: ({ x }) => x.expm1(),
    rsqrt: ({ x }) => x.rsqrt(),
    erf: ({ x }) => x.erf(),
    clamp: ({ x }, { min, max }) => x.clamp(min, max),
    composite: ({ x, w }) =>
      w === undefined
        ? x.mul(x).add(x.sum()).mul(x.neg().exp()).div(x.mul(x).mean().add(1))
        : x.matmul(w).tanh().matmul(w.transpose()).add(x),
  },
  {
    gather: 'gather() chooses rows; choosing along another axis has no operation yet',
    where: 'no operation yet',
    cumsum: 'no operation yet',
  },
  3e-6,
);

// Functions of one number, element by element, and powers. Each says its accuracy in the crate's math.rs; none is the host's.

import { apply } from '../autograd.ts';
import type { Tensor } from '../tensor.ts';
import { mul } from './arithmetic.ts';
import { composed, expectDType, expectNumber, withScratch } from './support.ts';
import { same } from './transpose.ts';
import { ofInput, ofOutput } from './unary.ts';

/** −x. */
export function neg(x: Tensor): Tensor {
  expectDType('neg', 'a tensor', x);
  return apply(
    'neg',
    [x],
    x.shape,
    (out, k) => k.neg(x.address, out, x.size),
    (dy, grads) => grads.into(x, (dx, k) => k.neg(dy, dx, x.size)),
  );
}

/** |x|; the gradient at 0 is 0. */
export function abs(x: Tensor): Tensor {
  return ofInput('abs', x, 'abs', 'abs_grad');
}

/** x². */
export function square(x: Tensor): Tensor {
  return ofInput('square', x, 'square', 'square_grad');
}

/** √x; NaN below 0. The gradient at 0 is infinite. */
export function sqrt(x: Tensor): Tensor {
  return ofOutput('sqrt', x, 'sqrt', 'sqrt_grad');
}

/** 1 / x. */
export function reciprocal(x: Tensor): Tensor {
  return ofOutput('reciprocal', x, 'reciprocal', 'reciprocal_grad');
}

/** 1 / √x. */
export function rsqrt(x: Tensor): Tensor {
  return ofOutput('rsqrt', x, 'rsqrt', 'rsqrt_grad');
}

/** eˣ; 0 where that is below 2⁻¹²⁶. */
export function exp(x: Tensor): Tensor {
  return ofOutput('exp', x, 'exp', 'exp_grad');
}

/** eˣ − 1, accurate near 0. */
export function expm1(x: Tensor): Tensor {
  return ofOutput('expm1', x, 'expm1', 'expm1_grad');
}

/** Natural logarithm; −∞ at 0, NaN below. */
export function log(x: Tensor): Tensor {
  return ofInput('log', x, 'log', 'log_grad');
}

/** log(1 + x), accurate near 0. */
export function log1p(x: Tensor): Tensor {
  return ofInput('log1p', x, 'log1p', 'log1p_grad');
}

/** Sine of x in radians. */
export function sin(x: Tensor): Tensor {
  return ofInput('sin', x, 'sin', 'sin_grad');
}

/** Cosine of x in radians. */
export function cos(x: Tensor): Tensor {
  return ofInput('cos', x, 'cos', 'cos_grad');
}

/** The error function 2/√π · ∫₀ˣ e^(−t²) dt. */
export function erf(x: Tensor): Tensor {
  return ofInput('erf', x, 'erf', 'erf_grad');
}

/** x within low … high. The gradient passes where x lies between or at a bound (PyTorch's choice), and not outside. */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  expectDType('clamp', 'a tensor', x);
  expectNumber('clamp', 'high', high, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 'a number');
  expectNumber('clamp', 'low', low, Number.NEGATIVE_INFINITY, high, `a number ≤ high (${high})`);
  const n = x.size;
  const { runtime } = x;
  const y: Tensor = apply(
    'clamp',
    [x],
    x.shape,
    (out, k) =>
      withScratch(runtime, n, (raised) => {
        k.maximum(x.address, runtime.numbers([low]), raised, 1, n, 0, 1, 0, 0);
        k.minimum(raised, runtime.numbers([high]), out, 1, n, 0, 1, 0, 0);
      }),
    // Columns of one element: the gradient goes to what is its own extremum, which is where y is x.
    (dy, grads) => grads.into(x, (dx, k) => k.extremum_grad(x.address, y.address, dy, dx, 1, 1, n)),
  );
  return y;
}

/** Whole exponents up to this are products, which keeps the sign of x and costs a few multiplications. */
const LARGEST_PRODUCT = 16;

/**
 * x to a power, element by element. A whole exponent from −16 to 16 and ±½ work for every x for which they have a value; any other exponent, and a
 * tensor of exponents (which broadcasts), is e^(exponent · log x) and needs x > 0: it gives NaN below 0, and at 0 a gradient that is NaN.
 */
export function pow(x: Tensor, exponent: Tensor | number): Tensor {
  if (typeof exponent !== 'number') return composed('pow', x.runtime, () => exp(mul(log(x), exponent)));
  if (exponent === 0.5) return sqrt(x);
  if (exponent === -0.5) return rsqrt(x);
  if (exponent === 0) return apply('pow', [x], x.shape, (out, k) => k.fill(out, x.size, x.runtime.numbers([1])));
  if (!Number.isInteger(exponent) || Math.abs(exponent) > LARGEST_PRODUCT)
    return composed('pow', x.runtime, () => exp(mul(log(x), exponent)));
  return composed('pow', x.runtime, () => (exponent < 0 ? reciprocal(product(x, -exponent)) : product(x, exponent)));
}

/** x · x · … by repeated squaring. */
function product(x: Tensor, n: number): Tensor {
  if (n === 1) return same('pow', x);
  const half = square(product(x, n >> 1));
  return n & 1 ? mul(half, x) : half;
}

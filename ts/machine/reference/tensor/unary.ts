// Functions of one number with their gradients: arithmetic, roots, exponentials, logarithms, circular functions, erf.
// A gradient takes y where that spares it a function, else x.

import { type Kernel, kernel } from '../../signature.ts';
import * as math from '../math.ts';
import { gradientOfInput, gradientOfOutput, map } from './pointwise.ts';

const f = Math.fround;

const TWO_OVER_ROOT_PI = f(1.1283792);

/** out = −x */
export const neg: Kernel<'neg'> = kernel(
  'neg',
  map((x) => -x),
);

/** out = |x| */
export const abs: Kernel<'abs'> = kernel(
  'abs',
  map((x) => Math.abs(x)),
);

/** dx = dy · sign(x), 0 at ±0 */
export const abs_grad: Kernel<'abs_grad'> = kernel(
  'abs_grad',
  gradientOfInput((x, dy) => dy * (x > 0 ? 1 : x < 0 ? -1 : 0)),
);

/** out = x · x */
export const square: Kernel<'square'> = kernel(
  'square',
  map((x) => x * x),
);

/** dx = dy · (x + x) */
export const square_grad: Kernel<'square_grad'> = kernel(
  'square_grad',
  gradientOfInput((x, dy) => dy * f(x + x)),
);

/** out = √x */
export const sqrt: Kernel<'sqrt'> = kernel(
  'sqrt',
  map((x) => Math.sqrt(x)),
);

/** dx = dy / (y + y) */
export const sqrt_grad: Kernel<'sqrt_grad'> = kernel(
  'sqrt_grad',
  gradientOfOutput((y, dy) => dy / f(y + y)),
);

/** out = 1 / x */
export const reciprocal: Kernel<'reciprocal'> = kernel(
  'reciprocal',
  map((x) => 1 / x),
);

/** dx = −dy · (y · y) */
export const reciprocal_grad: Kernel<'reciprocal_grad'> = kernel(
  'reciprocal_grad',
  gradientOfOutput((y, dy) => -dy * f(y * y)),
);

/** out = 1 / √x */
export const rsqrt: Kernel<'rsqrt'> = kernel(
  'rsqrt',
  map((x) => 1 / f(Math.sqrt(x))),
);

/** dx = −½ · dy · (y · (y · y)) */
export const rsqrt_grad: Kernel<'rsqrt_grad'> = kernel(
  'rsqrt_grad',
  gradientOfOutput((y, dy) => f(-0.5 * dy) * f(y * f(y * y))),
);

/** out = eˣ */
export const exp: Kernel<'exp'> = kernel('exp', map(math.exp));

/** dx = dy · y */
export const exp_grad: Kernel<'exp_grad'> = kernel(
  'exp_grad',
  gradientOfOutput((y, dy) => dy * y),
);

/** out = log x */
export const log: Kernel<'log'> = kernel('log', map(math.log));

/** dx = dy / x */
export const log_grad: Kernel<'log_grad'> = kernel(
  'log_grad',
  gradientOfInput((x, dy) => dy / x),
);

/** out = log(1 + x) */
export const log1p: Kernel<'log1p'> = kernel('log1p', map(math.log1p));

/** dx = dy / (1 + x) */
export const log1p_grad: Kernel<'log1p_grad'> = kernel(
  'log1p_grad',
  gradientOfInput((x, dy) => dy / f(1 + x)),
);

/** out = eˣ − 1 */
export const expm1: Kernel<'expm1'> = kernel('expm1', map(math.expm1));

/** dx = dy · (y + 1) */
export const expm1_grad: Kernel<'expm1_grad'> = kernel(
  'expm1_grad',
  gradientOfOutput((y, dy) => dy * f(y + 1)),
);

/** out = sin x */
export const sin: Kernel<'sin'> = kernel('sin', map(math.sin));

/** dx = dy · cos x */
export const sin_grad: Kernel<'sin_grad'> = kernel(
  'sin_grad',
  gradientOfInput((x, dy) => dy * math.cos(x)),
);

/** out = cos x */
export const cos: Kernel<'cos'> = kernel('cos', map(math.cos));

/** dx = −dy · sin x */
export const cos_grad: Kernel<'cos_grad'> = kernel(
  'cos_grad',
  gradientOfInput((x, dy) => -dy * math.sin(x)),
);

/** out = erf x */
export const erf: Kernel<'erf'> = kernel('erf', map(math.erf));

/** dx = dy · 2/√π · e^(−x²) */
export const erf_grad: Kernel<'erf_grad'> = kernel(
  'erf_grad',
  gradientOfInput((x, dy) => dy * f(TWO_OVER_ROOT_PI * math.exp(-f(x * x)))),
);

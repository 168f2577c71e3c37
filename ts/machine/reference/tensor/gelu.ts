// gelu (Hendrycks & Gimpel 2016), exact and with the tanh in place of erf, with their gradients.

import { type Kernel, kernel } from '../../signature.ts';
import * as math from '../math.ts';
import { gradientOfInput, map } from './pointwise.ts';

const f = Math.fround;

const ROOT_HALF = f(0.70710677);
const ONE_OVER_ROOT_TWO_PI = f(0.3989423);
const ROOT_TWO_OVER_PI = f(0.7978846);
const CUBIC = f(0.044715);
const THREE_CUBIC = f(0.134145);

/** Φ(x) = ½ · (1 + erf(x · √½)) */
const normal = (x: number): number => f(0.5 * f(1 + math.erf(f(x * ROOT_HALF))));

/** tanh(√(2/π) · x · (1 + 0.044715 · x²)) */
const innerTanh = (x: number): number => math.tanh(f(f(ROOT_TWO_OVER_PI * x) * f(1 + f(CUBIC * f(x * x)))));

/** out = x · Φ(x), Φ(x) = ½ · (1 + erf(x · √½)) */
export const gelu: Kernel<'gelu'> = kernel(
  'gelu',
  map((x) => x * normal(x)),
);

/** dx = dy · (Φ(x) + x · φ(x)), φ(x) = e^(−½ · x²) / √(2π) */
export const gelu_grad: Kernel<'gelu_grad'> = kernel(
  'gelu_grad',
  gradientOfInput((x, dy) => {
    const density = f(ONE_OVER_ROOT_TWO_PI * math.exp(f(-0.5 * f(x * x))));
    return dy * f(normal(x) + f(x * density));
  }),
);

/** out = ½ · x · (1 + t), t = tanh(√(2/π) · x · (1 + 0.044715 · x²)) */
export const gelu_tanh: Kernel<'gelu_tanh'> = kernel(
  'gelu_tanh',
  map((x) => f(0.5 * x) * f(1 + innerTanh(x))),
);

/**
 * dx = dy · (u + u · (1 − t) · (c · √(2/π) · (1 + 3 · 0.044715 · c²))), t as in gelu_tanh, u = ½ · (1 + t)
 *
 * c is x within ±10: beyond, 1 − t² is 0, and must not meet an x² that has become infinite.
 */
export const gelu_tanh_grad: Kernel<'gelu_tanh_grad'> = kernel(
  'gelu_tanh_grad',
  gradientOfInput((x, dy) => {
    const t = innerTanh(x);
    const c = Math.max(Math.min(x, 10), -10);
    const slope = f(ROOT_TWO_OVER_PI * f(1 + f(THREE_CUBIC * f(c * c))));
    const u = f(0.5 * f(1 + t));
    return dy * f(u + f(f(u * f(1 - t)) * f(c * slope)));
  }),
);

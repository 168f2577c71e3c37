// exp, log, tanh, erf, sin and cos of one f32, twin of the crate's math.rs: the same operations in the same order, each rounded.
// Beside each function stands the largest error measured over all of f32, in units in the last place of the result.

import { f, polynomial, ROUND, scaled, toBits, toNumber } from './math/bits.ts';

export { COS_ULP, cos, SIN_ULP, sin } from './math/circle.ts';

const LOG2_E = f(1.442695);
/** ln 2 in two parts: the first has 15 bits, so that its product with any exponent is exact. */
const LN2_HIGH = f(0.69314575);
const LN2_LOW = f(1.4286068e-6);

/** x = k·ln 2 + r with whole k and |r| ≤ ½ ln 2: this k. */
const exponent = (x: number): number => f(f(f(x * LOG2_E) + ROUND) - ROUND);
/** … and this r. */
const remainder = (x: number, k: number): number => f(f(x - f(k * LN2_HIGH)) - f(k * LN2_LOW));

/** (eʳ − 1 − r) / r² for |r| ≤ ½ ln 2, right to 2⁻²⁸ / r² */
const EXP = Float32Array.of(0.5, 0.16666523, 0.04166639, 0.008368572, 0.0013941904);
/** The largest x whose exponential is finite, and the smallest whose exponential is at least 2⁻¹²⁶. */
const EXP_LARGEST = f(88.72283);
const EXP_SMALLEST = f(-87.33654);
export const EXP_ULP: number = 1.01;

/** eˣ; 0 below 2⁻¹²⁶: there are no subnormal results. */
export function exp(x: number): number {
  if (x < EXP_SMALLEST) return 0;
  // Where the bits of the result mean nothing: x + ∞ is ∞ for large x and NaN for NaN.
  return x <= EXP_LARGEST ? expInside(x) : x + Infinity;
}

/** eˣ for −87 ≤ x ≤ 88 and nothing else. */
function expInside(x: number): number {
  const k = exponent(x);
  const r = remainder(x, k);
  return scaled(f(1 + f(r + f(f(r * r) * polynomial(r, EXP)))), k);
}

/** (eʳ − 1 − r) / r² for |r| ≤ ½ ln 2, right to 2⁻³¹ / r */
const EXPM1 = Float32Array.of(0.5, 0.16666667, 0.04166649, 0.008333203, 0.0013932693, 0.00019948145);
export const EXPM1_ULP: number = 1.46;

/** eˣ − 1 */
export function expm1(x: number): number {
  if (x < -18) return -1;
  if (!(x <= EXP_LARGEST)) return x + Infinity;
  const k = exponent(x);
  const r = remainder(x, k);
  const p = f(r + f(f(r * r) * polynomial(r, EXPM1)));
  // 2ᵏ⁻¹ instead of 2ᵏ, which is no f32 for k = 128
  const half = scaled(0.5, k);
  const y = f(f(half * p) + f(half - 0.5));
  return withSign(f(y + y), x);
}

/** (log((1 + s) / (1 − s)) − 2s) / s in powers of s², without the zeroth */
const LOG = Float32Array.of(0.6666678, 0.39976734, 0.29896024);
/** The bits of √½ and the distance from there to those of 1: m lies in [√½, √2). */
const SQRT_HALF = 0x3f3504f3;
const TO_ONE = 0x3f800000 - SQRT_HALF;
const SMALLEST_NORMAL = toNumber(0x800000);
export const LOG_ULP: number = 0.85;

/** log x; −∞ for ±0, NaN below */
export function log(x: number): number {
  return logSum(x, 0);
}

/**
 * log u + correction, for a small correction that u has lost. u = 2ᵏ·m, log m = 2s + s·R(s²) with s = m1 / (2 + m1);
 * 2s is written m1 − m1²/2 + s·m1²/2, because m1 = m − 1 is exact.
 */
function logSum(u: number, correction: number): number {
  if (!(u > 0)) return u === 0 ? -Infinity : Number.NaN;
  if (u === Infinity) return u;
  const subnormal = u < SMALLEST_NORMAL;
  const bits = toBits(subnormal ? f(u * 8388608) : u) + TO_ONE;
  const k = (bits >>> 23) - (subnormal ? 127 + 23 : 127);
  const m1 = f(toNumber((bits & 0x7fffff) + SQRT_HALF) - 1);
  const s = f(m1 / f(2 + m1));
  const z = f(s * s);
  const halfSquare = f(f(0.5 * m1) * m1);
  const rest = f(f(s * f(halfSquare + f(z * polynomial(z, LOG)))) + f(f(k * LN2_LOW) + correction));
  return f(f(k * LN2_HIGH) - f(f(halfSquare - rest) - m1));
}

export const LOG1P_ULP: number = 0.87;

/** log(1 + x): u = 1 + x rounded, and what the rounding lost, divided by u */
export function log1p(x: number): number {
  // Below 2⁻²⁵, where x² / 2 is lost beside x, x itself is the result, and −0 stays.
  if (Math.abs(x) < f(2.9802322e-8)) return x;
  const u = f(1 + x);
  const lost = x < 1 ? f(x - f(u - 1)) : f(1 - f(u - x));
  return logSum(u, f(lost / u));
}

/** (tanh x − x) / x³ in powers of x², for |x| < 0.625 */
const TANH = Float32Array.of(-0.33333284, 0.13331483, -0.053742774, 0.020648062, -0.0057140635);
export const TANH_ULP: number = 1.34;

/** tanh x: a polynomial below 0.625, 1 − 2 / (e²ˣ + 1) above; 1 from 9.1 on */
export function tanh(x: number): number {
  const a = Math.min(Math.abs(x), f(9.1));
  const square = f(a * a);
  const y = a >= 0.625 ? f(1 - f(2 / f(expInside(f(a + a)) + 1))) : f(a + f(f(a * square) * polynomial(square, TANH)));
  return withSign(y, x);
}

/** (erf x − x) / x in powers of x², for |x| < 0.925 */
const ERF = Float32Array.of(
  0.12837917,
  -0.3761263,
  0.11283626,
  -0.02685573,
  0.0051923925,
  -0.0008049515,
  0.000079950485,
);
/** (−log(1 − erf x) − x) / x in powers of x, for 0.925 ≤ x ≤ 4 */
const ERF_TAIL = Float32Array.of(0.12851435, 0.63571835, 0.10526182, -0.022889959, 0.0032149574, -0.00021398556);
export const ERF_ULP: number = 1.12;

/** erf x: a polynomial below 0.925, 1 − e^(−x − x·P(x)) above; 1 from 4 on */
export function erf(x: number): number {
  const a = Math.min(Math.abs(x), 4);
  const y =
    a >= f(0.925) ? f(1 - expInside(-f(a + f(a * polynomial(a, ERF_TAIL))))) : f(a + f(a * polynomial(f(a * a), ERF)));
  return withSign(y, x);
}

/** |x| with the sign of `sign`, for x without one (−0 counts). */
function withSign(x: number, sign: number): number {
  return sign < 0 || Object.is(sign, -0) ? -Math.abs(x) : x;
}

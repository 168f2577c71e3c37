// sin and cos, twin of the crate's math/circle.rs, right for every finite f32: the argument is brought to within π/4 by a subtraction
// in four parts below 8,192, and from there on by a product with 2/π in whole numbers (Payne & Hanek 1983).

import { f, polynomial, ROUND, toBits } from './bits.ts';

const TWO_OVER_PI = f(0.63661975);
/** π/2 in parts of 11 bits, so that their products with k < 2¹³ are exact, and the rest. */
const HALF_PI = Float32Array.of(1.5703125, 4.837513e-4, 7.5495336e-8, 2.563344e-12);
/** From here on the whole numbers take over. */
const LARGE = 8192;

/** (sin r − r) / r³ in powers of r², for |r| ≤ π/4 */
const SIN = Float32Array.of(-0.16666655, 0.00833219, -0.00019518405);
/** (cos r − 1 + r²/2) / r⁴ in powers of r², for |r| ≤ π/4 */
const COS = Float32Array.of(0.041666646, -0.0013887308, 0.000024432094);
export const SIN_ULP: number = 1.56;
export const COS_ULP: number = 1.56;

/** sin x; NaN for ±∞ */
export function sin(x: number): number {
  const y = wave(Math.abs(x), 0);
  return x < 0 || Object.is(x, -0) ? -y : y;
}

/** cos x; NaN for ±∞ */
export function cos(x: number): number {
  return wave(Math.abs(x), 1);
}

/** sin(a + ahead·π/2) for a ≥ 0: a = k·π/2 + r, and k + ahead says which of ±sin r and ±cos r it is. */
function wave(a: number, ahead: number): number {
  if (!(a < Infinity)) return Number.NaN;
  let k: number;
  let r: number;
  if (a < LARGE) {
    k = f(f(f(a * TWO_OVER_PI) + ROUND) - ROUND);
    // The first two subtractions are exact; what the third rounds away goes into the fourth.
    const near = f(f(a - f(k * HALF_PI[0])) - f(k * HALF_PI[1]));
    const third = f(k * HALF_PI[2]);
    const rough = f(near - third);
    r = f(rough - f(f(third - f(near - rough)) + f(k * HALF_PI[3])));
  } else {
    [r, k] = turn(a);
  }
  const quarter = k + ahead;
  const square = f(r * r);
  const y =
    (quarter & 1) === 0
      ? f(r + f(f(r * square) * polynomial(square, SIN)))
      : f(1 - f(f(0.5 * square) - f(f(square * square) * polynomial(square, COS))));
  return (quarter & 2) === 0 ? y : -y;
}

/** 32 zeros, then 1/2π in binary: 256 bits */
const INVERSE_TURN = 0x0000000028be60db9391054a7f09d5f47d4d377036d8a5664f10e4107f9458ean;

/**
 * a = k·π/2 + r for one a ≥ 8,192: r and k. Of a/2π the whole turns are left out; 64 bits are kept, two for the quarter and 62
 * behind it: no f32 comes nearer to a multiple of π/2 than 2⁻³⁰ or so, which leaves r all its bits.
 */
function turn(a: number): [r: number, k: number] {
  const bits = toBits(a);
  const mantissa = BigInt((bits & 0x7fffff) | 0x800000) << 8n;
  const exponent = (bits >>> 23) - 126;
  const window = BigInt.asUintN(96, INVERSE_TURN >> BigInt(160 - exponent));
  const product = BigInt.asUintN(64, (mantissa * window) >> 32n);
  const fraction = BigInt.asIntN(64, product << 2n);
  const k = Number(product >> 62n) + (fraction < 0n ? 1 : 0);
  // π/2 · 2⁻⁶⁴, in f64 so that r is rounded once
  return [f(Number(fraction) * 8.515303950216386e-20), k];
}

// sin² πx and sin 2πx, of which the surfaces with ripples are made, in f64 and in an engine. The nearest whole number is taken off
// first, which is exact: so the ripples' minima lie at whole numbers, and a value near one keeps all its digits.

import type { Tensor } from '../tensor/tensor.ts';

/** Taylor series in r ≤ ½π: the first terms left out, r²⁶/26! and r²⁷/27!, are below 1e-20. */
const LAST = 25;

/** sin πr and cos πr for the x that is r away from a whole number, |r| ≤ ½; the common sign of both is lost. */
function circle(x: number): readonly [sin: number, cos: number] {
  const t = Math.PI * (x - Math.round(x));
  const square = t * t;
  let sin = 1;
  for (let n = LAST; n >= 3; n -= 2) sin = 1 - (sin * square) / (n * (n - 1));
  let cos = 1;
  for (let n = LAST - 1; n >= 2; n -= 2) cos = 1 - (cos * square) / (n * (n - 1));
  return [t * sin, cos];
}

/** sin² πx, in f64. NaN for what is not finite. */
export function sinSquared(x: number): number {
  const [sin] = circle(x);
  return sin * sin;
}

/** sin 2πx, in f64. NaN for what is not finite. */
export function sinTwice(x: number): number {
  const [sin, cos] = circle(x);
  return 2 * sin * cos;
}

/** 1.5·2²³: adding it to an f32 below 2²² rounds that to a whole number. */
const ROUND = 12_582_912;

/** π·(x − the nearest whole number); what is taken off is a constant to the tape. */
const angle = (x: Tensor): Tensor => x.sub(x.detach().add(ROUND).sub(ROUND)).mul(Math.PI);

/** sin² πx, in an engine. */
export const sinSquaredOf = (x: Tensor): Tensor => angle(x).sin().square();

/** sin 2πx, in an engine. */
export function sinTwiceOf(x: Tensor): Tensor {
  const a = angle(x);
  return a.sin().mul(a.cos()).mul(2);
}

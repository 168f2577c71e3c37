// Real functions of numbers in f64 for what is computed once a step (bias corrections, schedules): made of + − × ÷ and whole powers
// only, because ECMAScript leaves the last bit of Math.exp, Math.pow and ** to the engine, and the same bits are promised everywhere.

/** xⁿ for a whole n ≥ 0, by repeated squaring: any n can be entered directly. The relative error grows as n · 1e-16. */
export function powInt(x: number, n: number): number {
  let result = 1;
  let power = x;
  let rest = n;
  for (; rest > 0x7fffffff; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= power;
    power *= power;
  }
  for (let bits = rest | 0; bits !== 0; bits >>= 1) {
    if ((bits & 1) !== 0) result *= power;
    power *= power;
  }
  return result;
}

const LOG2E = 1.4426950408889634;
/** ln 2 in two parts: the first has trailing zeros, so that k times it is exact for |k| < 2¹¹. */
const LN2_HIGH = 0.69314718036912381649;
const LN2_LOW = 1.90821492927058770002e-10;

/** 1/n! up to 14: the first term left out is 0.347¹⁵/15! < 1e-19. */
// biome-ignore format: one line
const INVERSE_FACTORIALS: readonly number[] = [
  1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320, 1 / 362880, 1 / 3628800, 1 / 39916800, 1 / 479001600, 1 / 6227020800, 1 / 87178291200,
];

/** eˣ. Relative error below 1e-15; 0 below −745, Infinity above 709.79. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.79) return Infinity;
  if (x < -745.2) return 0;
  const k = Math.floor(x * LOG2E + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW; // |r| ≤ 0.347
  let sum = 0;
  for (let n = INVERSE_FACTORIALS.length - 1; n >= 0; n--) sum = sum * r + INVERSE_FACTORIALS[n];
  const half = Math.floor(k / 2); // in two factors: 2ᵏ alone may overflow or be subnormal
  return sum * powerOfTwo(half) * powerOfTwo(k - half);
}

const powerOfTwo = (k: number): number => (k < 0 ? powInt(0.5, -k) : powInt(2, k));

/** 1/5, 1/7, … 1/23: the first term of the logarithm left out is 0.172²⁴/25 < 1e-19 of its first. */
const INVERSE_ODDS: readonly number[] = Array.from({ length: 10 }, (_, n) => 1 / (2 * n + 5));
const SMALLEST_NORMAL = powInt(0.5, 1022);

/** The natural logarithm. Relative error below 1e-15; −∞ at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return x;
  const [m, k] = mantissa(x);
  const f = m - 1; // exact
  const s = f / (2 + f); // log m = 2·artanh s = 2s + s·rest, and 2s = f − s·f
  const rest = 2 * ((s * s) / 3 + artanhTail(s * s));
  const halfSquare = 0.5 * f * f;
  return k * LN2_HIGH - (halfSquare - (s * (halfSquare + rest) + k * LN2_LOW) - f);
}

/** (artanh s) / s − 1 − z/3 in powers of z = s², for s² ≤ 0.0295. */
function artanhTail(z: number): number {
  let sum = 0;
  for (let n = INVERSE_ODDS.length - 1; n >= 0; n--) sum = sum * z + INVERSE_ODDS[n];
  return sum * z * z;
}

/** x = m·2ᵏ with m from √½ to √2, for a positive finite x. */
function mantissa(x: number): [m: number, k: number] {
  const subnormal = x < SMALLEST_NORMAL;
  let m = subnormal ? x * powerOfTwo(54) : x;
  let k = subnormal ? -54 : 0;
  for (let p = 512; p >= 1; p /= 2) {
    if (m >= powerOfTwo(p)) [m, k] = [m * powerOfTwo(-p), k + p];
    else if (m < powerOfTwo(1 - p)) [m, k] = [m * powerOfTwo(p), k - p];
  }
  return m > Math.SQRT2 ? [m / 2, k + 1] : [m, k];
}

/**
 * xʸ for x ≥ 0; NaN below. Relative error below 1e-15 however large the exponent, because the logarithm is taken to
 * twice the precision.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (!(x >= 0) || Number.isNaN(y)) return Number.NaN;
  if (x === 0 || x === Infinity) return (x === 0) === y > 0 ? 0 : Infinity;
  if (y > 0 && y <= 8 && Number.isInteger(y)) return powInt(x, y); // 0.5² is 0.25 to the last bit
  const [high, low] = preciseLog(x);
  const product = y * high;
  if (!(Math.abs(product) < 800)) return exp(product);
  const e = exp(product);
  return e === Infinity ? e : e + e * (productError(y, high, product) + y * low);
}

/** log x as the sum of two numbers, right to about 2⁻⁶⁴: the first two terms of 2·artanh s are taken in twice the precision. */
function preciseLog(x: number): [high: number, low: number] {
  const [m, k] = mantissa(x);
  const f = m - 1;
  const d = m + 1;
  const s = f / d;
  const sd = s * d;
  const sLow = (f - sd - productError(s, d, sd) - s * sumError(m, 1, d)) / d;
  const z = s * s;
  const zLow = productError(s, s, z) + 2 * s * sLow;
  const third = z / 3;
  const thrice = third * 3;
  const thirdLow = (z - thrice - productError(third, 3, thrice) + zLow) / 3;
  const tail = artanhTail(z);
  const u = third + tail;
  const uLow = sumError(third, tail, u) + thirdLow;
  const su = s * u;
  const suLow = productError(s, u, su) + s * uLow + sLow * u;
  const artanh = s + su;
  const artanhLow = sumError(s, su, artanh) + sLow + suLow;
  const sum = k * LN2_HIGH + 2 * artanh;
  const low = sumError(k * LN2_HIGH, 2 * artanh, sum) + (k * LN2_LOW + 2 * artanhLow);
  const high = sum + low;
  return [high, sum - high + low];
}

/** What a + b lost when it was rounded to `sum` (Knuth). */
function sumError(a: number, b: number, sum: number): number {
  const bPart = sum - a;
  return a - (sum - bPart) + (b - bPart);
}

/** What a·b lost when it was rounded to `product` (Dekker); for factors below 2⁹⁹⁶. */
function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** The upper 26 bits of a number. */
function upperHalf(a: number): number {
  const shifted = a * 134217729; // 2²⁷ + 1
  return shifted - (shifted - a);
}

/** ½π in three parts: the first two have 33 bits, so that k times either is exact for |k| < 2²⁰. */
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_MIDDLE = 6.077100506303966e-11;
const HALF_PI_LOW = 2.0222662487959506e-21;
/** Beyond it, too little of x is left behind the point. */
const COS_LARGEST = 1e6;

/** cos x for |x| ≤ 1e6; NaN beyond. Relative error below 1e-15. */
export function cos(x: number): number {
  if (!(Math.abs(x) <= COS_LARGEST)) return Number.NaN;
  const k = Math.floor(x / HALF_PI_HIGH + 0.5);
  const first = x - k * HALF_PI_HIGH;
  const second = first - k * HALF_PI_MIDDLE;
  const r = second + (first - second - k * HALF_PI_MIDDLE - k * HALF_PI_LOW); // |r| ≤ ¼π
  const quarter = k - 4 * Math.floor(k / 4);
  const value = quarter % 2 === 0 ? cosInside(r) : sinInside(r);
  return quarter === 1 || quarter === 2 ? -value : value;
}

/** Taylor series for |r| ≤ ¼π: the first terms left out, r²⁰/20! and r²¹/21!, are below 1e-20. */
function cosInside(r: number): number {
  const square = r * r;
  let sum = 1;
  for (let n = 18; n >= 4; n -= 2) sum = 1 - (sum * square) / (n * (n - 1));
  return 1 - 0.5 * square * sum;
}

function sinInside(r: number): number {
  const square = r * r;
  let sum = 1;
  for (let n = 19; n >= 5; n -= 2) sum = 1 - (sum * square) / (n * (n - 1));
  return r - (r * square * sum) / 6;
}

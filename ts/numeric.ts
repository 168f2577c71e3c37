// Real functions of numbers in f64 for what is computed once a step (bias corrections, schedules): made of + − × ÷ and whole powers
// only, because ECMAScript leaves the last bit of Math.exp, Math.pow and ** to the engine, and the same bits are promised everywhere.

/** xⁿ for a whole n ≥ 0, by repeated squaring: any n can be entered directly. */
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

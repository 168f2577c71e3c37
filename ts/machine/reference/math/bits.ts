// The bits of one f32: what the lanes of the Rust machine get by reading a register in two ways. Beside them the
// polynomial that all functions share.

export const f: (x: number) => number = Math.fround;

/** 1.5·2²³: adding it rounds a number below 2²² to an integer. */
export const ROUND = 12582912;

const number = new Float32Array(1);
const word = new Int32Array(number.buffer);

/** The bits of x as a signed word. */
export function toBits(x: number): number {
  number[0] = x;
  return word[0];
}

/** The number with these bits. */
export function toNumber(bits: number): number {
  word[0] = bits;
  return number[0];
}

/** x·2ᵏ by the exponent alone: right where x and the result are normal numbers. */
export function scaled(x: number, k: number): number {
  number[0] = x;
  word[0] += k << 23;
  return number[0];
}

/** c₀ + x·(c₁ + x·(c₂ + …)) */
export function polynomial(x: number, c: Float32Array): number {
  let y = c[c.length - 1];
  for (let k = c.length - 2; k >= 0; k--) y = f(c[k] + f(x * y));
  return y;
}

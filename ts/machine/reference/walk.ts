// The walks that kernels share, twin of the crate's walk.rs: the plain sum with its fixed order, and the flush of fading moments.

/** 2⁻¹⁰⁰: fading moments smaller than this are cleared every 16th step, before they become subnormal and slow. */
export const TINY: number = 1 / 1267650600228229401496703205376;

/** x where |x| ≥ 2⁻¹⁰⁰ or NaN, +0 elsewhere. */
export const flush = (x: number): number => (Math.abs(x) < TINY ? 0 : x);

/** Elements in a block of the plain sum. */
const SUM_BLOCK = 4096;

/**
 * The plain sum of the n numbers value(0) … value(n − 1): blocks of 4,096 elements; in a block sixteen interleaved lanes by element
 * index, each added in ascending order from +0; then the fold 16 → 8 → 4 → 2 → 1 (lane j takes lane j + half); block
 * sums are added by the same rule, level upon level.
 */
export function sumWith(n: number, value: (i: number) => number): number {
  if (n <= SUM_BLOCK) return blockSum(0, n, value);
  return sumWith(Math.ceil(n / SUM_BLOCK), (block) =>
    blockSum(block * SUM_BLOCK, Math.min((block + 1) * SUM_BLOCK, n), value),
  );
}

function blockSum(begin: number, end: number, value: (i: number) => number): number {
  const lanes = new Float32Array(16);
  for (let i = begin; i < end; i++) lanes[(i - begin) & 15] += value(i);
  for (let half = 8; half > 0; half >>= 1) {
    for (let j = 0; j < half; j++) lanes[j] += lanes[j + half];
  }
  return lanes[0];
}

/** The plain sum of f32[start … start + n). */
export const sum = (f32: Float32Array, start: number, n: number): number => sumWith(n, (i) => f32[start + i]);

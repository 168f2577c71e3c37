// Changes that the parity test cannot notice, because the changed machine gives the same bits (or others once in billions of
// draws): each with the reason. An entry whose line is no longer in the source is an error, so that the table does not outlive
// what it speaks of.

/**
 * By file: the whole line, trimmed; the change as the report writes it; which of the equal changes in that line, from 1; the reason.
 * @type {Record<string, [line: string, what: string, turn: number, reason: string][]>}
 */
// biome-ignore format: a row an entry
const table = {
  'ts/machine/reference/math.ts': [
    ['const exponent = (x: number): number => f(f(f(x * LOG2_E) + ROUND) - ROUND);', 'f(x) → x', 1, 'it is exact without'],
    ['const exponent = (x: number): number => f(f(f(x * LOG2_E) + ROUND) - ROUND);', 'f(x) → x', 3, 'rounding once less changes no f32 of four million tried'],
    ['const remainder = (x: number, k: number): number => f(f(x - f(k * LN2_HIGH)) - f(k * LN2_LOW));', 'f(x) → x', 2, 'it is exact without'],
    ['const remainder = (x: number, k: number): number => f(f(x - f(k * LN2_HIGH)) - f(k * LN2_LOW));', 'f(x) → x', 3, 'it is exact without'],
    ['const remainder = (x: number, k: number): number => f(f(x - f(k * LN2_HIGH)) - f(k * LN2_LOW));', 'f(x) → x', 4, 'rounding once less changes no f32 of four million tried'],
    ['return scaled(f(1 + f(r + f(f(r * r) * polynomial(r, EXP)))), k);', 'f(x) → x', 1, 'only a power of two stands between two roundings'],
    ['if (x < -18) return -1;', '< → <=', 1, 'the result is the same from there on'],
    ['if (x < -18) return -1;', '18 → 19', 1, 'the result is the same from there on'],
    ['const p = f(r + f(f(r * r) * polynomial(r, EXPM1)));', 'f(x) → x', 1, 'rounding once less changes no f32 of four million tried'],
    ['const y = f(f(half * p) + f(half - 0.5));', 'f(x) → x', 1, 'only a power of two stands between two roundings'],
    ['const y = f(f(half * p) + f(half - 0.5));', 'f(x) → x', 2, 'only a power of two stands between two roundings'],
    ['return withSign(f(y + y), x);', 'f(x) → x', 1, 'it is exact without'],
    ['const SMALLEST_NORMAL = toNumber(0x800000);', '0x800000 → 8388609', 1, '2⁻¹²⁶ itself is then scaled like the numbers below it, which is exact'],
    ['const subnormal = u < SMALLEST_NORMAL;', '< → <=', 1, '2⁻¹²⁶ itself is then scaled like the numbers below it, which is exact'],
    ['const bits = toBits(subnormal ? f(u * 8388608) : u) + TO_ONE;', 'f(x) → x', 1, 'it is exact without'],
    ['const m1 = f(toNumber((bits & 0x7fffff) + SQRT_HALF) - 1);', 'f(x) → x', 1, 'it is exact without'],
    ['const halfSquare = f(f(0.5 * m1) * m1);', 'f(x) → x', 2, 'it is exact without'],
    ['const rest = f(f(s * f(halfSquare + f(z * polynomial(z, LOG)))) + f(f(k * LN2_LOW) + correction));', 'f(x) → x', 5, 'rounding once less changes no f32 of four million tried'],
    ['const rest = f(f(s * f(halfSquare + f(z * polynomial(z, LOG)))) + f(f(k * LN2_LOW) + correction));', 'f(x) → x', 6, 'rounding once less changes no f32 of four million tried'],
    ['return f(f(k * LN2_HIGH) - f(f(halfSquare - rest) - m1));', 'f(x) → x', 2, 'it is exact without'],
    ['if (Math.abs(x) < f(2.9802322e-8)) return x;', '< → <=', 1, 'both ways give the same there'],
    ['if (Math.abs(x) < f(2.9802322e-8)) return x;', '2.9802322e-8 → 2.980232594040899e-8', 1, 'both ways give the same there'],
    ['const lost = x < 1 ? f(x - f(u - 1)) : f(1 - f(u - x));', 'f(x) → x', 1, 'it is exact without'],
    ['const lost = x < 1 ? f(x - f(u - 1)) : f(1 - f(u - x));', 'f(x) → x', 2, 'it is exact without'],
    ['const lost = x < 1 ? f(x - f(u - 1)) : f(1 - f(u - x));', 'f(x) → x', 3, 'it is exact without'],
    ['const lost = x < 1 ? f(x - f(u - 1)) : f(1 - f(u - x));', 'f(x) → x', 4, 'it is exact without'],
    ['const lost = x < 1 ? f(x - f(u - 1)) : f(1 - f(u - x));', '< → <=', 1, 'both ways give the same there'],
    ['const lost = x < 1 ? f(x - f(u - 1)) : f(1 - f(u - x));', '1 → 2', 1, 'both ways give the same there'],
    ['return logSum(u, f(lost / u));', 'f(x) → x', 1, 'rounding once less changes no f32 of four million tried'],
    ['const a = Math.min(Math.abs(x), f(9.1));', '9.1 → 9.100001335144043', 1, 'the result is the same from there on'],
    ['const y = a >= 0.625 ? f(1 - f(2 / f(expInside(f(a + a)) + 1))) : f(a + f(f(a * square) * polynomial(square, TANH)));', 'f(x) → x', 4, 'it is exact without'],
    ['const a = Math.min(Math.abs(x), 4);', '4 → 5', 1, 'the result is the same from there on'],
    ['a >= f(0.925) ? f(1 - expInside(-f(a + f(a * polynomial(a, ERF_TAIL))))) : f(a + f(a * polynomial(f(a * a), ERF)));', '>= → >', 1, 'both ways give the same there'],
  ],
  'ts/machine/reference/math/circle.ts': [
    ['if (a < LARGE) {', '< → <=', 1, 'both ways give the same there'],
    ['k = f(f(f(a * TWO_OVER_PI) + ROUND) - ROUND);', 'f(x) → x', 1, 'it is exact without'],
    ['const near = f(f(a - f(k * HALF_PI[0])) - f(k * HALF_PI[1]));', 'f(x) → x', 1, 'it is exact without'],
    ['const near = f(f(a - f(k * HALF_PI[0])) - f(k * HALF_PI[1]));', 'f(x) → x', 2, 'it is exact without'],
    ['const near = f(f(a - f(k * HALF_PI[0])) - f(k * HALF_PI[1]));', 'f(x) → x', 3, 'it is exact without'],
    ['const near = f(f(a - f(k * HALF_PI[0])) - f(k * HALF_PI[1]));', 'f(x) → x', 4, 'it is exact without'],
    ['const third = f(k * HALF_PI[2]);', 'f(x) → x', 1, 'it is exact without'],
    ['const rough = f(near - third);', 'f(x) → x', 1, 'rounding once less changes no f32 of four million tried'],
    ['r = f(rough - f(f(third - f(near - rough)) + f(k * HALF_PI[3])));', 'f(x) → x', 2, 'rounding once less changes no f32 of four million tried'],
    ['r = f(rough - f(f(third - f(near - rough)) + f(k * HALF_PI[3])));', 'f(x) → x', 3, 'rounding once less changes no f32 of four million tried'],
    ['r = f(rough - f(f(third - f(near - rough)) + f(k * HALF_PI[3])));', 'f(x) → x', 4, 'rounding once less changes no f32 of four million tried'],
    ['r = f(rough - f(f(third - f(near - rough)) + f(k * HALF_PI[3])));', 'f(x) → x', 5, 'rounding once less changes no f32 of four million tried'],
    [': f(1 - f(f(0.5 * square) - f(f(square * square) * polynomial(square, COS))));', 'f(x) → x', 3, 'it is exact without'],
    ['const window = BigInt.asUintN(96, INVERSE_TURN >> BigInt(160 - exponent));', '96 → 97', 1, 'the bits above are whole turns'],
    ['const product = BigInt.asUintN(64, (mantissa * window) >> 32n);', '64 → 65', 1, 'the bits above are whole turns'],
    ['const k = Number(product >> 62n) + (fraction < 0n ? 1 : 0);', '< → <=', 1, 'no f32 comes so near to a multiple of π/2'],
  ],
  'ts/machine/reference/optimizers/adadelta.ts': [
    ['f32[us + i] = keep(f(f(rho * f32[us + i]) + f(f(oneMinusRho * d) * d)));', 'f(x) → x', 1, 'the bound for small numbers is an f32, and the store rounds'],
  ],
  'ts/machine/reference/tensor/bias.ts': [
    ['total = begin === 0 ? block : f(total + block);', '0 → 1', 1, 'added to +0 the first sum stays what it is'],
    ['for (let begin = 0; begin < rows; begin += BLOCK) {', '< → <=', 1, 'a block without elements adds +0'],
  ],
  'ts/machine/reference/tensor/elu.ts': [
    ['mapWithNumbers(1, (alpha) => forward(1, alpha)),', '1 → 2', 1, 'what lies there is dropped'],
    ['gradientWithNumbers(1, (alpha) => backward(1, alpha)),', '1 → 2', 1, 'what lies there is dropped'],
  ],
  'ts/machine/reference/tensor/relu.ts': [
    ['mapWithNumbers(1, (slope) => (x) => (x > 0 ? x : slope * x)),', '1 → 2', 1, 'what lies there is dropped'],
    ['gradientWithNumbers(1, (slope) => (x, dy) => (x > 0 ? dy : slope * dy)),', '1 → 2', 1, 'what lies there is dropped'],
  ],
  'ts/machine/reference/tensor/sigmoid.ts': [
    ['mapWithNumbers(2, (beta, threshold) => (x) => {', '2 → 3', 1, 'what lies there is dropped'],
    ['gradientWithNumbers(2, (beta, threshold) => (x, dy) => {', '2 → 3', 1, 'what lies there is dropped'],
  ],
  'ts/machine/reference/tensor/gelu.ts': [
    ['const normal = (x: number): number => f(0.5 * f(1 + math.erf(f(x * ROOT_HALF))));', 'f(x) → x', 1, 'only a power of two stands between two roundings'],
    ['const normal = (x: number): number => f(0.5 * f(1 + math.erf(f(x * ROOT_HALF))));', 'f(x) → x', 2, 'only a power of two stands between two roundings'],
    ['const density = f(ONE_OVER_ROOT_TWO_PI * math.exp(f(-0.5 * f(x * x))));', 'f(x) → x', 2, 'it is exact without'],
    ['const density = f(ONE_OVER_ROOT_TWO_PI * math.exp(f(-0.5 * f(x * x))));', 'f(x) → x', 3, 'only a power of two stands between two roundings'],
    ['map((x) => f(0.5 * x) * f(1 + innerTanh(x))),', 'f(x) → x', 1, 'it is exact without'],
    ['const u = f(0.5 * f(1 + t));', 'f(x) → x', 1, 'it is exact without'],
    ['const u = f(0.5 * f(1 + t));', 'f(x) → x', 2, 'only a power of two stands between two roundings'],
    ['const c = Math.max(Math.min(x, 10), -10);', '10 → 11', 1, 'the result is the same from there on'],
    ['const c = Math.max(Math.min(x, 10), -10);', '10 → 11', 2, 'the result is the same from there on'],
  ],
  'ts/machine/reference/tensor/matmul.ts': [
    ['for (let q = 0; q < k; q += BLOCK) {', '< → <=', 1, 'a block without elements adds +0'],
    ['const [row, column] = [i + 1 < m ? a_row : 0, j + 1 < n ? b_col : 0];', '+ → -', 1, 'sums of a row or column that is not there are dropped'],
    ['const [row, column] = [i + 1 < m ? a_row : 0, j + 1 < n ? b_col : 0];', '+ → -', 2, 'sums of a row or column that is not there are dropped'],
    ['const [row, column] = [i + 1 < m ? a_row : 0, j + 1 < n ? b_col : 0];', '0 → 1', 1, 'sums of a row or column that is not there are dropped'],
    ['const [row, column] = [i + 1 < m ? a_row : 0, j + 1 < n ? b_col : 0];', '0 → 1', 2, 'sums of a row or column that is not there are dropped'],
    ['const [row, column] = [i + 1 < m ? a_row : 0, j + 1 < n ? b_col : 0];', '< → <=', 1, 'sums of a row or column that is not there are dropped'],
    ['const [row, column] = [i + 1 < m ? a_row : 0, j + 1 < n ? b_col : 0];', '< → <=', 2, 'sums of a row or column that is not there are dropped'],
    ['if (below > 0 && beside) f32[out + below + 1] += s11;', '0 → 1', 1, 'a row of one number has nothing beside it'],
  ],
  'ts/machine/reference/tensor/norm.ts': [
    ['const ORDINARY = 1 / 18446744073709551616;', '1 → 2', 1, 'what underflows in a sum of 2⁻⁶³ is below its last bit, too'],
    ['const ORDINARY = 1 / 18446744073709551616;', '18446744073709551616 → 18446746272732807000', 1, 'what underflows in such a sum is below its last bit, too'],
    ['for (let begin = 0; begin < n; begin += BLOCK) {', '< → <=', 1, 'a block without elements adds +0'],
    ['const root = (scale: number): number => f(Math.sqrt(squares(f32, x >>> 2, n, scale)));', 'f(x) → x', 1, 'only a power of two stands between two roundings'],
    ['else if (total < ORDINARY) f32[out >>> 2] = root(UP) * DOWN;', '< → <=', 1, 'both ways give the same there'],
  ],
  'ts/machine/reference/tensor/reduce.ts': [
    ['for (let begin = 0; begin < n; begin += BLOCK) {', '< → <=', 1, 'a block without elements adds +0'],
    ['const share = f32[dys + o * inner + j] / f(ties);', 'f(x) → x', 1, 'a count below 2²⁴ is exact as f32'],
    ['twin: overColumns((f32, start, n, step) => columnSum(f32, start, n, step) / f(n)),', 'f(x) → x', 1, 'a count below 2²⁴ is exact as f32'],
  ],
  'ts/machine/reference/tensor/random.ts': [
    ['fill(u32, [u32, out], n, state, offset, (bits) => (bits < threshold ? 0 : scale));', '< → <=', 1, '32 random bits equal the threshold once in four billion draws'],
  ],
  'ts/machine/reference/walk.ts': [
    ['if (n <= SUM_BLOCK) return blockSum(0, n, value);', '<= → <', 1, 'the sum of one block, added to zeros, stays what it is'],
    ['for (let j = 0; j < half; j++) lanes[j] += lanes[j + half];', '< → <=', 1, 'what lies there is dropped'],
    ['for (let i = begin; i < end; i++) lanes[(i - begin) & 15] += value(i);', '- → +', 1, 'blocks begin at multiples of 4,096'],
  ],
  'crate/src/tensor/matmul/mod.rs': [
    ['const ROW_COLUMNS: usize = 16;', '16 → 17', 1, 'the width of the widest tile is only compared with 16'],
    ['} else if left > 4 {', '4 → 5', 1, 'which tile computes an element does not change it'],
  ],
  'crate/src/tensor/bias.rs': [
    ['const NARROW: usize = 32;', '32 → 33', 1, 'row by row and column by column give the same sums'],
  ],
  'crate/src/tensor/strided.rs': [
    ['const TILE_ROWS: usize = 16;', '16 → 17', 1, 'in which order words are moved does not change them'],
    ['if s[axis] == 1 && n[axis] > 1 {', '1 → 2', 2, 'in which order words are moved does not change them'],
  ],
  'crate/src/walk.rs': [
    ['|i| out.store(i, f(x.load(i), y.load(i))),', 'f: arguments exchanged', 1, 'its one formula is a sum of two'],
    ['|i, count| out.store_first(i, f(x.load_first(i, count), y.load_first(i, count)), count),', 'f: arguments exchanged', 1, 'its one formula is a sum of two'],
    ['finished[k & 15] += only;', '15 → 16', 1, 'the order of the third level shows from 2·4096² = 33 million elements on: more than a test should hold'],
    ['lanes[(b - outer) & 15] += block_sum(b * SUM_BLOCK, ((b + 1) * SUM_BLOCK).min(n));', '- → +', 1, 'outer is a multiple of 16'],
    ['let mut only = 0.0;', '0.0 → 1.0', 1, 'it is overwritten before it is read'],
    ['let mut finished = [0.0f32; 16];', '0.0f32 → 1.0f32', 1, 'the third level begins at 4096² elements: tests/parity/large-sums.test.ts goes there'],
    ['for b in outer..(outer + SUM_BLOCK).min(blocks) {', '+ → -', 1, 'the third level begins at 4096² elements: tests/parity/large-sums.test.ts goes there'],
    ['for (k, outer) in (0..blocks).step_by(SUM_BLOCK).enumerate() {', 'for: arguments exchanged', 1, 'the third level begins at 4096² elements: tests/parity/large-sums.test.ts goes there'],
    ['if blocks <= SUM_BLOCK { only } else { fold(&finished) }', '<= → <', 1, 'the sum of one number and zeros is that number'],
    ['finished[k & 15] += only;', '+= → -=', 1, 'the third level begins at 4096² elements: tests/parity/large-sums.test.ts goes there'],
  ],
  'crate/src/tensor/norm.rs': [
    ['const ORDINARY: f32 = power(-64);', '64 → 65', 1, 'what underflows in a sum of 2⁻⁶⁵ is below its last bit, too'],
    ['Address::from(out).set_f32(0, two.max(two.shuffle::<1, 0, 3, 2>(two)).lane::<0>());', '0 → 1', 1, 'only lane 0 is taken'],
    ['Address::from(out).set_f32(0, two.max(two.shuffle::<1, 0, 3, 2>(two)).lane::<0>());', '3 → 4', 1, 'only lane 0 is taken'],
    ['Address::from(out).set_f32(0, two.max(two.shuffle::<1, 0, 3, 2>(two)).lane::<0>());', '2 → 3', 1, 'only lane 0 is taken'],
    ['Address::from(out).set_f32(0, two.max(two.shuffle::<1, 0, 3, 2>(two)).lane::<0>());', '0 → 1', 2, 'lane 1 holds the same'],
  ],
  'crate/src/optimizers/mod.rs': [
    ['const MOST_STATE: usize = 6;', '6 → 7', 1, 'room for one state array more'],
    ['const FLUSH_BLOCK: usize = 1024;', '1024 → 1025', 1, 'how much is flushed at a time does not change what is flushed'],
  ],
  'crate/src/tensor/pointwise.rs': [
    ['let mut spare = [0u32; 3 * LANES];', '0u32 → 1u32', 1, 'lanes behind the tail are never copied out'],
    ['let mut spare = [0u32; 3 * LANES];', '3 → 4', 1, 'room for one vector more'],
  ],
  'crate/src/tensor/zip.rs': [
    ['pub const SAME: Layout = Layout { a_row: 0, a_col: 1, b_row: 0, b_col: 1 };', '0 → 1', 1, 'there is one row: how far the next one lies does not matter'],
    ['pub const SAME: Layout = Layout { a_row: 0, a_col: 1, b_row: 0, b_col: 1 };', '0 → 1', 2, 'there is one row: how far the next one lies does not matter'],
    ['pub const SCALAR: Layout = Layout { a_row: 0, a_col: 1, b_row: 0, b_col: 0 };', '0 → 1', 1, 'there is one row: how far the next one lies does not matter'],
    ['pub const SCALAR: Layout = Layout { a_row: 0, a_col: 1, b_row: 0, b_col: 0 };', '0 → 1', 2, 'there is one row: how far the next one lies does not matter'],
    ['pub const NUMBERS: Layout = Layout { a_row: 0, a_col: 0, b_row: 0, b_col: 0 };', '0 → 1', 1, 'there is one row: how far the next one lies does not matter'],
    ['pub const SAME: Layout = Layout { a_row: 0, a_col: 1, b_row: 0, b_col: 1 };', '1 → 2', 2, 'a col is 0 or not 0'],
    ['pub const SAME: Layout = Layout { a_row: 0, a_col: 1, b_row: 0, b_col: 1 };', '1 → 2', 1, 'a col is 0 or not 0'],
    ['pub const SCALAR: Layout = Layout { a_row: 0, a_col: 1, b_row: 0, b_col: 0 };', '1 → 2', 1, 'a col is 0 or not 0'],
  ],
};

/** @type {{ file: string, line: string, what: string, turn: number, reason: string }[]} */
export const equivalent = Object.entries(table).flatMap(([file, rows]) =>
  rows.map(([line, what, turn, reason]) => ({ file, line, what, turn, reason })),
);

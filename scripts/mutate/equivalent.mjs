// Changes that the parity test cannot notice, because the changed machine gives the same bits (or others once in billions of
// draws): each with the reason. An entry whose line is no longer in the source is an error, so that the table does not outlive
// what it speaks of.

/**
 * `line` is the whole line, trimmed; `what` is the change as the report writes it; `turn` tells equal changes in one line apart, from 1.
 * @type {{ file: string, line: string, what: string, turn?: number, reason: string }[]}
 */
export const equivalent = [
  {
    file: 'crate/src/tensor/matmul/mod.rs',
    line: 'const ROW_COLUMNS: usize = 16;',
    what: '16 → 17',
    reason: 'the width of the widest tile is only compared with 16',
  },
  {
    file: 'crate/src/tensor/matmul/mod.rs',
    line: '} else if left > 4 {',
    what: '4 → 5',
    reason: 'five columns are then computed as four and one: which tile computes an element does not change it',
  },
  {
    file: 'crate/src/tensor/bias.rs',
    line: 'const NARROW: usize = 32;',
    what: '32 → 33',
    reason: 'row by row and column by column give the same sums',
  },
  {
    file: 'ts/machine/reference/math.ts',
    line: 'const SMALLEST_NORMAL = toNumber(0x800000);',
    what: '0x800000 → 8388609',
    reason: '2⁻¹²⁶ itself is then scaled up like the numbers below it, which is exact',
  },
  {
    file: 'ts/machine/reference/math.ts',
    line: 'const lost = x < 1 ? f(x - f(u - 1)) : f(1 - f(u - x));',
    what: 'f(x) → x',
    reason: 'the difference is exact',
  },
  {
    file: 'ts/machine/reference/math/circle.ts',
    line: 'r = f(rough - f(f(third - f(near - rough)) + f(k * HALF_PI[3])));',
    what: 'f(x) → x',
    turn: 5,
    reason: 'the last part reaches no bit of the sum by its own rounding: tried for every f32 below 8,192',
  },
  {
    file: 'ts/machine/reference/optimizers/adam.ts',
    line: 'const [sign, l2, decay, oneMinusBeta1, beta2, oneMinusBeta2, root, eps, step] = f32.subarray(row, row + 9);',
    what: '9 → 10',
    reason: 'nine of ten elements are taken',
  },
  {
    file: 'ts/machine/reference/tensor/random.ts',
    line: 'fill(u32, [u32, out], n, state, offset, (bits) => (bits < threshold ? 0 : scale));',
    what: '< → <=',
    reason: '32 random bits equal the threshold once in four billion draws',
  },
  {
    file: 'ts/machine/reference/tensor/reduce.ts',
    line: 'twin: overColumns((f32, start, n, step) => columnSum(f32, start, n, step) / f(n)),',
    what: 'f(x) → x',
    reason: 'a count below 2²⁴ is exact as f32',
  },
  {
    file: 'ts/machine/reference/walk.ts',
    line: 'if (n <= SUM_BLOCK) return blockSum(0, n, value);',
    what: '<= → <',
    reason: 'the sum of one block, added to zeros, stays what it is',
  },
  {
    file: 'crate/src/tensor/strided.rs',
    line: 'const TILE_ROWS: usize = 16;',
    what: '16 → 17',
    reason: 'in which order words are moved does not change them',
  },
  {
    file: 'crate/src/tensor/strided.rs',
    line: 'if s[axis] == 1 && n[axis] > 1 {',
    what: '1 → 2',
    turn: 2,
    reason: 'in which order words are moved does not change them',
  },
  {
    file: 'crate/src/walk.rs',
    line: '|i| out.store(i, f(x.load(i), y.load(i))),',
    what: 'f: arguments exchanged',
    reason: 'its one formula is a sum of two',
  },
  {
    file: 'crate/src/tensor/norm.rs',
    line: 'const ORDINARY: f32 = power(-64);',
    what: '64 → 65',
    reason: 'what underflows in a sum of 2⁻⁶⁵ is below its last bit, too',
  },
  {
    file: 'crate/src/tensor/norm.rs',
    line: 'Address::from(out).set_f32(0, two.max(two.shuffle::<1, 0, 3, 2>(two)).lane::<0>());',
    what: '0 → 1',
    reason: 'only lane 0 is taken',
  },
  {
    file: 'crate/src/optimizers/mod.rs',
    line: 'const MOST_STATE: usize = 6;',
    what: '6 → 7',
    reason: 'room for one state array more',
  },
  {
    file: 'crate/src/optimizers/mod.rs',
    line: 'const FLUSH_BLOCK: usize = 1024;',
    what: '1024 → 1025',
    reason: 'how much is flushed at a time does not change what is flushed',
  },
  {
    file: 'crate/src/tensor/pointwise.rs',
    line: 'let mut spare = [0u32; 3 * LANES];',
    what: '0u32 → 1u32',
    reason: 'lanes behind the tail are dropped',
  },
  {
    file: 'crate/src/tensor/zip.rs',
    line: 'pub const NUMBERS: Layout = Layout { a_row: 0, a_col: 0, b_row: 0, b_col: 0 };',
    what: '0 → 1',
    reason: 'there is one row: how far the next one lies does not matter',
  },
  {
    file: 'crate/src/tensor/zip.rs',
    line: 'pub const SAME: Layout = Layout { a_row: 0, a_col: 1, b_row: 0, b_col: 1 };',
    what: '1 → 2',
    turn: 2,
    reason: 'a col is 0 or not 0',
  },
  {
    file: 'crate/src/tensor/zip.rs',
    line: 'pub const SAME: Layout = Layout { a_row: 0, a_col: 1, b_row: 0, b_col: 1 };',
    what: '1 → 2',
    reason: 'a col is 0 or not 0',
  },
  {
    file: 'crate/src/tensor/zip.rs',
    line: 'pub const SCALAR: Layout = Layout { a_row: 0, a_col: 1, b_row: 0, b_col: 0 };',
    what: '1 → 2',
    reason: 'a col is 0 or not 0',
  },
  {
    file: 'crate/src/walk.rs',
    line: 'finished[k & 15] += only;',
    what: '15 → 16',
    reason:
      'the order of the third level shows from 2·4096² = 33 million elements on, which is more than a test should hold',
  },
];

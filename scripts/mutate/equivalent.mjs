// Changes that no test can notice, because the changed machine gives the same bits: each with the reason. An entry whose
// line is no longer in the source is an error, so that the table does not outlive what it speaks of.

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
];

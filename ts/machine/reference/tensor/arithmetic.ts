// Arithmetic of two operands, with the broadcasting that a matrix can show: same shape, a row, a column, one number.
//
// out[i·cols + j] = a[i·a_row + j·a_col] ∘ b[i·b_row + j·b_col]; a_col and b_col are 0 or 1. `out` may be `a` or `b` where
// that has the shape of `out`.

import type { Memory } from '../../machine.ts';
import {
  type BufferParameter,
  count,
  grid,
  type Kernel,
  kernel,
  type Parameter,
  reads,
  type Words,
  writes,
} from '../../signature.ts';

const operand = (row: string, col: string): BufferParameter =>
  reads((w) => (w.rows * w.cols === 0 ? 0 : (w.rows - 1) * w[row] + (w.cols - 1) * w[col] + 1));
const product = (w: Words): number => w.rows * w.cols;

const inputs = { a: operand('a_row', 'a_col'), b: operand('b_row', 'b_col') } as const;
const shape = { rows: count, cols: count, a_row: count, a_col: count, b_row: count, b_col: count } as const;
const parameters: Readonly<Record<string, Parameter>> = { ...inputs, out: writes(product), ...shape };
const gradientParameters: Readonly<Record<string, Parameter>> = {
  ...inputs,
  dy: reads(product),
  da: writes(product),
  ...shape,
};

/** Every pair of layouts in few rows, and one long row of each kind. */
const cases: readonly Words[] = [
  ...grid({ rows: [1, 3], cols: [1, 3, 5, 16, 17], a_row: [0, 17], a_col: [0, 1], b_row: [0, 1, 18], b_col: [0, 1] }),
  ...grid({ rows: [1], cols: [0, 4, 15, 1000], a_row: [0], a_col: [1], b_row: [0], b_col: [0, 1] }),
  ...grid({ rows: [0, 1000], cols: [1], a_row: [1], a_col: [0], b_row: [0, 1], b_col: [0] }),
];

type Twin = (
  a: number,
  b: number,
  out: number,
  rows: number,
  cols: number,
  a_row: number,
  a_col: number,
  b_row: number,
  b_col: number,
) => void;

const twin =
  (op: (a: number, b: number) => number): ((memory: Memory) => Twin) =>
  (memory) =>
  (a, b, out, rows, cols, a_row, a_col, b_row, b_col) => {
    const { f32 } = memory;
    for (let i = 0; i < rows; i++) {
      const [as, bs, outs] = [(a >>> 2) + i * a_row, (b >>> 2) + i * b_row, (out >>> 2) + i * cols];
      for (let j = 0; j < cols; j++) f32[outs + j] = op(f32[as + j * a_col], f32[bs + j * b_col]);
    }
  };

/** a + b */
export const add: Kernel<'add'> = kernel('add', { parameters, cases, twin: twin((a, b) => a + b) });
/** a − b */
export const sub: Kernel<'sub'> = kernel('sub', { parameters, cases, twin: twin((a, b) => a - b) });
/** a · b */
export const mul: Kernel<'mul'> = kernel('mul', { parameters, cases, twin: twin((a, b) => a * b) });
/** a / b */
export const div: Kernel<'div'> = kernel('div', { parameters, cases, twin: twin((a, b) => a / b) });
/** The larger one; NaN wins, −0 < +0. */
export const maximum: Kernel<'maximum'> = kernel('maximum', {
  parameters,
  cases,
  twin: twin((a, b) => Math.max(a, b)),
});
/** The smaller one; NaN wins, −0 < +0. */
export const minimum: Kernel<'minimum'> = kernel('minimum', {
  parameters,
  cases,
  twin: twin((a, b) => Math.min(a, b)),
});

type GradientTwin = (
  a: number,
  b: number,
  dy: number,
  da: number,
  rows: number,
  cols: number,
  a_row: number,
  a_col: number,
  b_row: number,
  b_col: number,
) => void;

const gradient =
  (loses: (a: number, b: number) => boolean): ((memory: Memory) => GradientTwin) =>
  (memory) =>
  (a, b, dy, da, rows, cols, a_row, a_col, b_row, b_col) => {
    const { f32 } = memory;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) {
        const ai = f32[(a >>> 2) + i * a_row + j * a_col];
        const bi = f32[(b >>> 2) + i * b_row + j * b_col];
        const dyi = f32[(dy >>> 2) + i * cols + j];
        f32[(da >>> 2) + i * cols + j] = loses(ai, bi) ? 0 : ai === bi ? 0.5 * dyi : dyi;
      }
    }
  };

/**
 * da[i, j] = a < b ? 0 : a = b ? dy/2 : dy, the share of the first operand in the gradient of `maximum`. The second operand's is
 * the same with a and b exchanged.
 */
export const maximum_grad: Kernel<'maximum_grad'> = kernel('maximum_grad', {
  parameters: gradientParameters,
  cases,
  twin: gradient((a, b) => a < b),
});

/** da[i, j] = a > b ? 0 : a = b ? dy/2 : dy */
export const minimum_grad: Kernel<'minimum_grad'> = kernel('minimum_grad', {
  parameters: gradientParameters,
  cases,
  twin: gradient((a, b) => a > b),
});

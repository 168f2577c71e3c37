// What the generated parity test cannot say of the matrix product: that it is one, and that its additions come in the order
// of the definition. Expected values are float64 products, identities, and sums done by hand.

import { describe, expect, test } from 'vitest';
import type { Machine } from '../../ts/machine/machine.ts';
import { matmulScratch } from '../../ts/machine/reference/tensor/matmul.ts';
import { PEAK_FLOPS } from '../../ts/machine/reference/tensor/peak.ts';
import { makeReference, makeSimd } from '../support/machines.ts';
import { Random } from './support/random.ts';

/** A matrix by its rows, and how it lies in memory. */
interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float32Array;
  readonly turned?: boolean;
}

const random = new Random(4);
const uniform = (n: number): Float32Array => Float32Array.from({ length: n }, () => random.between(-1, 1));
const matrix = (rows: number, cols: number, values = uniform(rows * cols)): Matrix => ({ rows, cols, values });
const identity = (n: number): Matrix =>
  matrix(
    n,
    n,
    new Float32Array(n * n).map((_, i) => (i % (n + 1) === 0 ? 1 : 0)),
  );

/** The same matrix, stored column by column. */
const turn = ({ rows, cols, values }: Matrix): Matrix => ({
  rows,
  cols,
  values: values.map((_, at) => values[(at % rows) * cols + Math.floor(at / rows)]),
  turned: true,
});

/** Another matrix: the rows of this one are its columns. */
const transpose = ({ rows, cols, values, turned }: Matrix): Matrix => ({
  rows: cols,
  cols: rows,
  values,
  turned: turned !== true,
});

/** Puts arrays into the machine's memory, one behind the other; the addresses in order. */
function lay(machine: Machine, ...arrays: readonly Float32Array[]): number[] {
  const sizes = arrays.map(({ length }) => Math.ceil(length / 4) * 16);
  const begin = Math.ceil(machine.heapBase / 16) * 16;
  expect(machine.grow(begin + sizes.reduce((a, b) => a + b, 0))).toBe(true);
  let at = begin;
  return arrays.map((array, i) => {
    machine.memory.f32.set(array, at / 4);
    at += sizes[i];
    return at - sizes[i];
  });
}

function multiply(machine: Machine, a: Matrix, b: Matrix): Float32Array {
  const [m, n, k] = [a.rows, b.cols, a.cols];
  const strides = ({ rows, cols, turned }: Matrix): [number, number] => (turned ? [1, rows] : [cols, 1]);
  const spaces = [new Float32Array(m * n).fill(Number.NaN), new Float32Array(matmulScratch(m, n, k)).fill(Number.NaN)];
  const [as, bs, out, scratch] = lay(machine, a.values, b.values, ...spaces);
  machine.kernels.matmul(as, bs, out, m, n, k, ...strides(a), ...strides(b), scratch);
  return machine.memory.f32.slice(out / 4, out / 4 + m * n);
}

/** One row times one column. */
const dot = (machine: Machine, row: Float32Array, column: Float32Array): number =>
  multiply(machine, matrix(1, row.length, row), matrix(column.length, 1, column))[0];

/** Small, direct and packed, one row, one column, k in one block and in several. */
const shapes: readonly (readonly [number, number, number])[] = [
  [3, 5, 4],
  [1, 37, 300],
  [37, 1, 300],
  [16, 10, 784],
  [70, 33, 600],
];

describe.each([
  ['simd', makeSimd],
  ['reference', makeReference],
] as const)('%s', (_, make) => {
  test.each(shapes)('%i×%i, k = %i is the float64 product within the bound of its sums', (m, n, k) => {
    const [a, b] = [matrix(m, k), matrix(k, n)];
    const out = multiply(make(), a, b);
    // Higham 2002, §3.1: each of the additions and the product round once; a block has at most 256, then one a block.
    const bound = (Math.min(k, 256) + Math.ceil(k / 256)) * 2 ** -24 * 1.001;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let [exact, size] = [0, 0];
        for (let q = 0; q < k; q++) {
          const term = a.values[i * k + q] * b.values[q * n + j];
          exact += term;
          size += Math.abs(term);
        }
        expect(Math.abs(out[i * n + j] - exact)).toBeLessThanOrEqual(bound * size);
      }
    }
  });

  test.each(shapes)('%i×%i, k = %i has the same bits in every transpose, and transposed', (m, n, k) => {
    const [machine, a, b] = [make(), matrix(m, k), matrix(k, n)];
    const out = multiply(machine, a, b);
    expect(multiply(machine, turn(a), b)).toEqual(out);
    expect(multiply(machine, a, turn(b))).toEqual(out);
    expect(multiply(machine, turn(a), turn(b))).toEqual(out);
    expect(multiply(machine, transpose(b), transpose(a))).toEqual(turn({ rows: m, cols: n, values: out }).values);
  });

  test('times the identity is the same matrix', () => {
    const a = matrix(70, 300);
    expect(multiply(make(), a, identity(300))).toEqual(a.values);
    expect(multiply(make(), identity(70), a)).toEqual(a.values);
  });

  test('a block of k is added for itself: 256 numbers that are each lost beside 1 count together', () => {
    const terms = new Float32Array(512).fill(2 ** -25, 256);
    terms[0] = 1;
    expect(dot(make(), terms, new Float32Array(512).fill(1))).toBe(1 + 2 ** -17);
  });

  test('in a block the products are added one by one in ascending order', () => {
    const ones = new Float32Array(256).fill(1);
    const falling = new Float32Array(256).fill(2 ** -25);
    falling[0] = 1;
    expect(dot(make(), falling, ones)).toBe(1);
    expect(dot(make(), falling.slice().reverse(), ones)).toBe(1 + 2 ** -17);
  });

  test('product and sum each round: (1 + 2⁻¹²)² − (1 + 2⁻¹¹) is 0, not 2⁻²⁴', () => {
    const x = 1 + 2 ** -12;
    expect(dot(make(), Float32Array.of(-1, x), Float32Array.of(1 + 2 ** -11, x))).toBe(0);
  });

  test('the sum of columns is the product with a row of ones', () => {
    const [machine, x] = [make(), matrix(600, 33)];
    const [xs, out] = lay(machine, x.values, new Float32Array(33));
    machine.kernels.column_sum(xs, out, 600, 33);
    const sums = machine.memory.f32.slice(out / 4, out / 4 + 33);
    expect(sums).toEqual(multiply(machine, matrix(1, 600, new Float32Array(600).fill(1)), x));
  });

  test('adding a bias adds it to each row', () => {
    const machine = make();
    const [x, bias] = lay(machine, Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(10, 20, 30));
    machine.kernels.add_bias(x, bias, x, 2, 3);
    expect([...machine.memory.f32.subarray(x / 4, x / 4 + 6)]).toEqual([11, 22, 33, 14, 25, 36]);
  });

  test('the peak kernel does the operations that its constant counts', () => {
    const machine = make();
    const [out] = lay(machine, new Float32Array(56));
    machine.kernels.peak(out, 3);
    // From 0, six times · ¾ + ¼: 1 − ¾⁶, a product and a sum each time.
    const changed = machine.memory.f32.slice(out / 4, out / 4 + 56).filter((x) => x === 1 - 0.75 ** 6);
    expect(changed.length * 2 * 2).toBe(PEAK_FLOPS);
  });
});

test('scratch space is less than a panel for small products and bounded for large ones', () => {
  expect(matmulScratch(16, 8, 8)).toBeLessThanOrEqual(96);
  expect(matmulScratch(4096, 4096, 4096)).toBe(32 + 256 * (64 + 512));
});

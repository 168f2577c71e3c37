// Softmax and losses, kernel by kernel on both machines, against PyTorch's float64 numbers; and what has no golden number: which
// index wins, which rows are chosen.

import { describe, expect, it } from 'vitest';
import type { KernelName } from '../../ts/machine/machine.ts';
import { errorOf, type GoldenCase, goldenCases, toNumber } from './support/forward-backward.ts';
import { makeStage, type Stage } from './support/stage.ts';

const TOLERANCE = 2e-6;

const losses = goldenCases('losses');
const plain = (one: GoldenCase): boolean =>
  !('label_smoothing' in one.options || 'weights' in one.options || 'ignore_index' in one.options) &&
  !one.id.endsWith('/spatial') &&
  one.options.pos_weight === undefined;

/** The loss of a case from the losses of its rows or elements: their sum or mean; and the dy that its gradient begins with. */
function reduced(stage: Stage, { options, output, cotangent }: GoldenCase, each: number, n: number) {
  if (options.reduction === 'none') {
    expect(errorOf(stage.read(each, n), output.data)).toBeLessThan(TOLERANCE);
    return { dy: stage.numbers(cotangent?.data.map(toNumber) ?? []), step: 1 };
  }
  const out = stage.space(1);
  stage.call(options.reduction === 'sum' ? 'sum' : 'mean', each, out, 1, n, 1);
  expect(errorOf(stage.read(out, 1), output.data)).toBeLessThan(TOLERANCE);
  const dy = toNumber(cotangent?.data[0] ?? 1) / (options.reduction === 'sum' ? 1 : n);
  return { dy: stage.numbers([dy]), step: 0 };
}

const data = (values: GoldenCase['inputs'], name: string): number[] => values?.[name].data.map(toNumber) ?? [];

describe.each(['simd', 'reference'] as const)('on %s', (machine) => {
  it.each(losses.filter((one) => one.op === 'cross_entropy' && plain(one)))('$id', (one) => {
    const stage = makeStage(machine);
    const [rows, cols] = one.inputs?.input.shape ?? [];
    const indexed = one.options.target === 'index';
    const kernel: KernelName = indexed ? 'cross_entropy' : 'cross_entropy_rows';
    const logits = stage.numbers(data(one.inputs, 'input'));
    const target = data(one.fixed, 'target');
    const labels = indexed ? stage.words(target) : stage.numbers(target);
    const [each, dx] = [stage.space(rows), stage.space(rows * cols)];
    stage.call(kernel, logits, labels, each, rows, cols);
    const { dy, step } = reduced(stage, one, each, rows);
    stage.call(`${kernel}_grad`, logits, labels, dy, dx, rows, cols, step);
    expect(errorOf(stage.read(dx, rows * cols), one.grads?.input.data ?? [])).toBeLessThan(TOLERANCE);
  });

  it.each(losses.filter((one) => (one.op === 'mse' || one.op === 'bce_with_logits') && plain(one)))('$id', (one) => {
    const stage = makeStage(machine);
    const kernel = one.op === 'mse' ? 'squared_error' : 'sigmoid_cross_entropy';
    const [x, t] = [stage.numbers(data(one.inputs, 'input')), stage.numbers(data(one.fixed, 'target'))];
    const n = data(one.fixed, 'target').length;
    const [each, dx] = [stage.space(n), stage.space(n)];
    stage.call(kernel, x, t, each, n);
    const { dy, step } = reduced(stage, one, each, n);
    stage.call(`${kernel}_grad`, x, t, dy, dx, n, step);
    expect(errorOf(stage.read(dx, n), one.grads?.input.data ?? [])).toBeLessThan(TOLERANCE);
  });

  const overLastAxis = ({ op, options, output }: GoldenCase): boolean =>
    /^log_?softmax$|^softmax$/.test(op) && [-1, output.shape.length - 1].includes(options.axis ?? options.dim ?? -1);
  const rowwise = goldenCases('activations').filter(overLastAxis);
  it('has cases of softmax', () => expect(rowwise.length).toBeGreaterThan(1));
  it.each(rowwise)('$id', (one) => {
    const stage = makeStage(machine);
    const kernel: KernelName = one.op === 'softmax' ? 'softmax' : 'log_softmax';
    const { shape } = one.output;
    const cols = shape[shape.length - 1];
    const n = shape.reduce((size, dimension) => size * dimension, 1);
    const x = stage.numbers(Object.values(one.inputs ?? {})[0].data.map(toNumber));
    const [y, dx, dy] = [stage.space(n), stage.space(n), stage.numbers(one.cotangent?.data.map(toNumber) ?? [])];
    stage.call(kernel, x, y, n / cols, cols);
    expect(errorOf(stage.read(y, n), one.output.data)).toBeLessThan(TOLERANCE);
    stage.call(`${kernel}_grad`, y, dy, dx, n / cols, cols);
    expect(errorOf(stage.read(dx, n), Object.values(one.grads ?? {})[0].data)).toBeLessThan(TOLERANCE);
  });

  it('is exact for large logits: the loss is the distance to the largest', () => {
    const stage = makeStage(machine);
    const out = stage.space(2);
    stage.call('cross_entropy', stage.numbers([1e30, -1e30, 4096.5, 1]), stage.words([1, 1]), out, 2, 2);
    expect(stage.read(out, 2)).toEqual([Math.fround(2e30), 4095.5]);
  });

  it('keeps small binary losses: log(1 + e⁻³⁰) is not 0', () => {
    const stage = makeStage(machine);
    const out = stage.space(2);
    stage.call('sigmoid_cross_entropy', stage.numbers([30, -30]), stage.numbers([1, 0]), out, 2);
    for (const loss of stage.read(out, 2)) expect(Math.abs(loss / Math.exp(-30) - 1)).toBeLessThan(1e-6);
  });

  it.each([
    [[1, 3, 3, 2, 3], 1],
    [[-Infinity, -Infinity], 0],
    [[-0, 0], 0],
    [[5, 1, 2, 3, 4, 5, 6, 6], 6],
    [[1, Infinity, Number.NaN, Number.NaN], 2],
    [[Number.NaN, 9, 9, 9, 9, 9], 0],
  ])('argmax of %j is %i', (row, want) => {
    const stage = makeStage(machine);
    const out = stage.space(1);
    stage.call('argmax', stage.numbers(row), out, 1, row.length);
    expect(stage.readWords(out, 1)).toEqual([want]);
  });

  it('gathers rows of bytes from odd addresses and adds the gradient of repeated rows', () => {
    const stage = makeStage(machine);
    const bytes = stage.bytes(Array.from({ length: 22 }, (_, i) => i * 11));
    const indices = stage.words([2, 0, 2]);
    const [out, dx] = [stage.space(21), stage.space(21)];
    stage.call('gather_rows_u8', bytes + 1, indices, out, 3, 7, 3, stage.numbers([0.5, -1]));
    const row = (r: number): number[] => Array.from({ length: 7 }, (_, j) => (r * 7 + j + 1) * 11 * 0.5 - 1);
    expect(stage.read(out, 21)).toEqual([...row(2), ...row(0), ...row(2)]);
    stage.call('scatter_add_rows', out, indices, dx, 3, 7, 3);
    expect(stage.read(dx, 21)).toEqual([...row(0), ...row(1).map(() => 0), ...row(2).map((x) => 2 * x)]);
  });
});

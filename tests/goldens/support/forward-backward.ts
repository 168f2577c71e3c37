// Replays a case of the golden files: the operation on the case's inputs, and the gradients of Σ output · cotangent, against the
// framework's float64 numbers, on one machine.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Runtime } from '../../../ts/engine/runtime.ts';
import { installMethods } from '../../../ts/tensor/methods.ts';
import { Parameter } from '../../../ts/tensor/parameter.ts';
import { type DType, Tensor } from '../../../ts/tensor/tensor.ts';
import { makeMachine } from '../../support/machines.ts';

/** A number as the files write it. */
type Written = number | 'inf' | '-inf' | 'nan';

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly Written[];
  readonly dtype?: 'int32';
}

/** One case of a golden file. */
export interface GoldenCase {
  readonly id: string;
  readonly op: string;
  // biome-ignore lint/suspicious/noExplicitAny: each operation has options of its own
  readonly options: any;
  readonly inputs?: Readonly<Record<string, Values>>;
  readonly fixed?: Readonly<Record<string, Values>>;
  readonly cotangent?: Values;
  readonly output: Values;
  readonly grads?: Readonly<Record<string, Values>>;
  readonly further?: Readonly<Record<string, Values>>;
  readonly f32_err?: { readonly output?: number; readonly grads?: number };
}

/** The operation of a case: its differentiated inputs and its constants by name, and its options. */
export type Forward = (
  inputs: Readonly<Record<string, Tensor>>,
  // biome-ignore lint/suspicious/noExplicitAny: see above
  options: any,
  fixed: Readonly<Record<string, Tensor>>,
) => Tensor;

/** The cases of tests/goldens/data/`file`.json. */
export function goldenCases(file: string): readonly GoldenCase[] {
  const path = fileURLToPath(new URL(`../data/${file}.json`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8')).cases;
}

export const toNumber = (x: Written): number =>
  typeof x === 'number' ? x : { inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY, nan: Number.NaN }[x];

/** max |got − want| / (1 + |want|); infinite when what is not finite differs. */
export function errorOf(got: ArrayLike<number>, want: readonly Written[]): number {
  expect(got.length).toBe(want.length);
  let most = 0;
  want.forEach((written, i) => {
    const w = toNumber(written);
    const same = Object.is(got[i], w) || got[i] === w;
    const error = same ? 0 : Number.isFinite(w) ? Math.abs(got[i] - w) / (1 + Math.abs(w)) : Number.POSITIVE_INFINITY;
    most = Math.max(most, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  });
  return most;
}

/** A runtime with methods installed, on a new machine. */
export function newRuntime(machine: 'simd' | 'reference', seed = 0): Runtime {
  installMethods();
  return new Runtime(makeMachine(machine), seed);
}

export function parameterOf(
  runtime: Runtime,
  name: string,
  shape: readonly number[],
  values: ArrayLike<number>,
): Parameter {
  const bytes = Math.ceil(values.length / 4) * 16;
  const { address, life, block } = runtime.allocateBlock(2 * bytes, name);
  return new Parameter(runtime, name, shape, address, address + bytes, life, block).set(values);
}

export function constantOf(
  runtime: Runtime,
  shape: readonly number[],
  values: ArrayLike<number>,
  dtype: DType = 'f32',
): Tensor {
  const { address, life, block } = runtime.allocate(values.length * 4, 'constant');
  return new Tensor(runtime, 'constant', shape, dtype, address, life, block).set(values);
}

/** Runs one case on one machine and compares output and gradients. */
export function replay(golden: GoldenCase, forward: Forward, machine: 'simd' | 'reference', tolerance: number): void {
  const runtime = newRuntime(machine);
  const inputs: Record<string, Parameter> = {};
  for (const [name, { shape, data }] of Object.entries(golden.inputs ?? {}))
    inputs[name] = parameterOf(runtime, name, shape, data.map(toNumber));
  const live = runtime.heap.live - runtime.temporaryBytes;
  runtime.openScope();
  const fixed: Record<string, Tensor> = {};
  for (const [name, { shape, data, dtype }] of Object.entries(golden.fixed ?? {}))
    fixed[name] = constantOf(runtime, shape, data.map(toNumber), dtype === 'int32' ? 'i32' : 'f32');
  const output = forward(inputs, golden.options, fixed);
  const bound = (own: number | undefined): number => Math.max(tolerance, 5 * (own ?? 0));
  expect(output.shape).toEqual(golden.output.shape);
  expect(errorOf(output.read(), golden.output.data)).toBeLessThanOrEqual(bound(golden.f32_err?.output));
  if (golden.cotangent !== undefined && golden.grads !== undefined) {
    const { shape, data } = golden.cotangent;
    output
      .mul(constantOf(runtime, shape, data.map(toNumber)))
      .sum()
      .backward();
    for (const [name, { data: wanted }] of Object.entries(golden.grads)) {
      const error = errorOf(inputs[name].gradient.read(), wanted);
      expect(error, `gradient of ${name}`).toBeLessThanOrEqual(bound(golden.f32_err?.grads));
    }
  }
  runtime.closeScope();
  expect(runtime.heap.live - runtime.temporaryBytes, 'bytes that live on').toBe(live);
}

/** Tests every case of a file on both machines, except those that `skipped` names, by id or operation, with the reason. */
export function testGoldens(
  file: string,
  operations: Readonly<Record<string, Forward>>,
  skipped: Readonly<Record<string, string>>,
  tolerance: number,
): void {
  const cases = goldenCases(file);
  it(`${file}: every case is tested or skipped for a reason`, () => {
    const unknown = cases.filter(({ id, op }) => !(op in operations) && !(op in skipped) && !(id in skipped));
    expect(unknown.map(({ id }) => id)).toEqual([]);
  });
  const chosen = cases.filter(({ id, op }) => op in operations && !(id in skipped));
  describe.each(['simd', 'reference'] as const)(`${file} on %s`, (machine) => {
    it.each(chosen.map((one) => [one.id, one] as const))('%s', (_, one) => {
      replay(one, operations[one.op], machine, tolerance);
    });
  });
}

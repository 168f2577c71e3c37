// What tests of optimizers share: engines on either machine, numbers that are different for every seed, every rule of the list with
// options that reach each of its kernels.

import { Engine } from '../../ts/engine.ts';
import { DownhillError, type ErrorCode } from '../../ts/errors.ts';
import { type OptimizerDescription, rules } from '../../ts/optimizers/rules.ts';
import { makeMachine } from '../support/machines.ts';

export type MachineName = 'simd' | 'reference';
export const machineNames: readonly MachineName[] = ['simd', 'reference'];

/** A new engine; `tight` grows the memory at every allocation, which detaches every view. */
export const makeEngine = (
  machine: MachineName,
  { tight = false, limit }: { tight?: boolean; limit?: number } = {},
): Engine => new Engine(makeMachine(machine, limit), { machine, refused: [] }, 0, { tight });

/** n numbers between −1 and 1, a function of the seed. */
export function numbers(n: number, seed: number): Float32Array {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x85ebca6b) >>> 0;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) / 2 ** 24) * 2 - 1;
  });
}

/** Every variant of every rule of the list: together they reach every kernel and every flag. */
export const descriptions: Readonly<Record<string, OptimizerDescription>> = Object.fromEntries(
  Object.values(rules).flatMap(({ name, variants }) =>
    Object.entries(variants).map(([variant, options]): [string, OptimizerDescription] => [
      variant === name ? name : `${name}, ${variant}`,
      { kind: 'optimizer', name, options } as OptimizerDescription,
    ]),
  ),
);

/** Bits, so that −0 differs from 0 and NaN equals itself. */
export const bits = (values: Float32Array): number[] => [...new Uint32Array(values.slice().buffer)];

/** The error that `run` throws. */
export function errorOf(run: () => unknown): DownhillError {
  try {
    run();
  } catch (error) {
    if (error instanceof DownhillError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The error's code, path and message in one line, to be matched. */
export const errorLine = (run: () => unknown): string => {
  const { code, path, message } = errorOf(run);
  return `${code satisfies ErrorCode} | ${path ?? ''} | ${message}`;
};

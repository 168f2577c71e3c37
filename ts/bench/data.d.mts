// Types of the deterministic inputs that all contenders share.

export function uniform(n: number, seed: number, lo?: number, hi?: number): Float32Array;
export function denseParams(sizes: readonly number[]): [Float32Array, Float32Array][];
export function inputs(batch: number, width: number): Float32Array;
export function labels(batch: number, classes: number): Int32Array;
export function targets(batch: number): Float32Array;
export function optimizerData(n: number): { p: Float32Array; g: Float32Array };
export const HYPER: {
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly momentum: number;
};

// Types of the plain JavaScript that every ratio is taken against; the code itself is kept as it was given.

/** Something to time: one step, and a value that proves the work was done. */
export interface Contestant {
  step(): void;
  value(): number;
}
export interface Net {
  readonly sizes: readonly number[];
  readonly activation: 'relu' | 'tanh';
  readonly batch: number;
}
export const version: string;
export function adam(p: Float32Array, g: Float32Array, m: Float32Array, v: Float32Array, t: number): void;
export function sgdm(p: Float32Array, g: Float32Array, b: Float32Array): void;
export const make: {
  adam(n: number): Contestant;
  sgdm(n: number): Contestant;
  matmul(n: number): Contestant;
  matmul_ta(n: number): Contestant;
  matmul_tb(n: number): Contestant;
  mlp(net: Net): Contestant;
  cnn(): Contestant;
};

// What a kernel's words mean, and its twin in TypeScript: the definition that recording, planning and the parity test read.
// One definition stands in one file of `reference/`, beside nothing else, so that a new kernel costs that file and a line in the list.

import type { KernelName, Kernels, Memory } from './machine.ts';

/** The words of one call by parameter name. */
export type Words = Readonly<Record<string, number>>;

/** A count, stride, offset or ordinal: any word that is no address. */
export interface CountParameter {
  readonly role: 'count';
}

/** The address of a buffer. `size` is in elements of `type`, computed from the counts of the same call. */
export interface BufferParameter {
  readonly role: 'read' | 'write' | 'update' | 'scratch';
  readonly type: 'f32' | 'u32' | 'u8';
  readonly size: (words: Words) => number;
  /** What the parity test puts there: u32 words stay below this bound (indices, labels). */
  readonly below?: (words: Words) => number;
  /** What the parity test puts there: positions of an f32 row that hold a flag, 0 or 1, as a word. */
  readonly flags?: readonly number[];
}

export type Parameter = CountParameter | BufferParameter;

/** Size of a buffer: a fixed number, the name of a count, or a function of the counts. */
export type Size = number | string | ((words: Words) => number);

const sizeOf = (size: Size): ((words: Words) => number) =>
  typeof size === 'function' ? size : typeof size === 'string' ? (words) => words[size] as number : () => size;

type BufferOptions = {
  readonly type?: BufferParameter['type'];
  readonly below?: Size;
  readonly flags?: readonly number[];
};

const buffer =
  (role: BufferParameter['role']) =>
  (size: Size, options: BufferOptions = {}): BufferParameter => ({
    role,
    type: options.type ?? 'f32',
    size: sizeOf(size),
    ...(options.below === undefined ? {} : { below: sizeOf(options.below) }),
    ...(options.flags === undefined ? {} : { flags: options.flags }),
  });

/** A buffer that the kernel only reads. */
export const reads: (size: Size, options?: BufferOptions) => BufferParameter = buffer('read');
/** A buffer that the kernel fills completely and does not read before. */
export const writes: (size: Size, options?: BufferOptions) => BufferParameter = buffer('write');
/** A buffer that the kernel reads and writes in place. */
export const updates: (size: Size, options?: BufferOptions) => BufferParameter = buffer('update');
/** Working space: what it holds before does not matter and what it holds after means nothing. */
export const scratch: (size: Size, options?: BufferOptions) => BufferParameter = buffer('scratch');
/** A count, stride, offset or ordinal. */
export const count: CountParameter = { role: 'count' };

/** One kernel: its parameters in the order of the call, its twin, and the calls that the parity test makes. */
export interface Kernel<K extends KernelName> {
  readonly name: K;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly twin: (memory: Memory) => Kernels[K];
  /**
   * Values of the counts for the parity test. Left out when there is one count: then it takes 0, 1, 3, 4, 5, 15, 16, 17, 1000, 1029, 4099.
   * When they are every combination of some values (`grid`), the test also takes random counts between the least and the greatest.
   */
  readonly cases?: readonly Words[];
  /**
   * Whether it may be called in place, with the output over the first input; the parity test then holds it to giving the same
   * bits. Left out, it may when all inputs have the size of the output.
   */
  readonly inPlace?: boolean;
}

type Twin = (...words: number[]) => void;

/** TypeScript takes a function with fewer parameters for one with more: the result is a kernel only when the arities are equal. */
type IfSameArity<A extends Twin, K extends KernelName> = Parameters<A>['length'] extends Parameters<
  Kernels[K]
>['length']
  ? Parameters<Kernels[K]>['length'] extends Parameters<A>['length']
    ? Kernel<K>
    : { wordsOfTheCrate: Parameters<Kernels[K]>['length'] }
  : { wordsOfTheCrate: Parameters<Kernels[K]>['length'] };

/** Defines the twin of the crate's kernel `name`; its arity is held to the crate's generated `.d.ts`. */
export function kernel<K extends KernelName, T extends Twin>(
  name: K,
  definition: Omit<Kernel<K>, 'name' | 'twin'> & { readonly twin: (memory: Memory) => T },
): IfSameArity<T, K> {
  return { name, ...definition } as IfSameArity<T, K>;
}

/** Every combination of the given values: `grid({ m: [1, 2], n: [3] })` is `[{ m: 1, n: 3 }, { m: 2, n: 3 }]`. */
export function grid(values: Readonly<Record<string, readonly number[]>>): Words[] {
  let rows: Record<string, number>[] = [{}];
  for (const [name, list] of Object.entries(values)) {
    rows = rows.flatMap((row) => list.map((value) => ({ ...row, [name]: value })));
  }
  return rows;
}

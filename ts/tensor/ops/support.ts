// What several operations share: checks of their inputs, working memory, and walks that take more than one kernel call.

import type { Runtime } from '../../engine/runtime.ts';
import { DownhillError, show } from '../../errors.ts';
import type { Kernels } from '../../machine/machine.ts';
import { format, merge, type Shape, shapeError, sizeOf, stridesIn, sumsTo } from '../shape.ts';
import { type DType, expectTensor, Tensor } from '../tensor.ts';

/** Throws `data` unless `x` has the dtype; 'f32' unless said otherwise. */
export function expectDType(op: string, what: string, x: Tensor, dtype: DType = 'f32'): void {
  if (x.dtype === dtype) return;
  const remedy = dtype === 'f32' ? 'make it from a Float32Array' : 'make it from an Int32Array';
  throw new DownhillError(
    'data',
    `${op} needs ${what} of dtype ${dtype}: got ${x.dtype} ${format(x.shape)}; ${remedy}`,
    {
      path: op,
      expected: dtype,
      received: x.dtype,
    },
  );
}

/** Throws unless `x` is a tensor of `runtime` with the dtype. */
export function expectOperand(
  op: string,
  what: string,
  x: unknown,
  runtime: Runtime,
  dtype: DType = 'f32',
): asserts x is Tensor {
  expectTensor(op, x, runtime);
  expectDType(op, what, x, dtype);
}

/** Throws `option` unless the number lies in the bounds. */
export function expectNumber(
  op: string,
  option: string,
  value: number,
  low: number,
  high: number,
  bounds: string,
): void {
  if (typeof value === 'number' && value >= low && value <= high) return;
  throw new DownhillError('option', `${op}: ${option} must be ${bounds}: got ${show(value)}`, {
    path: `${op}.${option}`,
    expected: bounds,
    received: show(value),
  });
}

/** Throws `data` unless every word of the indices lies below `below`: kernels trust them. A replayed program comes here with what was not computed in it. */
export function expectIndices(op: string, what: string, indices: Tensor, below: number): void {
  const start = indices.address >>> 2;
  const { u32 } = indices.runtime.machine.memory;
  for (let i = 0; i < indices.size; i++) {
    if (u32[start + i] < below) continue;
    const bounds = below === 0 ? 'none, there is nothing to choose from' : `0 to ${below - 1}`;
    throw new DownhillError('data', `${op}: ${what} must be ${bounds}: element ${i} is ${u32[start + i] | 0}`, {
      path: op,
      expected: bounds,
      received: String(u32[start + i] | 0),
    });
  }
  const { recorder } = indices.runtime;
  if (recorder !== undefined && recorder.temporaryAt(indices.address) < 0)
    recorder.checks.push(() => expectIndices(op, what, indices, below));
}

/** Calls `use` with an address for `words` 4-byte words that mean nothing before and after. */
export function withScratch(runtime: Runtime, words: number, use: (address: number) => void): void {
  if (words === 0) use(0);
  else if (runtime.scope !== undefined) use(runtime.temporary(words * 4));
  else {
    const block = runtime.heap.allocate(words * 4, 'working memory of a call');
    try {
      use(block.address);
    } finally {
      runtime.heap.free(block);
    }
  }
}

type Strided = 'copy_strided' | 'scatter_strided';

/** `copy_strided` (or `scatter_strided`, the way back) for any number of axes: `own` are the strides of the side that is not contiguous. */
export function moveStrided(
  k: Kernels,
  move: Strided,
  x: number,
  out: number,
  sizes: Shape,
  own: readonly number[],
): void {
  const walk = merge({ sizes, strides: [own] });
  const n = [1, 1, 1, 1, ...walk.sizes].slice(-Math.max(4, walk.sizes.length));
  const s = [0, 0, 0, 0, ...walk.strides[0]].slice(-n.length);
  const last = n.length - 4;
  const inner = sizeOf(n.slice(last));
  const step = (axis: number, contiguous: number, strided: number): void => {
    if (axis < last) {
      const skip = sizeOf(n.slice(axis + 1));
      for (let i = 0; i < n[axis]; i++) step(axis + 1, contiguous + 4 * i * skip, strided + 4 * i * s[axis]);
    } else if (inner > 0) {
      const [from, to] = move === 'copy_strided' ? [strided, contiguous] : [contiguous, strided];
      k[move](from, to, n[last], n[last + 1], n[last + 2], n[last + 3], s[last], s[last + 1], s[last + 2], s[last + 3]);
    }
  };
  if (move === 'copy_strided') step(0, out, x);
  else step(0, x, out);
}

/** Writes `x`, of shape `from`, stretched to `to`. */
export function expandInto(k: Kernels, x: number, from: Shape, out: number, to: Shape): void {
  moveStrided(k, 'copy_strided', x, out, to, stridesIn(from, to));
}

/** Sums `x`, of shape `from`, over the axes that a broadcast from `to` stretched. `temporary` gives room for n numbers. */
export function sumInto(
  k: Kernels,
  x: number,
  from: Shape,
  out: number,
  to: Shape,
  temporary: (n: number) => number,
): void {
  const steps = sumsTo(from, to);
  if (steps.length === 0) k.copy(x, out, sizeOf(to));
  let at = x;
  steps.forEach(({ outer, n, inner }, i) => {
    const next = i === steps.length - 1 ? out : temporary(outer * inner);
    k.sum(at, next, outer, n, inner);
    at = next;
  });
}

/** A shape or list of axes that came as separate numbers or as one array. */
export function expectRank(op: string, what: string, list: readonly number[], rank: number): void {
  if (!Array.isArray(list) && !ArrayBuffer.isView(list))
    throw shapeError(op, `a list of ${rank} numbers as ${what}, one per axis`, show(list));
  if (list.length !== rank) throw shapeError(op, `${rank} numbers as ${what}, one per axis`, format(list));
}

/**
 * Runs an operation that is made of others. Outside every scope their results would stay in memory where nobody can free them: there
 * they get a scope of their own, and the last result is copied out of it.
 */
export function composed(op: string, runtime: Runtime, build: () => Tensor): Tensor {
  if (runtime.scope !== undefined) return build();
  runtime.openScope();
  try {
    const result = build();
    const from = result.address;
    const { address, life, block } = runtime.allocateBlock(result.size * 4, op);
    runtime.kernels.copy(from, address, result.size);
    return new Tensor(runtime, op, result.shape, result.dtype, address, life, block);
  } finally {
    runtime.closeScope();
  }
}

// Keeping, dropping and repeating elements of one array together with their gradient and state: what splats and embeddings need
// when they are pruned or split.

import type { Runtime, Storage } from '../engine/runtime.ts';
import { DownhillError, show } from '../errors.ts';
import type { Slots } from './state.ts';
import type { Bound, Piece } from './target.ts';

/** Moves array, gradient and slots to other memory with the elements at `indices`; returns what is bound from then on. Throws `option`, `state` or `memory`, and then nothing has changed. */
export function gatherElements(
  runtime: Runtime,
  name: string,
  bound: Bound,
  slots: Slots,
  given: ArrayLike<number>,
): Bound {
  const { theta, gradient, own, groups, length } = bound;
  if (theta === undefined || gradient === undefined || groups.length > 1 || (own !== undefined && own.length > 1))
    throw new DownhillError('state', `gather() of ${name} needs one array without groups`);
  const indices = checkIndices(name, given, length);
  const arrays = [theta, gradient].map(({ address }) => ({ address, owner: `array of ${name}` }));
  const [p, g, ...state] = gather(runtime, [...arrays, ...slots.sources()], indices);
  const size = indices.length;
  theta.replace(p, size);
  gradient.replace(g, size);
  const piece: Piece = { name: '0', shape: [size], offset: 0, size, parameter: undefined };
  slots.replace(state, piece);
  return { ...bound, groups: [{ ...groups[0], pieces: [piece] }], length: size, own: own && [theta.read()] };
}

/** New memory for each source with its elements at `indices`, as words. Nothing changes when there is not enough memory. */
function gather(
  runtime: Runtime,
  sources: readonly { readonly address: number; readonly owner: string }[],
  indices: Uint32Array,
): Storage[] {
  const made: Storage[] = [];
  try {
    for (const { owner } of sources) made.push(runtime.allocateBlock(indices.length * 4, owner));
  } catch (error) {
    for (const { block } of made) if (block !== undefined) runtime.heap.free(block);
    throw error;
  }
  const { u32 } = runtime.machine.memory;
  sources.forEach(({ address }, s) => {
    const [from, to] = [address >>> 2, made[s].address >>> 2];
    for (let i = 0; i < indices.length; i++) u32[to + i] = u32[from + indices[i]];
  });
  return made;
}

/** Indices of elements to keep, checked against the number that there are. */
function checkIndices(name: string, indices: ArrayLike<number>, length: number): Uint32Array {
  if (!Array.isArray(indices) && !ArrayBuffer.isView(indices)) {
    const expected = 'a list of indices';
    throw new DownhillError('option', `gather() of ${name} needs ${expected}: got ${show(indices)}`, {
      path: 'indices',
      expected,
      received: show(indices),
    });
  }
  const checked = new Uint32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (!Number.isInteger(index) || index < 0 || index >= length) {
      const expected = `whole numbers from 0 to ${length - 1}`;
      throw new DownhillError('option', `gather() of ${name} needs ${expected}: indices[${i}] is ${show(index)}`, {
        path: `indices[${i}]`,
        expected,
        received: show(index),
      });
    }
    checked[i] = index;
  }
  return checked;
}

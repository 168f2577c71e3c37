// What a compiled function takes and may return, and the way through a result: a tensor, several, or a record of them.

import { DownhillError } from '../errors.ts';
import type { TensorData } from './data.ts';
import { Parameter } from './parameter.ts';
import { Tensor } from './tensor.ts';

/** What a compiled function takes: a tensor, a typed array, or nested numbers. */
export type Argument = Tensor | TensorData;

/** What a compiled function may return. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing has the type void, and may be compiled
export type Results = Tensor | readonly Tensor[] | { readonly [name: string]: Tensor } | undefined | void;

/** Every tensor of a result that is not a parameter. */
export function tensorsOf(result: Results): Tensor[] {
  const all: Tensor[] = [];
  mapTensors(result, (tensor) => {
    all.push(tensor);
    return tensor;
  });
  return all;
}

/** The result with `f` applied to every tensor that is not a parameter. Throws `compile` for anything else. */
export function mapTensors<R extends Results>(result: R, f: (tensor: Tensor) => Tensor): R {
  if (result === undefined) return result;
  if (result instanceof Parameter) return result;
  if (result instanceof Tensor) return f(result) as R & Tensor;
  if (Array.isArray(result) && result.every((value) => value instanceof Tensor))
    return result.map((one: Tensor) => mapTensors(one, f)) as R & Tensor[];
  if (typeof result === 'object' && result !== null && !Array.isArray(result)) {
    const entries = Object.entries(result as Record<string, Tensor>);
    if (entries.every(([, value]) => value instanceof Tensor))
      return Object.fromEntries(entries.map(([name, value]) => [name, mapTensors(value, f)])) as R;
  }
  throw new DownhillError(
    'compile',
    'a compiled function must return a tensor, an array or record of tensors, or nothing: read numbers outside',
  );
}

// What lies in an engine's memory cannot go to a session, which has a memory of its own: it is refused here, on the caller's side, because
// on the way to a worker it would fail with the platform's words or lose its class.

import { DownhillError } from '../errors.ts';
import { EngineArray } from '../tensor/array.ts';
import { Tensor } from '../tensor/tensor.ts';

/** Throws `data` when examples or targets, by themselves or as `x` and `y` of an object, are a tensor or an array of an engine. */
export function expectNumbers(given: unknown): void {
  expectOutside(given, 'x');
  if (typeof given !== 'object' || given === null || Array.isArray(given) || ArrayBuffer.isView(given)) return;
  for (const [name, value] of Object.entries(given)) expectOutside(value, name);
}

function expectOutside(value: unknown, path: string): void {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const found = parts.findIndex((part) => part instanceof Tensor || part instanceof EngineArray);
  if (found < 0) return;
  const place = Array.isArray(value) ? `${path}[${found}]` : path;
  const what = parts[found] instanceof Tensor ? 'a Tensor' : 'an EngineArray';
  throw new DownhillError(
    'data',
    `${place} is ${what}, which lies in the memory of another engine: give its numbers, ${place}.read()`,
    { path: place, expected: 'numbers', received: what },
  );
}

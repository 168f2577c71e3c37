// One number everywhere.

import { resolveOptions } from '../options.ts';
import type { InitializerDefinition } from './initializer.ts';

export interface Constant {
  readonly kind: 'constant';
  readonly value: number;
}

export const constantInitializer: InitializerDefinition<Constant> = {
  kind: 'constant',
  options: { value: { type: 'number', text: 'the number' } },
  distribution: ({ value }) => ({ kind: 'constant', value }),
};

/** Every element is `value`. Throws `option` unless it is finite. */
export function constant(value: number): Constant {
  return resolveOptions({ kind: 'constant', value }, constantInitializer.options, { owner: 'constant', path: '' });
}

/** Every element is 0. */
export const zeros = (): Constant => constant(0);

/** Every element is 1. */
export const ones = (): Constant => constant(1);

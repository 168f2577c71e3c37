// Uniform numbers between two given ones.

import { resolveOptions } from '../options.ts';
import type { InitializerDefinition } from './initializer.ts';

/** Options of {@link uniform}. */
export interface UniformOptions {
  /** Least value. Default −0.05. */
  readonly from?: number;
  /** Bound above, not reached. Default 0.05. */
  readonly to?: number;
}

export interface Uniform extends UniformOptions {
  readonly kind: 'uniform';
}

export const uniformInitializer: InitializerDefinition<Uniform> = {
  kind: 'uniform',
  options: {
    from: { type: 'number', default: -0.05, text: 'least value' },
    to: { type: 'number', default: 0.05, text: 'bound above, not reached' },
  },
  distribution: ({ from, to }) => ({ kind: 'uniform', low: from, high: to }),
};

/** U[from, to). Throws `option` for numbers that are not finite. */
export function uniform(options: UniformOptions = {}): Uniform {
  return resolveOptions({ ...options, kind: 'uniform' }, uniformInitializer.options, { owner: 'uniform', path: '' });
}

// Normal numbers of a given mean and standard deviation.

import { resolveOptions } from '../options.ts';
import type { InitializerDefinition } from './initializer.ts';

/** Options of {@link normal}. */
export interface NormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation, ≥ 0. Default 0.05. */
  readonly deviation?: number;
}

export interface Normal extends NormalOptions {
  readonly kind: 'normal';
}

export const normalInitializer: InitializerDefinition<Normal> = {
  kind: 'normal',
  options: {
    mean: { type: 'number', default: 0, text: 'mean' },
    deviation: { type: 'number', default: 0.05, min: 0, text: 'standard deviation' },
  },
  distribution: ({ mean, deviation }) => ({ kind: 'normal', mean, deviation }),
};

/** N(mean, deviation²), not truncated. Throws `option` for a negative deviation. */
export function normal(options: NormalOptions = {}): Normal {
  return resolveOptions({ ...options, kind: 'normal' }, normalInitializer.options, { owner: 'normal', path: '' });
}

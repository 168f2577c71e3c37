// The list of initializers, and how one fills a parameter.

import { type CheckedOption, definitionFor, resolveOptions } from '../options.ts';
import type { Parameter } from '../tensor/parameter.ts';
import { type Constant, constantInitializer } from './constant.ts';
import { type FanInUniform, fanInUniformInitializer } from './fan-in-uniform.ts';
import { type GlorotNormal, type GlorotUniform, glorotNormalInitializer, glorotUniformInitializer } from './glorot.ts';
import { type HeNormal, type HeUniform, heNormalInitializer, heUniformInitializer } from './he.ts';
import { type Fans, fansOf, type InitializerDefinition } from './initializer.ts';
import { type LecunNormal, type LecunUniform, lecunNormalInitializer, lecunUniformInitializer } from './lecun.ts';
import { type Normal, normalInitializer } from './normal.ts';
import { type Uniform, uniformInitializer } from './uniform.ts';

export { constant, ones, zeros } from './constant.ts';
export { fanInUniform } from './fan-in-uniform.ts';
export { glorotNormal, glorotUniform } from './glorot.ts';
export { heNormal, heUniform } from './he.ts';
export type { Fans } from './initializer.ts';
export { fansOf } from './initializer.ts';
export { lecunNormal, lecunUniform } from './lecun.ts';
export { type NormalOptions, normal } from './normal.ts';
export { type UniformOptions, uniform } from './uniform.ts';

/** How a parameter's first numbers are drawn: plain data. */
export type Initializer =
  | Constant
  | FanInUniform
  | GlorotNormal
  | GlorotUniform
  | HeNormal
  | HeUniform
  | LecunNormal
  | LecunUniform
  | Normal
  | Uniform;

/** Every initializer by its kind. */
export const initializers: {
  readonly [K in Initializer['kind']]: InitializerDefinition<Extract<Initializer, { kind: K }>>;
} = {
  constant: constantInitializer,
  fanInUniform: fanInUniformInitializer,
  glorotNormal: glorotNormalInitializer,
  glorotUniform: glorotUniformInitializer,
  heNormal: heNormalInitializer,
  heUniform: heUniformInitializer,
  lecunNormal: lecunNormalInitializer,
  lecunUniform: lecunUniformInitializer,
  normal: normalInitializer,
  uniform: uniformInitializer,
};

/** An option that holds an initializer; without one it takes `standard`. */
export const initializerOption = (text: string, standard: Initializer): CheckedOption => ({
  type: 'checked',
  default: standard,
  check: (value, path) => {
    const definition = definitionFor<InitializerDefinition<Initializer>>(initializers, value, 'initializer', path);
    resolveOptions(value as Initializer, definition.options, { owner: path, path });
  },
  text,
});

/**
 * Overwrites `parameter` with numbers of the initializer, drawn from the engine's random stream. `fans` are those of its shape unless a
 * layer knows better (the bias of a dense layer).
 */
export function initialize(parameter: Parameter, initializer: Initializer, fans: Fans = fansOf(parameter.shape)): void {
  const place = { owner: parameter.name, path: 'initializer' };
  const definition = definitionFor<InitializerDefinition<Initializer>>(
    initializers,
    initializer,
    'initializer',
    place.path,
  );
  const drawn = definition.distribution(resolveOptions(initializer, definition.options, place), fans);
  const { runtime, address, size } = parameter;
  if (size === 0) return;
  const k = runtime.kernels;
  if (drawn.kind === 'constant') {
    k.fill(address, size, runtime.numbers([drawn.value]));
    return;
  }
  const numbers = runtime.numbers(
    drawn.kind === 'uniform' ? [drawn.low, drawn.high - drawn.low] : [drawn.mean, drawn.deviation],
  );
  const { state, offset } = runtime.random.draw(size);
  if (drawn.kind === 'uniform') k.random_uniform(address, size, state, offset, numbers);
  else k.random_normal(address, size, state, offset, numbers);
  runtime.random.settle();
}

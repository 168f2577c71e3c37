// The list of optimizers, a line each. What is generated from the list (validation, tests, tables, menus) reads it through rules.ts.

export { type AdadeltaOptions, adadelta } from './adadelta.ts';
export { type AdagradOptions, adagrad } from './adagrad.ts';
export { type AdamOptions, adam } from './adam.ts';
export { type AdamaxOptions, adamax } from './adamax.ts';
export { type AdamwOptions, adamw } from './adamw.ts';
export { type LionOptions, lion } from './lion.ts';
export { type NadamOptions, nadam } from './nadam.ts';
export { type RadamOptions, radam } from './radam.ts';
export { type RmspropOptions, rmsprop } from './rmsprop.ts';
export type { OptimizerDescription } from './rules.ts';
export { type SgdOptions, sgd } from './sgd.ts';

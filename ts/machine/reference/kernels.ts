// The list of kernels: one line each, in the order of the crate's list. The type holds it to the names
// that the crate exports; what the words mean is compared by the parity test.

import type { KernelName } from '../machine.ts';
import type { Kernel } from '../signature.ts';
import { adadelta } from './optimizers/adadelta.ts';
import { adagrad } from './optimizers/adagrad.ts';
import { adam } from './optimizers/adam.ts';
import { nadam } from './optimizers/nadam.ts';
import {
  rmsprop,
  rmsprop_centered,
  rmsprop_centered_momentum,
  rmsprop_momentum,
} from './optimizers/rmsprop.ts';
import { sgd, sgd_momentum } from './optimizers/sgd.ts';
import { copy, fill } from './tensor/memory.ts';
import { relu, relu_grad } from './tensor/relu.ts';

/** Every kernel's definition by its name. */
export const definitions: { readonly [K in KernelName]: Kernel<K> } = {
  // Memory
  copy,
  fill,
  // Activations and their gradients
  relu,
  relu_grad,
  // Optimizers
  adam,
  sgd,
  sgd_momentum,
  adagrad,
  rmsprop,
  rmsprop_momentum,
  rmsprop_centered,
  rmsprop_centered_momentum,
  adadelta,
  nadam,
};

/** Kernel names in the order of the list: a program stores the position. */
export const kernelNames: readonly KernelName[] = Object.keys(definitions) as KernelName[];

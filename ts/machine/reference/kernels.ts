// The list of kernels: one line each, in the order of the crate's list. The type holds it to the names
// that the crate exports; what the words mean is compared by the parity test.

import type { KernelName } from '../machine.ts';
import type { Kernel } from '../signature.ts';
import { adam } from './optimizers/adam.ts';
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
};

/** Kernel names in the order of the list: a program stores the position. */
export const kernelNames: readonly KernelName[] = Object.keys(definitions) as KernelName[];

// Puts the operations on Tensor's prototype as methods. It is its own file because operations make tensors, so tensor.ts cannot import them.

import * as ops from './ops/index.ts';
import { Tensor } from './tensor.ts';

let installed = false;

/** Installs every operation of the list as a method; called by the engine, so that importing the package does nothing. */
export function installMethods(): void {
  if (installed) return;
  installed = true;
  for (const [name, op] of Object.entries(ops)) {
    const method = function (this: Tensor, ...rest: unknown[]): unknown {
      return (op as (x: Tensor, ...rest: unknown[]) => unknown)(this, ...rest);
    };
    Object.defineProperty(Tensor.prototype, name, { value: method, configurable: true, writable: true });
  }
}

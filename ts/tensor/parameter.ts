// A trainable tensor: it has a gradient beside it, lives on the heap, and can be frozen.

import type { Block } from '../engine/heap.ts';
import type { Life, Runtime } from '../engine/runtime.ts';
import { DownhillError, show } from '../errors.ts';
import type { Shape } from './shape.ts';
import { Tensor } from './tensor.ts';

/**
 * Numbers that an optimizer moves. Made by `engine.parameter` or by a model.
 *
 * @example
 * ```js
 * import { createEngine } from 'downhill';
 * const engine = await createEngine();
 * const w = engine.parameter([2], [1, 2], { name: 'w' });
 * engine.scope(() => w.square().sum().backward());
 * console.log(w.name, w.gradient.read().join(' ')); // w 2 4
 * ```
 */
export class Parameter extends Tensor {
  /** Gradient of the last `backward()`, of the same shape. */
  readonly gradient: Tensor;
  /** @internal Reached by a backward pass since the last optimizer step. */
  fresh = false;
  #trainable = true;

  /** @internal */
  constructor(
    runtime: Runtime,
    name: string,
    shape: Shape,
    address: number,
    gradient: number,
    life: Life,
    block?: Block,
  ) {
    super(runtime, name, shape, 'f32', address, life, block);
    this.gradient = new Tensor(runtime, `gradient of ${name}`, shape, 'f32', gradient, life);
    runtime.parameters.add(this);
    runtime.structure++; // a backward pass that is recorded writes the gradient of every parameter
  }

  /** The name given when it was made: `0.weight` in a model. */
  get name(): string {
    return this.op;
  }

  /** False: frozen, so no gradient, no update, no decay, and no part in a norm. Setting it makes compiled functions record again. */
  get trainable(): boolean {
    return this.#trainable;
  }

  set trainable(value: boolean) {
    if (typeof value !== 'boolean')
      throw new DownhillError('option', `${this.name}: trainable must be true or false: got ${show(value)}`, {
        path: `${this.name}.trainable`,
      });
    if (value === this.#trainable) return;
    this.#trainable = value;
    this.runtime.structure++;
  }

  override get requiresGrad(): boolean {
    return this.#trainable;
  }

  /** Frees the numbers and the gradient. Parameters of a model go with the model. */
  override dispose(): void {
    if (this.runtime.parameters.delete(this)) this.runtime.structure++;
    super.dispose();
  }
}

// Reverse-mode differentiation over a tape: each operation leaves a node that knows how to turn the gradient of its output into
// those of its inputs, and `backward` walks the nodes in reverse, without recursion.

import type { Runtime } from '../engine/runtime.ts';
import { DownhillError } from '../errors.ts';
import type { Kernels } from '../machine/machine.ts';
import { Parameter } from './parameter.ts';
import { format, type Shape, sizeOf } from './shape.ts';
import { bytesOf, type DType, expectTensor, Tensor } from './tensor.ts';

/** Where an operation's gradient function puts what it computes. */
export interface Gradients {
  /** `produce(dx)` writes the gradient of `x` to address `dx`; skipped when nothing upstream of `x` is trained. */
  into(x: Tensor, produce: (dx: number, k: Kernels) => void): void;
  /** The gradient of `x` is the number array at `address`, unchanged: no copy is made where none is needed. */
  pass(x: Tensor, address: number): void;
  /** Whether a gradient of `x` is wanted at all, for operations that share work between their inputs. */
  wants(x: Tensor): boolean;
  /** An address for `n` f32 that live until the scope closes. */
  temporary(n: number): number;
}

/** Turns the gradient of the output, at address `dy`, into gradients of the inputs. */
export type Backward = (dy: number, grads: Gradients, k: Kernels) => void;

/** One operation on the tape. */
export interface Node {
  readonly output: Tensor;
  readonly inputs: readonly Tensor[];
  readonly backward: Backward;
  readonly index: number;
  /** Address of the gradient of the output during a backward pass; 0 while there is none. */
  dy: number;
}

/** Whether gradients flow to this tensor. */
const tracked = (x: Tensor): boolean => x.node !== undefined || (x instanceof Parameter && x.trainable);

/**
 * Runs one operation: takes memory for the output, calls `run`, and, inside a scope, leaves a node on the tape when an input is tracked.
 * `inputs` are the tensors that gradients may flow to.
 */
export function apply(
  op: string,
  inputs: readonly Tensor[],
  shape: Shape,
  run: (out: number, k: Kernels) => void,
  backward?: Backward,
  dtype: DType = 'f32',
): Tensor {
  const { runtime } = inputs[0];
  for (let i = 1; i < inputs.length; i++) if (inputs[i].runtime !== runtime) expectTensor(op, inputs[i], runtime);
  const { address, life, block } = runtime.allocate(sizeOf(shape) * bytesOf(dtype), op);
  const out = new Tensor(runtime, op, shape, dtype, address, life, block);
  try {
    run(address, runtime.kernels);
  } catch (error) {
    throw runtime.failed(error);
  }
  if (runtime.diagnosing && dtype === 'f32')
    expectFinite(runtime, address, out.size, `the result of ${op} ${format(shape)}`);
  if (backward !== undefined && runtime.scope !== undefined && inputs.some(tracked)) {
    out.node = { output: out, inputs, backward, index: runtime.tape.length, dy: 0 };
    runtime.tape.push(out.node);
  }
  return out;
}

/** A view of the same numbers under another shape: no kernel runs, and gradients pass through. */
export function view(op: string, x: Tensor, shape: Shape, address: number = x.address): Tensor {
  const { runtime } = x;
  const out = new Tensor(runtime, op, shape, x.dtype, address, x.life);
  if (runtime.scope !== undefined && tracked(x)) {
    out.node = {
      output: out,
      inputs: [x],
      backward: (dy, grads) => grads.pass(x, dy),
      index: runtime.tape.length,
      dy: 0,
    };
    runtime.tape.push(out.node);
  }
  return out;
}

/** Throws `not-finite`, naming `what`, when one of the n numbers is NaN or infinite. */
export function expectFinite(runtime: Runtime, address: number, n: number, what: string): void {
  const flag = runtime.flag.address;
  const { u32 } = runtime.machine.memory;
  u32[flag >>> 2] = 0;
  runtime.kernels.check_finite(address, flag, n);
  if (u32[flag >>> 2] === 0) return;
  const values = runtime.machine.memory.f32.subarray(address >>> 2, (address >>> 2) + n);
  const at = values.findIndex((x) => !Number.isFinite(x));
  const where = runtime.place === '' ? '' : ` in ${runtime.place}`;
  throw new DownhillError(
    'not-finite',
    `the first tensor that is not finite is ${what}${where}: element ${at} is ${values[at]}`,
    {
      path: runtime.place === '' ? what : runtime.place,
      expected: 'finite numbers',
      received: String(values[at]),
    },
  );
}

/** One backward pass. */
class Pass implements Gradients {
  readonly reached: Set<Parameter> = new Set();
  readonly #runtime: Runtime;
  readonly #accumulate: boolean;

  constructor(runtime: Runtime, accumulate: boolean) {
    this.#runtime = runtime;
    this.#accumulate = accumulate;
  }

  wants(x: Tensor): boolean {
    return tracked(x);
  }

  temporary(n: number): number {
    return this.#runtime.temporary(n * 4);
  }

  into(x: Tensor, produce: (dx: number, k: Kernels) => void): void {
    if (!tracked(x)) return;
    const k = this.#runtime.kernels;
    if (x instanceof Parameter) {
      const gradient = x.gradient.address;
      if (this.#isFirst(x)) {
        produce(gradient, k);
      } else {
        const more = this.temporary(x.size);
        produce(more, k);
        addInto(k, gradient, gradient, more, x.size);
      }
      if (this.#runtime.diagnosing) expectFinite(this.#runtime, gradient, x.size, `the gradient of ${x.op}`);
      return;
    }
    const node = x.node as Node;
    const dx = this.temporary(x.size);
    produce(dx, k);
    if (node.dy !== 0) addInto(k, dx, node.dy, dx, x.size);
    node.dy = dx;
    if (this.#runtime.diagnosing) expectFinite(this.#runtime, dx, x.size, `the gradient of the result of ${x.op}`);
  }

  pass(x: Tensor, address: number): void {
    if (!tracked(x)) return;
    const k = this.#runtime.kernels;
    if (x instanceof Parameter) {
      const gradient = x.gradient.address;
      if (this.#isFirst(x)) k.copy(address, gradient, x.size);
      else addInto(k, gradient, gradient, address, x.size);
      return;
    }
    const node = x.node as Node;
    if (node.dy === 0) {
      node.dy = address;
      return;
    }
    const sum = this.temporary(x.size); // not in place: the address may be shared with another tensor's gradient
    addInto(k, sum, node.dy, address, x.size);
    node.dy = sum;
  }

  /** True when the gradient of `x` is to be overwritten. */
  #isFirst(x: Parameter): boolean {
    const first = !this.reached.has(x) && !this.#accumulate;
    this.reached.add(x);
    return first;
  }
}

const addInto = (k: Kernels, out: number, a: number, b: number, n: number): void => k.add(a, b, out, 1, n, 0, 1, 0, 1);

/** How {@link backward} treats gradients that are already there. */
export interface BackwardOptions {
  /** Add to the gradients instead of overwriting them. Default false. */
  readonly accumulate?: boolean;
}

/**
 * Writes the gradient of `loss` (one element) into `gradient` of every trainable parameter; parameters that the loss does not reach get
 * zero, unless another backward pass since the last `optimizer.step()` has reached them. Throws `state` outside a scope.
 */
export function backward(loss: Tensor, { accumulate = false }: BackwardOptions = {}): void {
  const { runtime } = loss;
  if (runtime.scope === undefined)
    throw new DownhillError(
      'state',
      'backward() needs a scope, which keeps the tape: wrap the step in engine.scope(() => { … }) or engine.compile',
    );
  const { address } = loss; // throws when the scope of its tape has ended
  if (loss.size !== 1)
    throw new DownhillError(
      'shape',
      `backward() needs a loss with one element: ${loss.op} has shape ${format(loss.shape)}; take mean() or sum() first`,
    );
  const last = loss.node;
  if (last === undefined)
    throw new DownhillError(
      'state',
      `backward() of ${loss.op}: it does not depend on any trainable parameter of this scope`,
    );
  const pass = new Pass(runtime, accumulate);
  if (runtime.recorder !== undefined) runtime.recorder.loss = { address, size: 1 };
  try {
    last.dy = runtime.numbers([1]);
    for (let i = last.index; i >= 0; i--) {
      const node = runtime.tape[i] as Node;
      const { dy } = node;
      if (dy === 0) continue;
      node.dy = 0;
      node.backward(dy, pass, runtime.kernels);
    }
    zeroUnreached(runtime, pass, accumulate);
  } catch (error) {
    for (const node of runtime.tape as Node[]) node.dy = 0; // or the next pass would add to what this one left
    throw runtime.failed(error);
  }
}

function zeroUnreached(runtime: Runtime, pass: Pass, accumulate: boolean): void {
  for (const parameter of runtime.parameters as Set<Parameter>) {
    if (pass.reached.has(parameter)) parameter.fresh = true;
    else if (parameter.trainable && !parameter.fresh && !accumulate)
      runtime.kernels.fill(parameter.gradient.address, parameter.size, runtime.numbers([0]));
  }
}

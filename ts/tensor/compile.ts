// `engine.compile`: the first two calls of a function run eagerly and are recorded; when both recordings are the same, later calls replay the
// program. Arguments are copied into input slots of the program's own; what it returns is valid until its next run.

import type { StepField } from '../engine/recorder.ts';
import type { Runtime } from '../engine/runtime.ts';
import { DownhillError, show } from '../errors.ts';
import { expectNames } from '../options.ts';
import { Compiler } from './compiler.ts';
import type { Argument, Results } from './results.ts';
import type { Tensor } from './tensor.ts';

export type { Argument, Results } from './results.ts';

/** Options of {@link compile}. */
export interface CompileOptions {
  /** @internal Numbers that change from step to step beside those of the optimizers: written into their slots before each step. */
  readonly fields?: readonly StepField[];
}

/**
 * A compiled function: call it with arguments, or let it run many steps without any. The first two calls with arguments
 * of the same shapes and types run eagerly and are recorded; later ones replay the recording. What it returns is valid
 * until its next call.
 *
 * @example
 * ```js
 * import { adam, createEngine } from 'downhill';
 * const engine = await createEngine();
 * const w = engine.parameter([1], [5]);
 * const optimizer = engine.optimizer(adam({ lr: 0.1 }), w);
 * const step = engine.compile((target) => {
 *   const loss = w.sub(target).square().sum();
 *   loss.backward();
 *   optimizer.step();
 *   return loss;
 * });
 * console.log(step([2]).item()); // 9
 * console.log(step.run(299), Math.abs(w.item() - 2) < 1e-3); // 299 true
 * ```
 */
export interface Compiled<A extends readonly Tensor[], R extends Results> {
  /**
   * One step. Throws `not-finite`, naming the first tensor that was not finite, and then nothing of the step lasts (of
   * several optimizers, those before it have made theirs, and count it); `data`, `shape` or `option` for arguments that do
   * not fit; `compile` when a recording differs from the one before; `stale` or `disposed` when something that it names
   * was disposed; `memory`, and then nothing has happened.
   */
  (...args: { [K in keyof A]: Argument }): R;
  /**
   * `steps` (≥ 0) steps with the arguments of the last call; `each` sees the result after every step, and
   * what it changes acts on the next; what it throws ends the run. Returns how many were
   * committed: fewer than `steps` when one was not finite, and then `diagnose()` says which tensor.
   */
  run(steps: number, each?: (result: R, index: number) => void): number;
  /** Runs the step that the guard refused again, eagerly, and names the first tensor that was not finite. Nothing lasts. */
  diagnose(): DownhillError;
  /** Gives the memory of all its programs back. */
  dispose(): void;
}

/** Compiles `fn` for one runtime; see `Engine.compile`. */
export function compile<A extends readonly Tensor[], R extends Results>(
  runtime: Runtime,
  fn: (...args: A) => R,
  options: CompileOptions = {},
): Compiled<A, R> {
  if (typeof fn !== 'function')
    throw new DownhillError('option', `engine.compile needs a function: got ${show(fn)}`, { path: 'fn' });
  expectNames('engine.compile', options, ['fields']);
  const { fields = [] } = options;
  const compiler = new Compiler<A, R>(runtime, fn, fields);
  const call = (...args: { [K in keyof A]: Argument }): R => compiler.call(args);
  return Object.assign(call, {
    run: (steps: number, each?: (result: R, index: number) => void): number => compiler.run(steps, each),
    diagnose: (): DownhillError => compiler.diagnose(),
    dispose: (): void => compiler.dispose(),
  });
}

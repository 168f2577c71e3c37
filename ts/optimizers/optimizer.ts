// The optimizer as users hold it: options that can be set at any time, groups, one step, and a state that can be read and restored.
// What a step does is the stepper's; what is moved is the target's.

import { type Runtime, StepReached } from '../engine/runtime.ts';
import { DownhillError, show } from '../errors.ts';
import { expectNames } from '../options.ts';
import type { EngineArray } from '../tensor/array.ts';
import { gatherElements } from './gather.ts';
import { GroupSet, type OptimizerGroup } from './group.ts';
import { type Resolved, resolveRule } from './options.ts';
import { OwnArrays } from './own-arrays.ts';
import type { RangeGroup } from './ranges.ts';
import { expectState, restoredSlots } from './restore.ts';
import type { Rule } from './rule.ts';
import { type OptimizerDescription, ruleOf } from './rules.ts';
import { type OptimizerState, type SlotEntry, Slots } from './state.ts';
import { Stepper } from './stepper.ts';
import { type Bound, bind, type GradientOf, gradientError, type OptimizerTarget } from './target.ts';

export type { OptimizerGroup } from './group.ts';
export type { RangeGroup } from './ranges.ts';
export type { OptimizerState, SlotEntry } from './state.ts';
export type { GradientOf, OptimizerTarget, ParameterGroup, ParameterHolder } from './target.ts';

/** Options of `engine.optimizer` beside the description. */
export interface OptimizerOptions {
  /** Ranges of one array with options of their own. */
  readonly groups?: readonly RangeGroup[];
}

/**
 * Moves parameters or arrays by the rule of a description. Made by `engine.optimizer(adam({ lr: 1e-3 }), target)`; `T` is
 * the target, `O` the options that `set` takes.
 */
export class Optimizer<T = OptimizerTarget, O extends object = OptimizerDescription['options']> {
  readonly #runtime: Runtime;
  readonly #rule: Rule;
  readonly #slots: Slots;
  readonly #groups: GroupSet<O>;
  readonly #stepper: Stepper;
  readonly #own: OwnArrays | undefined;
  #bound: Bound;
  #disposed = false;
  #made = false;

  /** @internal Use `engine.optimizer`. */
  constructor(runtime: Runtime, description: OptimizerDescription, target: T, options: OptimizerOptions = {}) {
    const rule = ruleOf(description);
    expectNames('optimizer', options, ['groups']);
    const { groups } = options;
    this.#runtime = runtime;
    this.#rule = rule;
    resolveRule(rule, description.options, rule.name); // first, because a misspelt option is the likeliest mistake
    this.#bound = bind(runtime, rule.name, target, groups);
    const { groups: sources, own, theta, gradient } = this.#bound;
    this.#slots = new Slots(runtime, rule);
    try {
      this.#groups = new GroupSet<O>(rule, { ...description.options }, sources, {
        next: () => this.#next,
        before: () => {
          this.#check();
          this.#outsideRecording('setting an option');
        },
        after: () => this.#stepper.adapt(),
      });
      this.#stepper = new Stepper(runtime, rule, this.#slots, this.#bound, this.#groups.list);
      this.#made = true;
      this.#own = own && theta && gradient && new OwnArrays(runtime, rule.name, own, theta, gradient);
    } catch (error) {
      this.#free();
      throw error;
    }
  }

  /** The rule's name. */
  get name(): string {
    return this.#rule.name;
  }

  /** The gradient that the next step uses, for an engine array: write into its `.array`. Throws `state` for other targets. */
  get gradient(): EngineArray {
    const { gradient } = this.#bound;
    if (gradient !== undefined && this.#own === undefined) return gradient;
    const instead =
      this.#own === undefined ? 'each parameter has its own, from backward()' : 'give it to step(gradient)';
    throw new DownhillError('state', `optimizer.gradient belongs to an engine array: ${instead}`);
  }

  /** Steps taken; the next one is step `stepCount + 1` of the rule. Any number can be entered. */
  get stepCount(): number {
    return this.#stepper.step;
  }

  set stepCount(value: number) {
    this.#outsideRecording('stepCount');
    if (!Number.isSafeInteger(value) || value < 0) {
      const [path, expected, received] = [`${this.name}.stepCount`, 'a whole number ≥ 0', show(value)];
      throw new DownhillError('option', `${path} must be ${expected}: got ${received}`, { path, expected, received });
    }
    this.#stepper.step = value;
  }

  /**
   * Groups in the order given; of ranges, what none covers comes last. Without groups there is one.
   *
   * @example
   * ```js
   * import { createEngine, sgd } from 'downhill';
   * const engine = await createEngine();
   * const x = Float32Array.of(1, 1, 1);
   * const optimizer = engine.optimizer(sgd({ lr: 0.5 }), x, { groups: [{ range: [0, 2], lr: 0.25 }] });
   * optimizer.step(Float32Array.of(1, 1, 1));
   * console.log(x.join(' ')); // 0.75 0.75 0.5
   * optimizer.groups[0].lr = 0;
   * optimizer.step(Float32Array.of(1, 1, 1));
   * console.log(x.join(' ')); // 0.75 0.75 0
   * ```
   */
  get groups(): readonly OptimizerGroup<O>[] {
    return this.#groups.list;
  }

  /** The options that the groups share, complete; a number that has a schedule is the schedule. */
  get options(): Resolved['options'] {
    return this.#groups.shared.options;
  }

  /** The learning rate that the next step has in every group without one of its own. Setting it acts on the next step, in compiled functions too. */
  get lr(): number {
    return this.#groups.rateOf(this.#groups.shared);
  }

  set lr(value: number) {
    this.#groups.set({ lr: value });
  }

  /**
   * Sets options for every group that has none of its own; the next step uses them, in compiled functions too. Throws
   * `option`, and then nothing has changed.
   *
   * @example
   * ```js
   * import { adam, createEngine } from 'downhill';
   * const engine = await createEngine();
   * const optimizer = engine.optimizer(adam(), new Float32Array(3));
   * optimizer.set({ lr: 1e-4, betas: [0.8, 0.99] });
   * console.log(optimizer.lr, optimizer.options.betas, optimizer.options.eps); // 0.0001 [ 0.8, 0.99 ] 1e-8
   * ```
   */
  set(options: O): void {
    this.#groups.set(options);
  }

  /**
   * Takes one step. Parameters: with the gradients as they are, from the last `backward()` or from `gradient.set()`; one
   * that none has reached has zeros, and a step without a new `backward()` takes the same again. An engine array: with
   * `optimizer.gradient`, or with `gradient`, which is copied there. Own arrays: `gradient` (as many Float32Arrays as
   * there are arrays) and the arrays are copied in, the arrays out. Numbers that are not finite are applied as they
   * are, as PyTorch does; a compiled function stops before them. Throws `data` for a gradient that does not fit,
   * `disposed`.
   *
   * @example
   * ```js
   * import { adam, createEngine } from 'downhill';
   * const engine = await createEngine();
   * const x = Float32Array.of(3, -4);
   * const optimizer = engine.optimizer(adam({ lr: 0.1 }), x);
   * for (let i = 0; i < 300; i++) optimizer.step(x.map((xi) => 2 * xi)); // the gradient of Σx²
   * console.log(Math.hypot(...x) < 1e-3, optimizer.stepCount); // true 300
   * ```
   */
  step(gradient?: GradientOf<T>): void {
    const runtime = this.#runtime;
    this.#check();
    if (runtime.diagnosing) {
      if (runtime.committed === 0) throw new StepReached();
      runtime.committed--;
      runtime.random.rollback(); // what was drawn before it is behind the counter
      return;
    }
    if (gradient !== undefined || this.#own !== undefined) this.#takeGradient(gradient);
    try {
      this.#stepper.take();
    } catch (error) {
      throw runtime.failed(error);
    }
    this.#own?.copyOut();
  }

  /** A copy of everything that a step reads beside parameters and gradients: see {@link restore}. */
  state(): OptimizerState {
    this.#check();
    const { own } = this.#groups;
    return {
      name: this.name,
      step: this.stepCount,
      options: { ...this.options },
      groups: own,
      ...(this.#rule.memory === undefined ? {} : { memory: this.#stepper.memories.map((memory) => ({ ...memory })) }),
      slots: this.#slots.read(),
    };
  }

  /** The state by slot and parameter, as files hold it. */
  slots(): SlotEntry[] {
    this.#check();
    return this.#slots.entries();
  }

  /**
   * Takes over a state of the same rule and sizes: steps, options and slots. Throws `file` and changes nothing when it
   * does not fit.
   *
   * @example
   * ```js
   * import { adam, createEngine } from 'downhill';
   * const engine = await createEngine();
   * const [x, gradient] = [Float32Array.of(1, 2), Float32Array.of(3, 4)];
   * const optimizer = engine.optimizer(adam(), x);
   * optimizer.step(gradient);
   * const y = x.slice();
   * const other = engine.optimizer(adam(), y);
   * other.restore(structuredClone(optimizer.state()));
   * optimizer.step(gradient);
   * other.step(gradient);
   * console.log(x.join() === y.join(), other.stepCount); // true 2
   * ```
   */
  restore(state: OptimizerState): void {
    this.#check();
    this.#outsideRecording('restore()');
    const rule = this.#rule;
    expectState(rule, state, this.groups.length);
    const { step, options, groups, slots, memory } = state;
    const resolved = this.#groups.resolve(options, groups);
    const needed = this.#stepper.needed(resolved);
    const restored = restoredSlots(rule, slots, this.#groups.pieces, needed);
    this.#groups.configure({ ...options }, groups);
    for (const [slot, { pieces, values }] of restored) {
      this.#stepper.ensureSlot(slot, pieces);
      this.#slots.write(slot, values);
    }
    if (memory !== undefined) this.#stepper.memories = memory;
    this.#stepper.step = step;
  }

  /**
   * Keeps, drops or repeats elements: afterwards element i, with its gradient and state, is what `indices[i]` was. An
   * engine array gets other memory (compiled functions that name it are stale); for an own array the new one is
   * returned, and moved from then on. Throws `state` for parameters, groups or several arrays, and `option` for indices
   * out of range.
   *
   * @example
   * ```js
   * import { createEngine, sgd } from 'downhill';
   * const engine = await createEngine();
   * const optimizer = engine.optimizer(sgd({ lr: 1, momentum: 0.5 }), Float32Array.of(10, 20, 30));
   * optimizer.step(Float32Array.of(0, 0, 8));
   * const x = optimizer.gather([2, 2, 0]); // the third twice, the second not at all
   * optimizer.step(new Float32Array(3));
   * console.log(x.join(' ')); // 18 18 10
   * ```
   */
  gather(this: Optimizer<Float32Array, O>, indices: ArrayLike<number>): Float32Array;
  gather(this: Optimizer<EngineArray, O>, indices: ArrayLike<number>): void;
  gather(indices: ArrayLike<number>): Float32Array | undefined {
    this.#check();
    this.#outsideRecording('gather()');
    this.#own?.copyParametersIn();
    this.#bound = gatherElements(this.#runtime, this.name, this.#bound, this.#slots, indices);
    const { groups, own } = this.#bound;
    this.groups[0].pieces = groups[0].pieces;
    if (own !== undefined) this.#own?.replace(own[0]);
    this.#stepper.rebind(this.#bound);
    return own?.[0];
  }

  /** Gives back the memory of state, numbers and gradient; not that of what it moves. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#stepper.dispose();
    this.#free();
  }

  /** `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Number of the next step; 1 while the optimizer is being made. */
  get #next(): number {
    return (this.#made ? this.#stepper.step : 0) + 1;
  }

  #free(): void {
    this.#slots.dispose();
    this.#bound.gradient?.dispose();
    if (this.#bound.own !== undefined) this.#bound.theta?.dispose();
  }

  #check(): void {
    this.#runtime.check();
    if (this.#disposed)
      throw new DownhillError('disposed', `this optimizer (${this.name}) was disposed: make a new one`);
    this.#stepper.check();
  }

  #takeGradient(gradient: unknown): void {
    this.#outsideRecording('step(gradient)');
    if (this.#own !== undefined) this.#own.copyIn(gradient);
    else if (gradient instanceof Float32Array && this.#bound.gradient?.length === gradient.length)
      this.#bound.gradient.set(gradient);
    else throw gradientError(this.name, this.#bound.gradient, gradient);
  }

  #outsideRecording(call: string): void {
    if (this.#runtime.recorder === undefined) return;
    throw new DownhillError(
      'compile',
      `${call} of an optimizer inside a compiled function would happen once, while it is recorded: do it outside`,
    );
  }
}

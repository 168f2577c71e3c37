// How `engine.compile` works: a variant for each combination of argument shapes, which is recorded in its first two calls and replayed from then
// on. See compile.ts for what a user sees of it.

import { Arena } from '../engine/arena.ts';
import { Program } from '../engine/program.ts';
import { expectSame, Recorder, type StepField } from '../engine/recorder.ts';
import { type Runtime, StepReached } from '../engine/runtime.ts';
import { DownhillError, show } from '../errors.ts';
import { type Argument, mapTensors, type Results, tensorsOf } from './results.ts';
import { Tensor } from './tensor.ts';
import { fillSlots, keyOf, newVariant, sourcesOf, type Variant } from './variant.ts';

/** The slots as the function's arguments: they were made from arguments of these shapes. */
const argumentsOf = <A extends readonly Tensor[]>(slots: Variant<Results>['slots']): A => {
  const tensors: readonly Tensor[] = slots.map((slot) => slot.tensor);
  return tensors as A;
};

/** One compiled function. */
export class Compiler<A extends readonly Tensor[], R extends Results> {
  readonly #runtime: Runtime;
  readonly #fn: (...args: A) => R;
  readonly #fields: readonly StepField[];
  readonly #variants: Map<string, Variant<R>> = new Map();
  #current: Variant<R> | undefined;
  /** How many optimizers had made their step in the one that was refused. */
  #committed = 0;
  #disposed = false;

  constructor(runtime: Runtime, fn: (...args: A) => R, fields: readonly StepField[]) {
    this.#runtime = runtime;
    this.#fn = fn;
    this.#fields = fields;
  }

  call(args: readonly Argument[]): R {
    this.#check();
    const variant = this.#variantFor(args);
    this.#current = variant;
    const { program } = variant;
    if (program === undefined) return this.#record(variant);
    const result = this.#prepared(variant, program);
    if (this.#replay(program, 1) === 0) throw this.diagnose();
    return result;
  }

  run(steps: number, each?: (result: R, index: number) => void): number {
    this.#check();
    if (!Number.isInteger(steps) || steps < 0)
      throw new DownhillError('option', `run(steps) needs a whole number ≥ 0: got ${show(steps)}`, { path: 'steps' });
    if (each !== undefined && typeof each !== 'function')
      throw new DownhillError('option', `run(steps, each) needs a function: got ${show(each)}`, { path: 'each' });
    if (this.#current === undefined) this.#current = this.#variantFor([]);
    let done = 0;
    while (done < steps) {
      const variant = this.#refreshed(this.#current);
      this.#current = variant;
      const { program } = variant;
      let result: R;
      if (program === undefined) {
        try {
          result = this.#record(variant);
        } catch (error) {
          if (error instanceof DownhillError && error.code === 'not-finite') return done;
          throw error;
        }
      } else {
        result = this.#prepared(variant, program);
        // One at a time before `each`, which may change what the next step reads, dispose, or throw: the step before it counts.
        const wanted = each === undefined ? steps - done : 1;
        const committed = this.#replay(program, wanted);
        if (committed < wanted) return done + committed;
        done += committed - 1;
      }
      each?.(result, done);
      done++;
      if (done < steps) this.#check();
    }
    return done;
  }

  #replay(program: Program, steps: number): number {
    const committed = program.run(steps);
    this.#committed = program.passed;
    return committed;
  }

  /** What the program gives, with its memory taken. Throws `memory` before anything has run. */
  #prepared(variant: Variant<R>, program: Program): R {
    this.#closePrevious(variant);
    program.prepare();
    variant.result ??= variant.results?.();
    return variant.result as R;
  }

  diagnose(): DownhillError {
    this.#check();
    const runtime = this.#runtime;
    const variant = this.#current;
    if (variant === undefined) return new DownhillError('state', 'diagnose(): no step has run yet');
    runtime.random.rollback();
    for (const field of this.#fields) field.fill(0, field.slot >>> 2);
    const arena = new Arena(runtime.heap, 'a step that is diagnosed');
    runtime.openScope(arena);
    runtime.diagnosing = true;
    runtime.committed = this.#committed;
    try {
      this.#fn(...argumentsOf<A>(variant.slots));
    } catch (error) {
      if (error instanceof DownhillError) return error;
      if (!(error instanceof StepReached)) throw error;
    } finally {
      runtime.diagnosing = false;
      runtime.closeScope();
      arena.dispose();
      runtime.random.rollback();
    }
    return new DownhillError(
      'not-finite',
      'the guard refused a step that is finite when it is run again: the machine computes unreliably',
    );
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const variant of this.#variants.values()) this.#release(variant);
    this.#variants.clear();
  }

  /** One eager call that is recorded; the second one makes the program. */
  #record(variant: Variant<R>): R {
    const runtime = this.#runtime;
    const recorder = new Recorder();
    this.#closePrevious(variant);
    const arena = new Arena(runtime.heap, 'a step that is recorded');
    for (const field of this.#fields) {
      recorder.field(field);
      field.fill(0, field.slot >>> 2);
    }
    const scope = runtime.openScope(arena);
    runtime.recorder = recorder;
    runtime.kernels = recorder.wrap(runtime.machine.kernels);
    let result: R | undefined;
    let refused: DownhillError | undefined;
    try {
      result = this.#fn(...argumentsOf<A>(variant.slots));
      if (result instanceof Promise)
        throw new DownhillError('compile', 'a compiled function must not be async: await outside, and give it tensors');
      // A transposed view that is returned is copied now, while that can be recorded.
      for (const tensor of tensorsOf(result)) void tensor.address;
      runtime.random.commit();
    } catch (error) {
      runtime.random.rollback();
      scope.alive = false;
      arena.dispose();
      if (!(error instanceof DownhillError) || error.code !== 'not-finite') throw error;
      refused = error;
    } finally {
      runtime.recorder = undefined;
      runtime.kernels = runtime.machine.kernels;
      runtime.closeScope({ keep: true });
    }
    if (refused !== undefined) {
      this.#committed = Math.max(0, recorder.guards - 1);
      throw this.#named(refused);
    }
    variant.previous = { arena, scope };
    variant.structure = runtime.structure;
    for (const field of this.#fields) field.advance(1);
    if (variant.first === undefined) {
      variant.first = recorder;
      return result as R;
    }
    expectSame(variant.first, recorder);
    this.#build(variant, recorder, result as R);
    return result as R;
  }

  #closePrevious(variant: Variant<R>): void {
    if (variant.previous === undefined) return;
    variant.previous.scope.alive = false;
    variant.previous.arena.dispose();
    variant.previous = undefined;
  }

  /** The guard's own error is replaced by the one that names the tensor. */
  #named(error: DownhillError): DownhillError {
    const found = this.diagnose();
    return found.code === 'not-finite' ? found : error;
  }

  #build(variant: Variant<R>, recorder: Recorder, result: R): void {
    const runtime = this.#runtime;
    const lasting = new Map<Tensor, { readonly ordinal: number; readonly offset: number }>();
    for (const tensor of tensorsOf(result)) {
      const { address } = tensor;
      const ordinal = recorder.temporaryAt(address);
      if (ordinal >= 0) lasting.set(tensor, { ordinal, offset: address - recorder.temporaries[ordinal].address });
    }
    const ordinals = [...lasting.values()].map(({ ordinal }) => ordinal);
    const program = new Program(runtime, recorder, new Set(ordinals), runtime.flag.address);
    const life = {
      get alive(): boolean {
        return program.alive;
      },
    };
    const replace = (tensor: Tensor): Tensor => {
      const place = lasting.get(tensor);
      if (place === undefined) return tensor;
      const address = program.address(place.ordinal) + place.offset;
      return new Tensor(runtime, tensor.op, tensor.shape, tensor.dtype, address, life);
    };
    variant.results = () => mapTensors(result, replace);
    variant.program = program;
    variant.first = undefined;
  }

  /** The variant for these arguments, with their values copied into its slots. */
  #variantFor(args: readonly Argument[]): Variant<R> {
    const runtime = this.#runtime;
    if (args.length < this.#fn.length) {
      const [expected, received] = [`${this.#fn.length} arguments`, String(args.length)];
      throw new DownhillError('option', `a compiled function that takes ${expected} was called with ${received}`, {
        expected,
        received,
      });
    }
    const sources = sourcesOf(runtime, args);
    const key = keyOf(sources);
    let variant = this.#variants.get(key);
    if (variant === undefined) {
      variant = newVariant<R>(runtime, sources);
      this.#variants.set(key, variant);
    }
    fillSlots(runtime, variant.slots, sources);
    return this.#refreshed(variant); // last: an argument may be a result of the program that goes
  }

  /** The variant, made to record again when what programs freeze has changed since. */
  #refreshed(variant: Variant<R>): Variant<R> {
    if (variant.structure === this.#runtime.structure) return variant;
    variant.program?.dispose();
    variant.program = undefined;
    variant.first = undefined;
    variant.results = undefined;
    variant.result = undefined;
    variant.structure = this.#runtime.structure;
    return variant;
  }

  #release(variant: Variant<R>): void {
    this.#closePrevious(variant);
    variant.program?.dispose();
    for (const { block } of variant.slots) this.#runtime.heap.free(block);
  }

  #check(): void {
    this.#runtime.check();
    if (this.#disposed) throw new DownhillError('disposed', 'this compiled function was disposed: compile it again');
    if (this.#runtime.recorder !== undefined || this.#runtime.diagnosing)
      throw new DownhillError(
        'compile',
        'a compiled function was called inside another one while that was being recorded: call the plain function',
      );
  }
}

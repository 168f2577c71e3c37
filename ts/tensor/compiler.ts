// How `engine.compile` works: a variant for each combination of argument shapes, which is recorded in its first two calls and replayed from then
// on. See compile.ts for what a user sees of it.

import { Arena } from '../engine/arena.ts';
import type { Block } from '../engine/heap.ts';
import { Program } from '../engine/program.ts';
import { expectSame, Recorder, type StepField } from '../engine/recorder.ts';
import { type Runtime, type Scope, StepReached } from '../engine/runtime.ts';
import { DownhillError } from '../errors.ts';
import { toTensorData } from './data.ts';
import { type Argument, mapTensors, type Results, tensorsOf } from './results.ts';
import { type Shape, sizeOf } from './shape.ts';
import { bytesOf, type DType, Tensor } from './tensor.ts';

interface Slot {
  readonly block: Block;
  readonly tensor: Tensor;
}

/** What belongs to one cache key: its input slots, and the recording or the program. */
interface Variant<R> {
  readonly slots: readonly Slot[];
  /** Memory of the last recorded call, which holds its results until the next one. */
  previous: { readonly arena: Arena; readonly scope: Scope } | undefined;
  first: Recorder | undefined;
  program: Program | undefined;
  result: R | undefined;
  structure: number;
}

/** One compiled function. */
export class Compiler<A extends readonly Tensor[], R extends Results> {
  readonly #runtime: Runtime;
  readonly #fn: (...args: A) => R;
  readonly #fields: readonly StepField[];
  readonly #variants: Map<string, Variant<R>> = new Map();
  #current: Variant<R> | undefined;
  #disposed = false;

  constructor(runtime: Runtime, fn: (...args: A) => R, fields: readonly StepField[]) {
    this.#runtime = runtime;
    this.#fn = fn;
    this.#fields = fields;
  }

  call(args: readonly Argument[]): R {
    this.#check();
    if (args.length < this.#fn.length) {
      const [expected, received] = [`${this.#fn.length} arguments`, String(args.length)];
      throw new DownhillError('option', `a compiled function that takes ${expected} was called with ${received}`, {
        expected,
        received,
      });
    }
    const variant = this.#variantFor(args);
    this.#current = variant;
    if (variant.program !== undefined) {
      this.#closePrevious(variant);
      if (variant.program.run(1) === 0) throw this.diagnose();
      return variant.result as R;
    }
    return this.#record(variant);
  }

  run(steps: number, each?: (result: R, index: number) => void): number {
    this.#check();
    if (!Number.isInteger(steps) || steps < 0)
      throw new DownhillError('option', `run(steps) needs a whole number ≥ 0: got ${steps}`, { path: 'steps' });
    if (this.#current === undefined) this.#current = this.#variantFor([]);
    let done = 0;
    while (done < steps) {
      const variant = this.#refreshed(this.#current);
      this.#current = variant;
      if (variant.program === undefined) {
        let result: R;
        try {
          result = this.#record(variant);
        } catch (error) {
          if (error instanceof DownhillError && error.code === 'not-finite') return done;
          throw error;
        }
        each?.(result, done);
        done++;
        continue;
      }
      this.#closePrevious(variant);
      const start = done;
      const result = variant.result as R;
      const committed = variant.program.run(
        steps - done,
        each === undefined ? undefined : (i) => each(result, start + i),
      );
      return done + committed;
    }
    return done;
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
    try {
      this.#fn(...(variant.slots.map((slot) => slot.tensor) as unknown as A));
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
    if (runtime.recorder !== undefined)
      throw new DownhillError(
        'compile',
        'a compiled function was called inside another one while that was being recorded: call the plain function',
      );
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
    let result: R;
    try {
      result = this.#fn(...(variant.slots.map((slot) => slot.tensor) as unknown as A));
      if (result instanceof Promise)
        throw new DownhillError('compile', 'a compiled function must not be async: await outside, and give it tensors');
      // A transposed view that is returned is copied now, while that can be recorded.
      for (const tensor of tensorsOf(result)) void tensor.address;
      runtime.random.commit();
    } catch (error) {
      runtime.random.rollback();
      scope.alive = false;
      arena.dispose();
      throw error instanceof DownhillError && error.code === 'not-finite' ? this.#named(error) : error;
    } finally {
      runtime.recorder = undefined;
      runtime.kernels = runtime.machine.kernels;
      runtime.closeScope({ keep: true });
    }
    variant.previous = { arena, scope };
    variant.structure = runtime.structure;
    for (const field of this.#fields) field.advance(1);
    if (variant.first === undefined) {
      variant.first = recorder;
      return result;
    }
    expectSame(variant.first, recorder);
    this.#build(variant, recorder, result);
    return result;
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
    const lasting = new Map<Tensor, number>();
    const outputs = tensorsOf(result);
    for (const tensor of outputs) {
      const ordinal = recorder.temporaryAt(tensor.address);
      if (ordinal >= 0) lasting.set(tensor, ordinal);
    }
    const program = new Program(runtime, recorder, new Set(lasting.values()), runtime.flag.address);
    const life = {
      get alive(): boolean {
        return program.alive;
      },
    };
    const replace = (tensor: Tensor): Tensor => {
      const ordinal = lasting.get(tensor);
      if (ordinal === undefined) return tensor;
      const offset = tensor.address - recorder.temporaries[ordinal].address;
      return new Tensor(runtime, tensor.op, tensor.shape, tensor.dtype, program.address(ordinal) + offset, life);
    };
    variant.result = mapTensors(result, replace);
    variant.program = program;
    variant.first = undefined;
  }

  /** The variant for these arguments, with their values copied into its slots. */
  #variantFor(args: readonly Argument[]): Variant<R> {
    const runtime = this.#runtime;
    const sources = args.map((arg, i) => (arg instanceof Tensor ? arg : toTensorData(`argument ${i + 1}`, arg)));
    const key = sources.map(({ dtype, shape }) => `${dtype}[${shape.join(',')}]`).join(' ');
    let variant = this.#variants.get(key);
    if (variant !== undefined) variant = this.#refreshed(variant);
    if (variant === undefined) {
      variant = this.#newVariant(sources);
      this.#variants.set(key, variant);
    }
    sources.forEach((source, i) => {
      const { block, tensor } = (variant as Variant<R>).slots[i];
      const bytes = tensor.size * bytesOf(tensor.dtype);
      const from = source instanceof Tensor ? source.address : 0; // first: a transposed view's may grow the memory
      const { u8 } = runtime.machine.memory;
      if (source instanceof Tensor) u8.copyWithin(block.address, from, from + bytes);
      else u8.set(new Uint8Array(source.values.buffer, source.values.byteOffset, bytes), block.address);
    });
    return variant;
  }

  #newVariant(sources: readonly { readonly shape: Shape; readonly dtype: DType }[]): Variant<R> {
    const slots = sources.map(({ shape, dtype }, i) => {
      const block = this.#runtime.heap.allocate(
        sizeOf(shape) * bytesOf(dtype),
        `input ${i + 1} of a compiled function`,
      );
      return { block, tensor: new Tensor(this.#runtime, `argument ${i + 1}`, shape, dtype, block.address, block) };
    });
    const { structure } = this.#runtime;
    return { slots, previous: undefined, first: undefined, program: undefined, result: undefined, structure };
  }

  /** The variant, made to record again when what programs freeze has changed since. */
  #refreshed(variant: Variant<R>): Variant<R> {
    if (variant.structure === this.#runtime.structure) return variant;
    variant.program?.dispose();
    variant.program = undefined;
    variant.first = undefined;
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
  }
}

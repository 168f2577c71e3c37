// What every layer above stands on: one machine, its heap and arena, the open scopes, and the kernels to call, which are the
// machine's own or, while a step is recorded, the same kernels with a note taken of each call.

import { DownhillError } from '../errors.ts';
import type { Kernels, Machine } from '../machine/machine.ts';
import { Arena, type Mark } from './arena.ts';
import { type Block, Heap, type HeapOptions } from './heap.ts';
import { RandomStream } from './random.ts';
import type { Recorder } from './recorder.ts';

/** Whose end makes a tensor stale: a heap block, a scope, a program. */
export interface Life {
  readonly alive: boolean;
}

/** Bytes and how long they last. */
export interface Storage {
  readonly address: number;
  readonly life: Life;
  /** The heap block, when the storage is to be freed one by one. */
  readonly block: Block | undefined;
}

/** An open scope: what is allocated and recorded while it is open ends with it. */
export interface Scope {
  alive: boolean;
  readonly arena: Arena;
  readonly mark: Mark;
  readonly tapeLength: number;
}

/** Something that can be disposed in the order of the engine's end. */
export interface Disposable {
  dispose(): void;
}

/** Thrown by `optimizer.step()` while a failed step is diagnosed: everything before the commit was finite, and nothing may last. */
export class StepReached extends Error {
  override readonly name = 'StepReached';
}

/** One engine's machine with everything that has a lifetime. Not public: `Engine` is its face. */
export class Runtime {
  readonly machine: Machine;
  readonly heap: Heap;
  readonly random: RandomStream;
  /** The kernels to call now: recording swaps them. */
  kernels: Kernels;
  /** Set while a compiled function is being recorded. */
  recorder: Recorder | undefined = undefined;
  /** Set while a failed step is run again: every op checks its output. */
  diagnosing = false;
  /** While a failed step is run again: how many of its optimizers have made their step already. */
  committed = 0;
  /** Nodes of the tape in the order in which they were made; the tensor layer owns their meaning. */
  readonly tape: unknown[] = [];
  /** Trainable tensors, for the gradients that a loss does not reach. The tensor layer owns their meaning. */
  readonly parameters: Set<unknown> = new Set();
  /** Changes when something changes that a recorded program would freeze: freezing, a new state slot, clipping. */
  structure = 0;
  /** Changes when numbers that may be tensors' are overwritten: what was copied from them before is old. */
  writes = 0;
  /** Where the program is, for messages: `layers[2] dense(10)`. The training layer sets it. */
  place = '';
  /** The guard's word: a kernel raises it when it sees a number that is not finite. */
  readonly flag: Block;
  readonly #arena: Arena;
  readonly #scopes: Scope[] = [];
  /** Numbers for a kernel call outside every scope: used up by the call itself. */
  readonly #loose: Block;
  #dead: string | undefined;

  constructor(machine: Machine, seed: number, options: HeapOptions = {}) {
    this.machine = machine;
    this.kernels = machine.kernels;
    this.heap = new Heap(machine, options);
    this.#arena = new Arena(this.heap);
    this.#loose = this.heap.allocate(256, 'numbers of a call');
    this.flag = this.heap.allocate(4, 'guard');
    this.random = new RandomStream(this, seed);
  }

  /** Throws when the engine was disposed or its machine has trapped. */
  check(): void {
    if (this.#dead !== undefined) throw new DownhillError('disposed', this.#dead);
  }

  /** Bytes that the scopes' arena keeps for reuse: temporaries, not leaks. */
  get temporaryBytes(): number {
    return this.#arena.bytes;
  }

  /** The innermost open scope. */
  get scope(): Scope | undefined {
    return this.#scopes.at(-1);
  }

  openScope(arena: Arena = this.scope?.arena ?? this.#arena): Scope {
    this.check();
    const scope = { alive: true, arena, mark: arena.mark(), tapeLength: this.tape.length };
    this.#scopes.push(scope);
    return scope;
  }

  /** Closes the innermost scope: its tensors are stale from now on. With `keep` their memory stays until `arena` is released. */
  closeScope({ keep = false }: { readonly keep?: boolean } = {}): void {
    const scope = this.#scopes.pop();
    if (scope === undefined) return;
    this.tape.length = scope.tapeLength;
    if (keep) return;
    scope.alive = false;
    scope.arena.release(scope.mark);
  }

  /** Memory for `bytes` bytes: in the open scope's arena, or a heap block when no scope is open. */
  allocate(bytes: number, owner: string): Storage {
    const scope = this.scope;
    if (scope === undefined) return this.allocateBlock(bytes, owner);
    return { address: this.temporary(bytes), life: scope, block: undefined };
  }

  /** A heap block, whatever scope is open. */
  allocateBlock(bytes: number, owner: string): Storage {
    this.check();
    const block = this.heap.allocate(bytes, owner);
    return { address: block.address, life: block, block };
  }

  /** Bytes in the open scope's arena; the caller has opened one. */
  temporary(bytes: number): number {
    this.check();
    const scope = this.scope;
    if (scope === undefined) throw new DownhillError('state', 'temporary memory needs an open scope');
    const address = scope.arena.allocate(bytes);
    this.recorder?.allocated(address, bytes);
    return address;
  }

  /** The address of the given numbers, for the length of the kernel call (and of the recorded program, where they are constants). */
  numbers(values: readonly number[]): number {
    return this.#row((at) => this.machine.memory.f32.set(values, at), values.length);
  }

  /** As {@link numbers}, for 32-bit words. */
  words(values: readonly number[]): number {
    return this.#row((at) => this.machine.memory.u32.set(values, at), values.length);
  }

  #row(write: (at: number) => void, length: number): number {
    const inScope = this.scope !== undefined;
    const address = inScope ? this.temporary(length * 4) : this.#loose.address;
    write(address >>> 2);
    if (inScope)
      this.recorder?.constant(address, this.machine.memory.u32.slice(address >>> 2, (address >>> 2) + length));
    return address;
  }

  /** Turns what a kernel threw into an error; a trap makes the engine dead, because its memory can no longer be trusted. */
  failed(error: unknown): unknown {
    if (error instanceof DownhillError || this.machine.name === 'reference') return error;
    if (!(error instanceof Error) || error.constructor.name !== 'RuntimeError') return error;
    this.#dead =
      `the machine stopped in a kernel (${error.message}), so this engine is dead and its memory cannot be trusted: ` +
      'make a new engine with createEngine() and restore the last snapshot';
    return new DownhillError('trap', this.#dead, { cause: error });
  }

  /** Ends the engine: every later use throws. */
  dispose(): void {
    this.#dead ??= 'this engine was disposed: make a new one with createEngine()';
    this.parameters.clear();
    this.tape.length = 0;
  }
}

// The state of an optimizer: each slot one flat block of memory for all elements, in the order of its pieces. It is read and
// restored as plain data, flat or by parameter.

import type { Runtime, Storage } from '../engine/runtime.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';
import type { Rule } from './rule.ts';
import type { Piece } from './target.ts';

/** One slot of one parameter, as files hold it. */
export interface SlotEntry {
  /** PyTorch's name: `exp_avg`. */
  readonly slot: string;
  /** The parameter's name, or an array's position. */
  readonly parameter: string;
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** Everything that a step reads beside parameters and gradients. Plain data: survives a structured clone. */
export interface OptimizerState {
  /** The rule: another one's state is refused. */
  readonly name: string;
  /** Steps taken. */
  readonly step: number;
  /** All options that the groups share; a number that has a schedule is the schedule. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What each group has of its own. */
  readonly groups: readonly Readonly<Record<string, unknown>>[];
  /** Numbers that the rule keeps from step to step, for each group; none for most rules. */
  readonly memory?: readonly Readonly<Record<string, number>>[];
  /** Each slot flat, in the order of groups and their parameters (of elements, for an array); or the entries of `slots()`. */
  readonly slots: Readonly<Record<string, Float32Array>> | readonly SlotEntry[];
}

/** A piece that has a slot: the slot's shape there, and what it begins with. */
export interface SlotPlan {
  readonly piece: Piece;
  readonly shape: Shape;
  readonly initial: number;
}

/** Where a piece's part of a slot lies: elements from the beginning of its block. */
interface Place {
  readonly piece: Piece;
  readonly shape: Shape;
  readonly offset: number;
  readonly size: number;
}

interface Slot {
  storage: Storage;
  length: number;
  places: Map<string, Place>;
}

/** The slots that were ever needed: each one block, with the parts of those pieces that have it in the order of the pieces. */
export class Slots {
  readonly #runtime: Runtime;
  readonly #rule: Rule;
  readonly #slots = new Map<string, Slot>();

  constructor(runtime: Runtime, rule: Rule) {
    this.#runtime = runtime;
    this.#rule = rule;
  }

  get names(): string[] {
    return [...this.#slots.keys()];
  }

  /**
   * Makes a slot for these pieces, of `all` in their order; what was there is kept. Returns whether it was made or has moved. Throws `memory`,
   * and then nothing has changed.
   */
  ensure(slot: string, plans: readonly SlotPlan[], all: readonly Piece[]): boolean {
    const old = this.#slots.get(slot);
    if (old !== undefined && plans.every(({ piece }) => old.places.has(piece.name))) return false;
    const planned = new Map(plans.map((plan) => [plan.piece.name, plan]));
    const places = new Map<string, Place>();
    let length = 0;
    for (const piece of all) {
      const shape = old?.places.get(piece.name)?.shape ?? planned.get(piece.name)?.shape;
      if (shape === undefined) continue;
      const size = sizeOf(shape);
      places.set(piece.name, { piece, shape, offset: length, size });
      length += size;
    }
    const storage = this.#runtime.allocateBlock(length * 4, this.#owner(slot));
    const view = this.#view(storage, length);
    for (const [name, { offset, size }] of places) {
      const before = old?.places.get(name);
      if (old === undefined || before === undefined) view.fill(planned.get(name)?.initial ?? 0, offset, offset + size);
      else view.set(this.#view(old.storage, old.length).subarray(before.offset, before.offset + size), offset);
    }
    this.#slots.set(slot, { storage, length, places });
    if (old?.storage.block !== undefined) this.#runtime.heap.free(old.storage.block);
    return true;
  }

  /** Byte address of a piece's part of a slot. */
  address(slot: string, piece: Piece): number {
    const there = this.#slots.get(slot);
    return (there?.storage.address ?? 0) + 4 * (there?.places.get(piece.name)?.offset ?? 0);
  }

  /** Copies of all slots. */
  read(): Record<string, Float32Array> {
    return Object.fromEntries(
      [...this.#slots].map(([slot, { storage, length }]) => [slot, this.#view(storage, length).slice()]),
    );
  }

  /** Copies by slot and piece. */
  entries(): SlotEntry[] {
    return [...this.#slots].flatMap(([slot, { storage, length, places }]) =>
      [...places.values()].map(({ piece, shape, offset, size }) => ({
        slot,
        parameter: piece.name,
        shape,
        values: this.#view(storage, length).slice(offset, offset + size),
      })),
    );
  }

  /** Overwrites a slot that is there. */
  write(slot: string, values: Float32Array): void {
    const there = this.#slots.get(slot);
    if (there !== undefined) this.#view(there.storage, there.length).set(values);
  }

  /** Where each slot lies, in the order of `names`. */
  sources(): { address: number; owner: string }[] {
    return [...this.#slots].map(([slot, { storage }]) => ({ address: storage.address, owner: this.#owner(slot) }));
  }

  /** Other memory for every slot, in the order of `names`, for the one piece that there is. */
  replace(storages: readonly Storage[], piece: Piece): void {
    [...this.#slots.values()].forEach((slot, i) => {
      const old = slot.storage.block;
      slot.storage = storages[i];
      slot.length = piece.size;
      slot.places = new Map([[piece.name, { piece, shape: piece.shape, offset: 0, size: piece.size }]]);
      if (old !== undefined) this.#runtime.heap.free(old);
    });
  }

  dispose(): void {
    for (const { storage } of this.#slots.values())
      if (storage.block !== undefined) this.#runtime.heap.free(storage.block);
    this.#slots.clear();
  }

  #owner(slot: string): string {
    return `${slot} of ${this.#rule.name}`;
  }

  #view({ address }: Storage, length: number): Float32Array {
    return this.#runtime.machine.memory.f32.subarray(address >>> 2, (address >>> 2) + length);
  }
}

// The state of an optimizer: each slot one flat block of memory for all elements, in the order of its pieces. It is read and
// restored as plain data, flat or by parameter.

import type { Runtime, Storage } from '../engine/runtime.ts';
import type { Shape } from '../tensor/shape.ts';
import type { OptionValues, Rule } from './rule.ts';
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
  /** All options that the groups share. */
  readonly options: OptionValues;
  /** What each group has of its own. */
  readonly groups: readonly Partial<OptionValues>[];
  /** Each slot flat, in the order of groups and their parameters (of elements, for an array); or the entries of `slots()`. */
  readonly slots: Readonly<Record<string, Float32Array>> | readonly SlotEntry[];
}

/** A group's pieces and what its slots begin with. */
export interface Filled {
  readonly options: OptionValues;
  readonly pieces: readonly Piece[];
}

/** The blocks of the slots that were ever needed. */
export class Slots {
  readonly #runtime: Runtime;
  readonly #rule: Rule;
  readonly #blocks = new Map<string, Storage>();
  #length: number;

  constructor(runtime: Runtime, rule: Rule, length: number) {
    this.#runtime = runtime;
    this.#rule = rule;
    this.#length = length;
  }

  get names(): string[] {
    return [...this.#blocks.keys()];
  }

  /** Address of a slot; made and filled, by each group's options, when it is not there yet. */
  address(slot: string, groups: readonly Filled[]): number {
    const there = this.#blocks.get(slot);
    if (there !== undefined) return there.address;
    const block = this.#runtime.allocateBlock(this.#length * 4, this.#owner(slot));
    this.#blocks.set(slot, block);
    const view = this.#view(block, this.#length);
    for (const { options, pieces } of groups) {
      const value = this.#rule.initial?.(slot, options) ?? 0;
      for (const { offset, size } of pieces) view.fill(value, offset, offset + size);
    }
    return block.address;
  }

  /** Copies of all slots. */
  read(): Record<string, Float32Array> {
    return Object.fromEntries(
      [...this.#blocks].map(([slot, block]) => [slot, this.#view(block, this.#length).slice()]),
    );
  }

  /** Overwrites a slot that is there. */
  write(slot: string, values: Float32Array): void {
    const block = this.#blocks.get(slot);
    if (block !== undefined) this.#view(block, this.#length).set(values);
  }

  /** Where each slot lies, in the order of `names`. */
  sources(): { address: number; owner: string }[] {
    return this.names.map((slot) => ({ address: this.#blocks.get(slot)?.address ?? 0, owner: this.#owner(slot) }));
  }

  /** Other memory for every slot, in the order of `names`, for `length` elements. */
  replace(storages: readonly Storage[], length: number): void {
    this.names.forEach((slot, i) => {
      const old = this.#blocks.get(slot)?.block;
      this.#blocks.set(slot, storages[i]);
      if (old !== undefined) this.#runtime.heap.free(old);
    });
    this.#length = length;
  }

  dispose(): void {
    for (const { block } of this.#blocks.values()) if (block !== undefined) this.#runtime.heap.free(block);
    this.#blocks.clear();
  }

  #owner(slot: string): string {
    return `${slot} of ${this.#rule.name}`;
  }

  #view({ address }: Storage, length: number): Float32Array {
    return this.#runtime.machine.memory.f32.subarray(address >>> 2, (address >>> 2) + length);
  }
}

// The heap in a machine's memory: first fit over a sorted free list with coalescing, in grains of 64 bytes. It counts live bytes,
// grows the memory when nothing fits, and is the only one that does.

import { DownhillError } from '../errors.ts';
import { MAXIMUM_BYTES, type Machine } from '../machine/machine.ts';

/** Every block begins at a multiple of this and is a multiple of it long: one cache line, four vectors. */
const GRAIN = 64;

/** A run of bytes that belongs to one object until it is freed. */
export class Block {
  readonly address: number;
  readonly bytes: number;
  /** What the block is for, as messages name it: `parameter 0.weight`, `optimizer state`. */
  readonly owner: string;
  alive = true;
  /** Told when the block is freed: the programs that name it. */
  dependents: Set<{ invalidate(reason: string): void }> | undefined = undefined;

  constructor(address: number, bytes: number, owner: string) {
    this.address = address;
    this.bytes = bytes;
    this.owner = owner;
  }
}

/** How a heap may grow. */
export interface HeapOptions {
  /** Bytes to have from the start. */
  readonly reserve?: number;
  /** Grow by no more than is needed, so that every allocation grows: for tests of what growth breaks. */
  readonly tight?: boolean;
}

/** Allocates blocks from `machine.heapBase` to the end of the memory. */
export class Heap {
  readonly #machine: Machine;
  readonly #tight: boolean;
  /** Free runs by ascending address, never touching each other. */
  readonly #free: { address: number; bytes: number }[] = [];
  /** Live blocks by ascending address. */
  readonly #blocks: Block[] = [];
  #end: number;
  #live = 0;

  constructor(machine: Machine, { reserve = 0, tight = false }: HeapOptions = {}) {
    this.#machine = machine;
    this.#tight = tight;
    this.#end = Math.ceil(machine.heapBase / GRAIN) * GRAIN;
    if (!machine.grow(this.#end + reserve)) throw this.#exhausted(reserve, 'the reserve asked for');
    this.#extend();
  }

  /** Bytes in live blocks. */
  get live(): number {
    return this.#live;
  }

  /** Bytes of the whole memory. */
  get total(): number {
    return this.#machine.memory.u8.length;
  }

  /** A block of at least `bytes` bytes; its content is whatever lay there before. Throws `memory` when the limit is reached. */
  allocate(bytes: number, owner: string): Block {
    const size = Math.max(GRAIN, Math.ceil(bytes / GRAIN) * GRAIN);
    if (!(size <= MAXIMUM_BYTES)) throw this.#exhausted(size, owner); // NaN too, where sizes of axes overflow
    let at = this.#free.findIndex((run) => run.bytes >= size);
    if (at < 0) {
      this.#grow(size, owner);
      at = this.#free.findIndex((run) => run.bytes >= size);
    }
    const run = this.#free[at];
    const block = new Block(run.address, size, owner);
    if (run.bytes === size) this.#free.splice(at, 1);
    else {
      run.address += size;
      run.bytes -= size;
    }
    this.#blocks.splice(this.#position(block.address), 0, block);
    this.#live += size;
    return block;
  }

  /** Gives a block back and tells the programs that name it. Freeing twice does nothing. */
  free(block: Block): void {
    if (!block.alive) return;
    block.alive = false;
    this.#live -= block.bytes;
    this.#blocks.splice(this.#position(block.address), 1);
    this.#release(block.address, block.bytes);
    for (const dependent of block.dependents ?? []) dependent.invalidate(`${block.owner} was disposed`);
    block.dependents = undefined;
  }

  /** The live block that holds the byte at `address`. */
  find(address: number): Block | undefined {
    const at = this.#position(address);
    const block = this.#blocks[at]?.address === address ? this.#blocks[at] : this.#blocks[at - 1];
    return block !== undefined && address >= block.address && address < block.address + block.bytes ? block : undefined;
  }

  /** Index of the first live block at or behind `address`. */
  #position(address: number): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#blocks[middle].address < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #release(address: number, bytes: number): void {
    const free = this.#free;
    let at = free.findIndex((run) => run.address > address);
    if (at < 0) at = free.length;
    const before = free[at - 1];
    const behind = free[at];
    const joinsBefore = before !== undefined && before.address + before.bytes === address;
    const joinsBehind = behind !== undefined && address + bytes === behind.address;
    if (joinsBefore && joinsBehind) {
      before.bytes += bytes + behind.bytes;
      free.splice(at, 1);
    } else if (joinsBefore) before.bytes += bytes;
    else if (joinsBehind) {
      behind.address = address;
      behind.bytes += bytes;
    } else free.splice(at, 0, { address, bytes });
  }

  #grow(size: number, owner: string): void {
    const last = this.#free.at(-1);
    const open = last !== undefined && last.address + last.bytes === this.#end ? last.bytes : 0;
    const needed = this.#end + size - open;
    // Doubling, up to 64 MiB at a time: growth detaches every view, so it should be rare, and memory never shrinks.
    const generous = this.#tight ? needed : needed + Math.min(this.total, 64 * 1_048_576);
    if (!this.#machine.grow(generous) && !this.#machine.grow(needed)) throw this.#exhausted(size, owner);
    this.#extend();
  }

  /** Adds what the memory has gained behind the heap's end to the free list. */
  #extend(): void {
    const end = Math.floor(this.total / GRAIN) * GRAIN;
    if (end > this.#end) this.#release(this.#end, end - this.#end);
    this.#end = Math.max(this.#end, end);
  }

  #exhausted(size: number, owner: string): DownhillError {
    return new DownhillError(
      'memory',
      `out of memory: ${owner} needs ${size} bytes, ${this.#live} of ${this.total} bytes are in use and the memory can grow no further. ` +
        'Dispose what is no longer needed, use smaller batches, or raise createEngine({ memory: { limit } })',
      { path: owner, expected: `${size} free bytes`, received: `${this.total - this.#live} bytes, in pieces` },
    );
  }
}

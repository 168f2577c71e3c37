// The step arena: memory for what lives no longer than one scope. It hands out addresses by moving a pointer through a few large
// heap blocks and takes them all back at once when the scope closes.

import type { Block, Heap } from './heap.ts';

const CHUNK = 1_048_576;
const ALIGN = 16;

/** Where an arena stood when a scope opened. */
export interface Mark {
  readonly chunk: number;
  readonly used: number;
}

/** A stack of temporary allocations. */
export class Arena {
  readonly #heap: Heap;
  readonly #owner: string;
  readonly #chunks: Block[] = [];
  #chunk = 0;
  #used = 0;

  constructor(heap: Heap, owner = 'temporaries') {
    this.#heap = heap;
    this.#owner = owner;
  }

  /** Bytes of the heap that the arena keeps, used or not. */
  get bytes(): number {
    return this.#chunks.reduce((total, chunk) => total + chunk.bytes, 0);
  }

  /** An address, a multiple of 16, with `bytes` bytes behind it. */
  allocate(bytes: number): number {
    // No bit operations: sizes pass 2³¹. Never 0, so that no two temporaries begin at one address.
    const size = Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
    for (;;) {
      const chunk = this.#chunks[this.#chunk];
      if (chunk === undefined) {
        this.#chunks.push(this.#heap.allocate(Math.max(size, CHUNK), this.#owner));
      } else if (this.#used + size <= chunk.bytes) {
        const address = chunk.address + this.#used;
        this.#used += size;
        return address;
      } else {
        this.#chunk++;
        this.#used = 0;
      }
    }
  }

  mark(): Mark {
    return { chunk: this.#chunk, used: this.#used };
  }

  /** Takes back everything that was allocated since the mark. */
  release(mark: Mark): void {
    this.#chunk = mark.chunk;
    this.#used = mark.used;
  }

  /** Gives the chunks back to the heap. */
  dispose(): void {
    for (const chunk of this.#chunks) this.#heap.free(chunk);
    this.#chunks.length = 0;
    this.#chunk = 0;
    this.#used = 0;
  }
}

// The heap against laws: blocks never overlap, are aligned, keep their content through growth, and everything freed can be had again.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena } from '../../ts/engine/arena.ts';
import { type Block, Heap } from '../../ts/engine/heap.ts';
import { DownhillError } from '../../ts/errors.ts';
import { createReference } from '../../ts/machine/reference/reference.ts';

const commands = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('allocate' as const), bytes: fc.integer({ min: 0, max: 70_000 }) }),
    fc.record({ kind: fc.constant('free' as const), which: fc.nat() }),
  ),
  { maxLength: 120 },
);

describe('heap', () => {
  it.each([false, true])('keeps every block whole through allocation, growth and freeing (tight: %s)', (tight) => {
    fc.assert(
      fc.property(commands, (list) => {
        const machine = createReference();
        const heap = new Heap(machine, { tight });
        const live: { block: Block; mark: number }[] = [];
        let next = 1;
        for (const command of list) {
          if (command.kind === 'allocate') {
            const block = heap.allocate(command.bytes, 'test');
            expect(block.address % 64).toBe(0);
            expect(block.bytes).toBeGreaterThanOrEqual(command.bytes);
            machine.memory.u8.fill(next & 255, block.address, block.address + block.bytes);
            live.push({ block, mark: next++ & 255 });
          } else if (live.length > 0) {
            const [gone] = live.splice(command.which % live.length, 1);
            heap.free(gone.block);
            heap.free(gone.block);
          }
          for (const { block, mark } of live) {
            const bytes = machine.memory.u8.subarray(block.address, block.address + block.bytes);
            if (bytes.some((byte) => byte !== mark)) throw new Error('a block was overwritten');
            expect(heap.find(block.address)).toBe(block);
            expect(heap.find(block.address + block.bytes - 1)).toBe(block);
          }
          expect(heap.live).toBe(live.reduce((sum, { block }) => sum + block.bytes, 0));
        }
        const total = heap.total;
        for (const { block } of live) heap.free(block);
        expect(heap.live).toBe(0);
        const whole = total - Math.ceil(machine.heapBase / 64) * 64;
        heap.allocate(whole, 'everything'); // one run again: nothing was lost to fragments
        expect(heap.total).toBe(total);
      }),
      { numRuns: 60 },
    );
  });

  it('says who needs how much when the limit is reached, and goes on', () => {
    const heap = new Heap(createReference(1 << 20));
    const kept = heap.allocate(500_000, 'parameters');
    expect(() => heap.allocate(900_000, 'optimizer state')).toThrow(DownhillError);
    expect(() => heap.allocate(900_000, 'optimizer state')).toThrow(
      /optimizer state needs 900032 bytes.*raise createEngine/,
    );
    expect(kept.alive).toBe(true);
    heap.free(kept);
    expect(heap.allocate(900_000, 'optimizer state').bytes).toBe(900_032);
  });

  it('tells the programs that name a block when it goes', () => {
    const heap = new Heap(createReference());
    const block = heap.allocate(4, 'parameter 0.weight');
    const reasons: string[] = [];
    block.dependents = new Set([{ invalidate: (reason: string) => reasons.push(reason) }]);
    heap.free(block);
    expect(reasons).toEqual(['parameter 0.weight was disposed']);
  });
});

describe('arena', () => {
  it('gives aligned addresses that do not overlap and takes them back to the mark', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 12 }), (sizes) => {
        const arena = new Arena(new Heap(createReference()));
        const mark = arena.mark();
        const first = sizes.map((bytes) => ({ address: arena.allocate(bytes), bytes }));
        const sorted = [...first].sort((a, b) => a.address - b.address);
        sorted.slice(1).forEach(({ address }, i) => {
          expect(address).toBeGreaterThanOrEqual(sorted[i].address + sorted[i].bytes);
        });
        for (const { address } of first) expect(address % 16).toBe(0);
        const bytes = arena.bytes;
        arena.release(mark);
        expect(sizes.map((size) => arena.allocate(size))).toEqual(first.map(({ address }) => address));
        expect(arena.bytes).toBe(bytes);
      }),
    );
  });
});

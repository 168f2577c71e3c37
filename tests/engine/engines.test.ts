// Engines: they share nothing, a trapped one is dead and says so while the other goes on, growth at every allocation breaks nothing, and bad
// options are named.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Engine } from '../../ts/engine.ts';
import { adam, createEngine, DownhillError, Tensor } from '../../ts/index.ts';
import { selfCheck } from '../../ts/machine/self-check.ts';
import { bitsOf } from '../support/digests.ts';
import { makeMachine, makeSimd } from '../support/machines.ts';

async function failure(promise: Promise<unknown>): Promise<DownhillError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DownhillError);
  return error as DownhillError;
}

function caught(f: () => unknown): DownhillError {
  try {
    f();
  } catch (error) {
    expect(error).toBeInstanceOf(DownhillError);
    return error as DownhillError;
  }
  throw new Error('nothing was thrown');
}

describe('two engines', () => {
  it('one traps and is dead; the other and a new one go on', async () => {
    const [first, second] = await Promise.all([createEngine({ machine: 'simd' }), createEngine({ machine: 'simd' })]);
    const theta = second.array(Float32Array.of(1, 2, 3));
    const optimizer = second.optimizer(adam({ lr: 0.1 }), theta);
    const outside = new Tensor(first.runtime, 'outside', [1024], 'f32', 0xffff_ff00, { alive: true });
    const trapped = caught(() => outside.relu());
    expect(trapped.code).toBe('trap');
    expect(trapped.message).toMatch(/this engine is dead.*make a new engine/);
    expect(caught(() => first.tensor([1])).message).toMatch(/this engine is dead/);
    expect(caught(() => first.optimizer(adam(), first.array(3))).message).toMatch(/this engine is dead/);
    optimizer.gradient.set(Float32Array.of(1, 1, 1));
    optimizer.step();
    expect(theta.read()[0]).toBeLessThan(1);
    const third = await createEngine({ machine: 'simd' });
    expect(third.tensor([-1, 2]).relu().read()).toEqual(Float32Array.of(0, 2));
  });

  it('refuse each other’s tensors', async () => {
    const [first, second] = [await createEngine(), await createEngine()];
    expect(caught(() => first.tensor([1]).add(second.tensor([1]))).message).toMatch(/two engines/);
  });
});

describe.each(['simd', 'reference'] as const)('growth at every allocation on %s', (name) => {
  it('changes no bit of a training', () => {
    const train = (tight: boolean): number[] => {
      const engine = new Engine(makeMachine(name), { machine: name, refused: [] }, 1, { tight });
      const w = engine.parameter(
        [300, 40],
        Float32Array.from({ length: 12_000 }, (_, i) => Math.fround(((i * 37) % 101) / 101 - 0.5)),
      );
      const optimizer = engine.optimizer(adam({ lr: 0.01 }), [w]);
      for (let step = 0; step < 5; step++) {
        const kept = engine.tensor(new Float32Array(20_000 * (step + 1)).fill(0.5)); // grows the memory between steps
        engine.scope(() => {
          const x = engine.tensor(Float32Array.from({ length: 7 * 40 }, (_, i) => Math.fround((i % 13) / 13)));
          const loss = x.reshape([7, 40]).matmul(w.transpose()).tanh().square().mean();
          loss.backward();
          optimizer.step();
        });
        expect(kept.read().every((value) => value === 0.5)).toBe(true);
      }
      return bitsOf(w.read());
    };
    expect(train(true)).toEqual(train(false));
  });
});

describe('what lasts and what does not', () => {
  it('a tensor of a closed scope is stale and says what made it; one made outside stays', async () => {
    const engine = await createEngine();
    const outside = engine.tensor([1, -1]);
    const inside = engine.scope(() => outside.relu());
    const error = caught(() => inside.read());
    expect(error.code).toBe('stale');
    expect(error.message).toMatch(/\(relu, \[2\]\) belongs to a scope.*has ended/);
    expect(caught(() => inside.add(1)).code).toBe('stale');
    const kept = outside.relu();
    expect([...kept.read()]).toEqual([1, 0]);
    kept.dispose();
    kept.dispose();
    expect(caught(() => kept.read()).code).toBe('disposed');
  });

  it('a scope that throws is closed, and the next one has the same memory', async () => {
    const engine = await createEngine();
    const address = engine.scope(() => engine.tensor([1]).address);
    expect(() =>
      engine.scope(() => {
        engine.tensor([1, 2, 3]);
        throw new Error('from the user');
      }),
    ).toThrow('from the user');
    expect(engine.scope(() => engine.tensor([1]).address)).toBe(address);
  });

  it('a disposed engine says so everywhere', async () => {
    const engine = await createEngine();
    const x = engine.tensor([1]);
    engine.dispose();
    engine.dispose();
    for (const use of [
      () => engine.tensor([1]),
      () => engine.parameter([1]),
      () => engine.array(4),
      () => engine.scope(() => 1),
      () => engine.compile(() => x.relu()),
      () => x.relu(),
    ]) {
      expect(caught(use).message).toMatch(/this engine was disposed: make a new one/);
    }
  });

  it('a captured value of a kept scope does not leak: live bytes', async () => {
    const engine = await createEngine();
    const before = engine.memory.live;
    for (let i = 0; i < 50; i++) engine.scope(() => engine.tensor(new Float32Array(50_000)).relu().sum());
    expect(engine.memory.live).toBe(before);
  });
});

describe('bad options', () => {
  it.each([
    [{ machine: 'gpu' }, /machine must be 'auto', 'simd' or 'reference': got "gpu"/],
    [{ machin: 'simd' }, /machin must be one of machine, module, memory, seed/],
    [{ seed: -1 }, /seed must be a whole number ≥ 0: got -1/],
    [{ seed: 0.5 }, /seed must be a whole number/],
    [{ memory: 5 }, /memory must be an object/],
    [{ memory: { limit: -1 } }, /memory.limit must be bytes/],
    [{ memory: { limti: 1 } }, /memory.limti must be reserve or limit/],
  ])('%j is refused by name', async (options, message) => {
    const error = await failure(createEngine(options as never));
    expect(error.code).toBe('option');
    expect(error.message).toMatch(message);
  });

  it('a module that is none of ours, and too little memory, are said so', async () => {
    const empty = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    expect((await failure(createEngine({ machine: 'simd', module: empty }))).message).toMatch(/lacks heap_base/);
    expect((await failure(createEngine({ machine: 'simd', module: Uint8Array.of(60, 33, 100) }))).message).toMatch(
      /is not WebAssembly but something else.*begins "<!d"/,
    );
    expect((await failure(createEngine({ memory: { limit: 100 } }))).code).toBe('memory');
    const engine = await createEngine({ memory: { limit: 4 << 20 } });
    const error = caught(() => engine.array(2_000_000));
    expect(error.code).toBe('memory');
    expect(error.message).toMatch(/needs 8000000 bytes.*raise createEngine/);
    expect(engine.array(1000).length).toBe(1000);
  });
});

describe('the module', () => {
  const file = new URL('../../dist/simd.wasm', import.meta.url);
  it.each([
    ['a file: URL', file],
    ['a file: URL as text', file.href],
    ['a path', fileURLToPath(file)],
    ['bytes', readFileSync(file)],
    ['a compiled module', new WebAssembly.Module(readFileSync(file))],
    ['a data: URL', `data:application/wasm;base64,${readFileSync(file).toString('base64')}`],
    ['a response', new Response(readFileSync(file), { headers: { 'content-type': 'application/wasm' } })],
    ['a promise of a response', Promise.resolve(new Response(readFileSync(file)))],
  ])('comes from %s', async (_, module) => {
    const engine = await createEngine({ machine: 'simd', module });
    expect(engine.tensor([-1, 1]).relu().read()).toEqual(Float32Array.of(0, 1));
  });

  it('that is not there is named, and the reference says why it stands in', async () => {
    const error = await failure(createEngine({ machine: 'simd', module: '/no/such/simd.wasm' }));
    expect(error.code).toBe('load');
    expect(error.message).toMatch(/could not be loaded: .*no\/such\/simd\.wasm/);
    const { info } = await createEngine({ module: '/no/such/simd.wasm' });
    expect(info).toMatchObject({ machine: 'reference', refused: [{ machine: 'simd' }] });
  });
});

describe('the self-check', () => {
  it('passes on both machines and refuses one that flushes subnormals', () => {
    for (const name of ['simd', 'reference'] as const) selfCheck(makeMachine(name));
    const machine = makeSimd();
    const { memory, kernels } = machine;
    const flushing = {
      ...machine,
      kernels: {
        ...kernels,
        add: (a: number, b: number, out: number, ...rest: [number, number, number, number, number, number]) => {
          kernels.add(a, b, out, ...rest);
          if (Math.abs(memory.f32[out >>> 2]) < 1.2e-38) memory.f32[out >>> 2] = 0;
        },
      },
    };
    expect(caught(() => selfCheck(flushing)).message).toMatch(/computes add\(0x00000001, 0x00000001\) as 0x00000000/);
  });
});

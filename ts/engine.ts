// The engine: one machine with its memory, and what is made in it. There is no global state; two engines share nothing but the compiled module.

import type { HeapOptions } from './engine/heap.ts';
import { Runtime } from './engine/runtime.ts';
import { DownhillError, show } from './errors.ts';
import { type Initializer, initialize } from './initializers/index.ts';
import type { Machine, MachineName } from './machine/machine.ts';
import { MAXIMUM_BYTES } from './machine/machine.ts';
import { createReference } from './machine/reference/reference.ts';
import { selfCheck } from './machine/self-check.ts';
import type { ModuleSource } from './machine/wasm/load.ts';
import type { OptimizerDescription } from './optimizers/index.ts';
import { Optimizer, type OptimizerOptions, type OptimizerTarget } from './optimizers/optimizer.ts';
import { expectNames } from './options.ts';
import { EngineArray } from './tensor/array.ts';
import { type Compiled, type CompileOptions, compile, type Results } from './tensor/compile.ts';
import { type DataOptions, keptData, type TensorData, toTensorData } from './tensor/data.ts';
import { installMethods } from './tensor/methods.ts';
import { Parameter } from './tensor/parameter.ts';
import { checkShape, type Shape, sizeOf } from './tensor/shape.ts';
import { bytesOf, Tensor } from './tensor/tensor.ts';

/** Options of {@link createEngine}. */
export interface EngineOptions {
  /** `'simd'`: the Rust machine or an error. `'reference'`: plain TypeScript. Default `'auto'`: Rust where it runs. */
  readonly machine?: 'auto' | MachineName;
  /**
   * Where the WebAssembly module comes from: a URL (in Node also a path or `file:` URL), a `Response` or a promise
   * of one, bytes, or a `WebAssembly.Module`. Default: the file in the package.
   */
  readonly module?: ModuleSource;
  /** Memory in bytes: `reserve` to have from the start, `limit` never to pass (at most 65,535 pages of 64 KiB). */
  readonly memory?: { readonly reserve?: number; readonly limit?: number };
  /** Seed of the engine's random numbers, a whole number ≥ 0. Default 0. */
  readonly seed?: number;
}

/** Which machine an engine has, and why not another: the first thing to put into a bug report. */
export interface EngineInfo {
  readonly machine: MachineName;
  /** Machines that were tried before it. */
  readonly refused: readonly { readonly machine: MachineName; readonly reason: string }[];
}

/** What a machine is found by: the WebAssembly side of it is left out of `downhill/reference`. */
export type FindSimd = (module: ModuleSource | undefined, limit: number) => Promise<Machine>;

/** A machine with its memory. Made by `createEngine`. */
export class Engine {
  /** @internal */
  readonly runtime: Runtime;
  /** Which machine runs, and which were refused and why. */
  readonly info: EngineInfo;

  /** @internal Use `createEngine`. */
  constructor(machine: Machine, info: EngineInfo, seed: number, options: HeapOptions = {}) {
    installMethods();
    this.runtime = new Runtime(machine, seed, options);
    this.info = info;
  }

  /** Bytes of memory: in use by what was made and not disposed, and in all. */
  get memory(): { readonly live: number; readonly total: number } {
    return { live: this.runtime.heap.live - this.runtime.temporaryBytes, total: this.runtime.heap.total };
  }

  /**
   * A tensor with a copy of `data` (nested numbers, or a typed array with its `shape`): in the open scope, or, outside
   * every scope, until it is disposed. Throws `data` for rows of different lengths or what is no number, `shape` for a
   * shape of another size, `memory`, and `compile` in a compiled function.
   *
   * @example
   * ```js
   * import { createEngine } from 'downhill';
   * const engine = await createEngine();
   * const a = engine.tensor([[1, 2], [3, 4]]);
   * const b = engine.tensor(Float32Array.of(1, 0, 0, 1), { shape: [2, 2] });
   * console.log(a.matmul(b).sum().item()); // 10
   * ```
   */
  tensor(data: TensorData, options: DataOptions = {}): Tensor {
    if (this.runtime.recorder !== undefined) {
      throw new DownhillError(
        'compile',
        'engine.tensor() inside a compiled function: its value would freeze into the program. Pass it as an argument, or make it outside',
      );
    }
    const { values, shape, dtype } = toTensorData('data', keptData(this.runtime, data), options);
    const { address, life, block } = this.runtime.allocate(values.length * bytesOf(dtype), 'tensor');
    return new Tensor(this.runtime, 'tensor', shape, dtype, address, life, block).set(values);
  }

  /**
   * A trainable tensor of f32, with its gradient beside it, filled by an initializer (`heNormal()`, …) or with numbers;
   * default zeros. It lies in no scope and stays until it is disposed. Throws `shape`, `data`, `option` or `memory`.
   *
   * @example
   * ```js
   * import { createEngine } from 'downhill';
   * import { heNormal } from 'downhill/initializers';
   * const engine = await createEngine({ seed: 7 });
   * const weight = engine.parameter([10, 784], heNormal(), { name: 'weight' });
   * console.log(Math.abs(weight.std().item() - Math.sqrt(2 / 784)) < 0.001); // true
   * ```
   */
  parameter(shape: Shape, init?: Initializer | TensorData, options: { readonly name?: string } = {}): Parameter {
    expectNames('parameter', options, ['name']);
    const { name = 'parameter' } = options;
    if (typeof name !== 'string')
      throw new DownhillError('option', `parameter: name must be text: got ${show(name)}`, { path: 'parameter.name' });
    checkShape('parameter', shape);
    const bytes = sizeOf(shape) * 4;
    const given = keptData(this.runtime, init);
    const { address, life, block } = this.runtime.allocateBlock(bytes * 2 + 64, name);
    const gradient = address + Math.ceil(bytes / 16) * 16;
    this.runtime.machine.memory.u8.fill(0, address, gradient + bytes);
    const parameter = new Parameter(this.runtime, name, shape, address, gradient, life, block);
    try {
      if (given === undefined) return parameter;
      if (typeof given === 'object' && given !== null && 'kind' in given) initialize(parameter, given);
      else parameter.set(toTensorData(name, given, { shape, dtype: 'f32' }).values);
    } catch (error) {
      parameter.dispose();
      throw error;
    }
    return parameter;
  }

  /**
   * Flat f32 in the machine's memory, as many zeros as a number says or a copy of an array: what an optimizer moves
   * without copying. Throws `option` or `memory`.
   *
   * @example
   * ```js
   * import { createEngine, sgd } from 'downhill';
   * const engine = await createEngine();
   * const theta = engine.array(1_000_000);
   * const optimizer = engine.optimizer(sgd({ lr: 0.5 }), theta);
   * optimizer.gradient.array.fill(-2);
   * optimizer.step();
   * console.log(theta.array[999_999]); // 1
   * ```
   */
  array(values: number | Float32Array): EngineArray {
    return new EngineArray(this.runtime, keptData(this.runtime, values));
  }

  /**
   * An optimizer for parameters (a list, a model, or groups `[{ parameters, lr, … }, …]`), for an engine array, or for
   * one's own Float32Arrays. Throws `option` for bad options or a target that it cannot move, `memory`.
   *
   * @example
   * ```js
   * import { createEngine, sgd } from 'downhill';
   * const engine = await createEngine();
   * const w = engine.parameter([2], [1, 2]);
   * const optimizer = engine.optimizer(sgd({ lr: 0.25 }), [w]);
   * engine.scope(() => {
   *   w.square().sum().backward(); // the gradient is 2w
   *   optimizer.step();
   * });
   * console.log(w.read().join(' ')); // 0.5 1
   * ```
   */
  optimizer<T extends OptimizerTarget>(
    description: OptimizerDescription,
    target: T,
    options: OptimizerOptions = {},
  ): Optimizer<T> {
    this.runtime.check();
    return new Optimizer(this.runtime, description, target, options);
  }

  /**
   * Runs `fn` and then releases every tensor made in it; parameters and arrays stay. Returns what `fn` returns, which
   * must hold no such tensor: reading one later throws `stale`.
   *
   * @example
   * ```js
   * import { createEngine } from 'downhill';
   * const engine = await createEngine();
   * const x = engine.tensor([1, 2, 3, 4]);
   * const before = engine.memory.live;
   * console.log(engine.scope(() => x.square().mean().item())); // 7.5
   * console.log(engine.memory.live - before); // 0
   * ```
   */
  scope<T>(fn: () => T): T {
    if (typeof fn !== 'function')
      throw new DownhillError('option', `engine.scope needs a function: got ${show(fn)}`, { path: 'fn' });
    this.runtime.openScope();
    try {
      return fn();
    } finally {
      this.runtime.closeScope();
    }
  }

  /**
   * Turns a function of tensors into one that replays its kernel calls: see {@link Compiled}. Throws `compile`, when it
   * is called, for a function that does not do the same every time or reads a value in the middle.
   *
   * @example
   * ```js
   * import { createEngine, sgd } from 'downhill';
   * const engine = await createEngine();
   * const w = engine.parameter([1]);
   * const optimizer = engine.optimizer(sgd({ lr: 0.1 }), w);
   * const step = engine.compile((x, y) => {
   *   const loss = x.mul(w).meanSquaredError(y);
   *   loss.backward();
   *   optimizer.step();
   *   return loss;
   * });
   * for (let i = 0; i < 50; i++) step([1, 2], [3, 6]); // y = 3x
   * console.log(w.item().toFixed(3)); // 3.000
   * ```
   */
  compile<A extends readonly Tensor[], R extends Results>(
    fn: (...args: A) => R,
    options: CompileOptions = {},
  ): Compiled<A, R> {
    this.runtime.check();
    return compile(this.runtime, fn, options);
  }

  /** Ends the engine: everything made with it throws `disposed` from then on, and its memory can be collected. */
  dispose(): void {
    this.runtime.dispose();
  }

  /** `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Makes an engine with the SIMD machine that `findSimd` gives, or the reference. */
export async function makeEngine(options: EngineOptions, findSimd: FindSimd | undefined): Promise<Engine> {
  const { machine: wanted = 'auto', module, memory = {}, seed = 0 } = options;
  checkEngineOptions('createEngine', options);
  const limit = Math.min(memory.limit ?? MAXIMUM_BYTES, MAXIMUM_BYTES);
  const heap = memory.reserve === undefined ? {} : { reserve: memory.reserve };
  if (wanted === 'reference')
    return new Engine(within(limit, createReference(limit)), { machine: 'reference', refused: [] }, seed, heap);
  try {
    if (findSimd === undefined)
      throw new DownhillError('load', 'downhill/reference has no WebAssembly: import downhill for the simd machine');
    const machine = within(limit, await findSimd(module, limit));
    selfCheck(machine);
    return new Engine(machine, { machine: 'simd', refused: [] }, seed, heap);
  } catch (error) {
    const fatal = !(error instanceof DownhillError) || error.code !== 'load';
    if (wanted === 'simd' || fatal) throw error;
    const refused = [{ machine: 'simd' as const, reason: error.message }];
    return new Engine(within(limit, createReference(limit)), { machine: 'reference', refused }, seed, heap);
  }
}

/** Throws `memory` when the limit is below what the machine has from its start. */
function within(limit: number, machine: Machine): Machine {
  const bytes = machine.memory.u8.length;
  if (bytes <= limit) return machine;
  throw new DownhillError(
    'memory',
    `createEngine: memory.limit is ${limit} bytes, and the ${machine.name} machine begins with ${bytes}`,
    {
      path: 'memory.limit',
      expected: `at least ${bytes} bytes`,
      received: String(limit),
    },
  );
}

const KNOWN = ['machine', 'module', 'memory', 'seed'];

/** Throws `option` for what no engine can be made with, naming the caller `of` whose options they are. */
export function checkEngineOptions(of: string, options: EngineOptions): void {
  const bad = (path: string, expected: string, value: unknown): never => {
    throw new DownhillError('option', `${of}: ${path} must be ${expected}: got ${show(value)}`, {
      path,
      expected,
      received: show(value),
    });
  };
  for (const name of Object.keys(options)) if (!KNOWN.includes(name)) bad(name, `one of ${KNOWN.join(', ')}`, name);
  const { machine = 'auto', memory = {}, seed = 0 } = options;
  if (!['auto', 'simd', 'reference'].includes(machine)) bad('machine', `'auto', 'simd' or 'reference'`, machine);
  if (!Number.isSafeInteger(seed) || seed < 0) bad('seed', 'a whole number ≥ 0', seed);
  if (typeof memory !== 'object' || memory === null) bad('memory', 'an object { reserve, limit }', memory);
  for (const [name, value] of Object.entries(memory)) {
    if (name !== 'reserve' && name !== 'limit') bad(`memory.${name}`, 'reserve or limit', name);
    if (!Number.isFinite(value) || value < 0 || value > MAXIMUM_BYTES)
      bad(`memory.${name}`, `bytes from 0 to ${MAXIMUM_BYTES}`, value);
  }
}

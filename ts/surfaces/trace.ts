// Descents of many starts at once, step by step: what a race or a rain of points is drawn from. Heights and gradients of all starts are
// one compiled program; the optimizer steps outside it, so that a start that runs away to infinity stops no other.

import type { Engine } from '../engine.ts';
import { DownhillError, show } from '../errors.ts';
import type { OptimizerDescription } from '../optimizers/rules.ts';
import { type OptionSpec, resolveOptions } from '../options.ts';
import type { Compiled } from '../tensor/compile.ts';
import type { Parameter } from '../tensor/parameter.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Movers, unlisted } from './movers.ts';
import { Noise } from './noise.ts';
import { flatStarts, type Starts } from './starts.ts';
import type { Surface } from './surface.ts';

type Evaluation = { readonly losses: Tensor; readonly gradient: Tensor };

/** What there is for a number of starts. */
interface Field {
  readonly points: Parameter;
  readonly noise: Noise;
  readonly evaluate: Compiled<[], Evaluation>;
}

/**
 * An optimizer on a surface, from many starts at once, none of which can tell that there are others. Made by
 * `createTrace`.
 */
export class Trace {
  readonly surface: Surface;
  readonly #engine: Engine;
  readonly #seed: number;
  #description: OptimizerDescription;
  #starts: Float32Array;
  #noise: number;
  #field: Field;
  #movers: Movers;
  /** Heights and gradient where the starts are; computed when somebody asks. */
  #now: Evaluation | undefined;
  #steps = 0;
  #disposed = false;

  /** @internal Use `createTrace`. */
  constructor(
    engine: Engine,
    description: OptimizerDescription,
    surface: Surface,
    starts: Float32Array,
    noise: number,
    seed: number,
  ) {
    this.#engine = engine;
    this.#description = description;
    this.surface = surface;
    this.#starts = starts;
    this.#noise = noise;
    this.#seed = seed;
    [this.#field, this.#movers] = this.#begin(starts);
  }

  /** Number of starts. */
  get starts(): number {
    return this.#starts.length / 2;
  }

  /** Steps taken since the start. */
  get stepCount(): number {
    return this.#steps;
  }

  /** Where each start is now, a copy: `[starts, 2]`. One that has run away is infinite and then NaN, and stays so. */
  get positions(): Float32Array {
    this.#check();
    return this.#copy(this.#field.points);
  }

  /** How high each start is now, without noise, a copy: `[starts]`. */
  get losses(): Float32Array {
    this.#check();
    return this.#copy(this.#here().losses);
  }

  /** The optimizer with all that was set since, as plain data. */
  get optimizer(): OptimizerDescription {
    return this.#description;
  }

  /** Standard deviation of the noise; setting it acts on the next step. Throws `option`. */
  get noise(): number {
    return this.#noise;
  }

  set noise(value: number) {
    this.#noise = resolveOptions({ noise: value }, { noise: NOISE }, { owner: 'trace', path: '' }).noise;
  }

  /**
   * Takes `n` steps, a whole number ≥ 0. Throws `option`, `disposed`, `memory` (before the step that has none), and
   * `compile` in a compiled function.
   */
  step(n = 1): void {
    this.#check();
    if (!Number.isSafeInteger(n) || n < 0)
      throw new DownhillError('option', `step(n) of a trace needs a whole number ≥ 0: got ${show(n)}`, { path: 'n' });
    const { points, noise } = this.#field;
    const { copy } = this.#engine.runtime.machine.kernels;
    for (let i = 0; i < n; i++) {
      copy(this.#here().gradient.address, points.gradient.address, points.size);
      if (this.#noise > 0) noise.addTo(points.gradient.address, this.#steps, this.#noise);
      this.#now = undefined;
      this.#movers.step();
      this.#steps++;
    }
  }

  /** Sets options of the optimizer; they act on the next step and stay after `reset`. Throws `option`, and then nothing has changed. */
  set(options: OptimizerDescription['options']): void {
    this.#check();
    this.#movers.set(options);
    const { options: before } = this.#description;
    this.#description = Object.assign({}, this.#description, { options: { ...before, ...options } });
  }

  /**
   * Begins again, with a fresh optimizer state and the noise of the first step: at other starts, any number of them, or,
   * without an argument, at the same. Throws `data` or `memory`, and then nothing has changed.
   */
  reset(starts?: Starts): void {
    this.#check();
    const flat = starts === undefined ? this.#starts : flatStarts('reset', starts);
    const { points } = this.#field;
    if (flat.length === this.#starts.length) {
      const movers = new Movers(this.#engine, this.#description, points);
      this.#movers.dispose();
      this.#movers = movers;
      points.set(flat);
    } else {
      const before = [this.#movers, this.#field] as const;
      [this.#field, this.#movers] = this.#begin(flat);
      release(...before);
    }
    this.#starts = flat;
    this.#now = undefined;
    this.#steps = 0;
  }

  /** Gives all memory back; every later use throws `disposed`. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    release(this.#movers, this.#field);
  }

  /** `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #begin(starts: Float32Array): [Field, Movers] {
    const engine = this.#engine;
    const { surface } = this;
    const n = starts.length / 2;
    const made: { dispose(): void }[] = [];
    const keep = <T extends { dispose(): void }>(one: T): T => {
      made.push(one);
      return one;
    };
    try {
      const points = keep(unlisted(engine.parameter([n, 2], starts, { name: `points on ${surface.name}` })));
      const noise = keep(new Noise(engine.runtime, n, this.#seed));
      const movers = keep(new Movers(engine, this.#description, points));
      const evaluate = keep(
        engine.compile((): Evaluation => {
          const { value, gradient } = surface.tensor;
          return { losses: value(points), gradient: gradient(points) };
        }),
      );
      return [{ points, noise, evaluate }, movers];
    } catch (error) {
      for (const one of made) one.dispose();
      throw error;
    }
  }

  #here(): Evaluation {
    this.#now ??= this.#field.evaluate();
    return this.#now;
  }

  #copy(tensor: Tensor): Float32Array {
    const from = tensor.address >>> 2;
    return this.#engine.runtime.machine.memory.f32.slice(from, from + tensor.size);
  }

  #check(): void {
    const { runtime } = this.#engine;
    runtime.check();
    if (this.#disposed) throw new DownhillError('disposed', 'this trace was disposed: make a new one');
    if (runtime.recorder !== undefined)
      throw new DownhillError('compile', 'a trace inside a compiled function would happen once, while it is recorded');
  }
}

/** What the noise may be. */
export const NOISE: OptionSpec = {
  type: 'number',
  min: 0,
  max: 1e30,
  default: 0,
  text: 'standard deviation of the noise on the gradient',
};

function release(movers: Movers, { points, noise, evaluate }: Field): void {
  for (const one of [movers, evaluate, noise, points]) one.dispose();
}

// What a test function is: a surface over the plane with its gradient, what is known of it, and how to look at it. The same function
// stands twice, in f64 for pictures and tests and in the engine's f32 for descents; one file a surface defines both.

import { DownhillError, show } from '../errors.ts';
import { concat, reshape, slice } from '../tensor/ops/index.ts';
import { composed, expectDType } from '../tensor/ops/support.ts';
import { format, shapeError } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';

/** A place in the plane, or a gradient there. */
export type Point = readonly [x: number, y: number];

/** A place where the gradient is zero. */
export interface CriticalPoint {
  readonly x: number;
  readonly y: number;
  /** The function's value there. */
  readonly value: number;
}

/** A part of the plane that shows what is special about a surface, and the heights at which contours are worth drawing. */
export interface View {
  readonly x: readonly [min: number, max: number];
  readonly y: readonly [min: number, max: number];
  /** Heights of contour lines, ascending; each is crossed within the view. */
  readonly levels: readonly number[];
  /** How the levels are spaced, and how colours should be: `log` for heights above a minimum of 0. */
  readonly scale: 'linear' | 'log';
}

/** The function in an engine, at many points at once. */
export interface SurfaceOfTensors {
  /** Heights `[n]` at `points` `[n, 2]`; `backward()` of what is made of them gives the gradient. Throws `shape`, `option`. */
  value(points: Tensor): Tensor;
  /** Gradients `[n, 2]` at `points` `[n, 2]`, without a tape: cheaper than `backward()`. Throws `shape`, `option`. */
  gradient(points: Tensor): Tensor;
}

/**
 * A function of two variables to try optimizers on. Numbers are exact to f64; in an engine, to f32. Arguments beyond the
 * view are allowed everywhere.
 */
export interface Surface {
  readonly kind: 'surface';
  readonly name: string;
  /** As a heading has it. */
  readonly title: string;
  /** The function as text. */
  readonly formula: string;
  /** Who published it. */
  readonly source: string;
  /** What it is hard about, in a sentence. */
  readonly summary: string;
  /** f(x, y). */
  value(x: number, y: number): number;
  /** [∂f/∂x, ∂f/∂y]; 0 where the function has a tip (Ackley's minimum). */
  gradient(x: number, y: number): Point;
  /** The same in an engine, at many points at once. */
  readonly tensor: SurfaceOfTensors;
  /** All global minima; none for a surface without a lowest point. */
  readonly minima: readonly CriticalPoint[];
  /** Saddle points; of surfaces with very many of them, none. */
  readonly saddles: readonly CriticalPoint[];
  readonly view: View;
  /** Places in the view to begin a descent, the most telling first. */
  readonly starts: readonly Point[];
}

/** A surface as its file gives it: in the engine as functions of two columns [n, 1]. */
export interface SurfaceDefinition extends Omit<Surface, 'kind' | 'tensor'> {
  readonly columns: {
    value(x: Tensor, y: Tensor): Tensor;
    gradient(x: Tensor, y: Tensor): readonly [Tensor, Tensor];
  };
}

/** Makes a surface of its definition. */
export function defineSurface({ columns, ...facts }: SurfaceDefinition): Surface {
  const halves = (points: Tensor): [Tensor, Tensor] => {
    const [n] = points.shape;
    return [slice(points, [0, 0], [n, 1]), slice(points, [0, 1], [n, 2])];
  };
  const tensor: SurfaceOfTensors = {
    value: (points) => {
      const op = `value of ${facts.name}`;
      expectPoints(op, points);
      return composed(op, points.runtime, () => reshape(columns.value(...halves(points)), [points.shape[0]]));
    },
    gradient: (points) => {
      const op = `gradient of ${facts.name}`;
      expectPoints(op, points);
      return composed(op, points.runtime, () => {
        const [dx, dy] = columns.gradient(...halves(points.detach()));
        return concat(dx, dy, 1);
      });
    },
  };
  return { kind: 'surface', ...facts, tensor };
}

function expectPoints(op: string, points: unknown): asserts points is Tensor {
  if (!(points instanceof Tensor)) {
    const hint = Array.isArray(points) || ArrayBuffer.isView(points) ? '; make it one with engine.tensor(…)' : '';
    throw new DownhillError('option', `${op} needs a tensor of points [n, 2]: got ${show(points)}${hint}`, {
      path: op,
    });
  }
  expectDType(op, 'points', points);
  const { shape } = points;
  if (shape.length !== 2 || shape[1] !== 2) throw shapeError(op, 'points [n, 2]', format(shape));
}

/** `count` levels at equal distances from `from` to `to`. */
export const linearLevels = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

/** `count` levels, each `factor` times the one before, from `from` on. */
export function logLevels(from: number, factor: number, count: number): number[] {
  const levels = [from];
  while (levels.length < count) levels.push(levels[levels.length - 1] * factor);
  return levels;
}

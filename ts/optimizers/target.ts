// What an optimizer moves: parameters, an engine array, or a user's own arrays, in groups. Here every kind becomes the same: a list
// of groups of pieces, each a run of elements with a place in the flat state.

import type { Runtime } from '../engine/runtime.ts';
import { DownhillError, show } from '../errors.ts';
import { EngineArray } from '../tensor/array.ts';
import { Parameter } from '../tensor/parameter.ts';
import type { Shape } from '../tensor/shape.ts';
import { type GroupSource, type RangeGroup, rangeGroups } from './ranges.ts';
import type { OptimizerDescription } from './rules.ts';

/** Anything with parameters: a model. */
export interface ParameterHolder {
  readonly parameters: readonly Parameter[];
}

/** Parameters with options of their own; what is not given here comes from the description. */
export type ParameterGroup = {
  readonly parameters: Parameter | readonly Parameter[] | ParameterHolder;
} & OptimizerDescription['options'];

/** What an optimizer can move. */
export type OptimizerTarget =
  | Parameter
  | readonly Parameter[]
  | ParameterHolder
  | readonly ParameterGroup[]
  | EngineArray
  | Float32Array
  | readonly Float32Array[];

/** The gradient that `step` takes for a target: parameters have their own, an engine array has `optimizer.gradient`. */
export type GradientOf<T> = T extends Float32Array | EngineArray
  ? Float32Array
  : T extends readonly Float32Array[]
    ? readonly Float32Array[]
    : never;

/** A run of elements whose state lies together. */
export interface Piece {
  /** Unique among the pieces of an optimizer: the parameter's name, or the array's position. */
  readonly name: string;
  readonly shape: Shape;
  /** Where it begins in the flat order of all elements. */
  readonly offset: number;
  readonly size: number;
  readonly parameter: Parameter | undefined;
}

/** A target in the one form that the runner knows. */
export interface Bound {
  readonly groups: readonly GroupSource[];
  /** Number of all elements, frozen ones included. */
  readonly length: number;
  /** Where elements and gradients lie when they are no parameters. */
  readonly theta: EngineArray | undefined;
  readonly gradient: EngineArray | undefined;
  /** The user's arrays, copied in and out. */
  readonly own: readonly Float32Array[] | undefined;
}

/** Brings a target into the one form. Throws `option` when it is none, with what to do. */
export function bind(
  runtime: Runtime,
  name: string,
  target: unknown,
  ranges: readonly RangeGroup[] | undefined,
): Bound {
  if (target instanceof EngineArray) return bindEngineArray(runtime, target, name, ranges);
  if (target instanceof Float32Array) return bindOwn(runtime, [target], name, ranges);
  if (Array.isArray(target) && target.length > 0 && target.every((x) => x instanceof Float32Array)) {
    if (ranges !== undefined && target.length > 1)
      throw bad('groups', 'one array for groups of ranges', `${target.length} arrays`);
    return bindOwn(runtime, target, name, ranges);
  }
  if (ranges !== undefined) {
    const instead = 'parameters take groups as [{ parameters: […], lr: … }, …] in place of the target';
    throw bad('groups', 'an engine array or a Float32Array for groups of ranges', show(target), instead);
  }
  return isGroupList(target)
    ? bindParameters(runtime, target, (g) => `groups[${g}].parameters`)
    : bindParameters(runtime, [{ parameters: target }], () => 'target');
}

/** A group before it is checked. */
interface GivenGroup {
  readonly parameters: unknown;
}

const isGroupList = (target: unknown): target is readonly GivenGroup[] =>
  Array.isArray(target) && target.length > 0 && target.every(isGroup);

/** A group is a plain object with parameters; a model, which has parameters too, is an instance of a class. */
function isGroup(x: unknown): x is GivenGroup {
  if (typeof x !== 'object' || x === null || !('parameters' in x)) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

function bindParameters(runtime: Runtime, given: readonly GivenGroup[], pathOf: (group: number) => string): Bound {
  const seen = new Set<Parameter>();
  const names = new Map<string, number>();
  const listed = given.map(({ parameters, ...options }, g) => {
    const path = pathOf(g);
    const list = parametersOf(parameters, path);
    for (const parameter of list) {
      if (parameter.runtime !== runtime)
        throw bad(path, 'parameters of the same engine', `${parameter.name} of another engine`);
      if (seen.has(parameter)) throw bad(path, 'each parameter once', `${parameter.name} twice`);
      parameter.address; // throws when it was disposed
      seen.add(parameter);
      names.set(parameter.name, (names.get(parameter.name) ?? 0) + 1);
    }
    return { options, list };
  });
  let offset = 0;
  let index = 0;
  const groups = listed.map(({ options, list }) => ({
    options,
    range: undefined,
    pieces: list.map((parameter): Piece => {
      const { shape, size } = parameter;
      const name = names.get(parameter.name) === 1 ? parameter.name : `${parameter.name}#${index}`;
      const piece = { name, shape, offset, size, parameter };
      offset += size;
      index++;
      return piece;
    }),
  }));
  return { groups, length: offset, theta: undefined, gradient: undefined, own: undefined };
}

function parametersOf(x: unknown, path: string): readonly Parameter[] {
  if (x instanceof Parameter) return [x];
  const list: unknown = typeof x === 'object' && x !== null && 'parameters' in x ? x.parameters : x;
  const expected = 'parameters, a model, an engine array or a Float32Array';
  if (!Array.isArray(list)) throw bad(path, expected, show(x), conversion(x));
  if (list.length === 0) throw bad(path, 'at least one parameter', 'none');
  const at = list.findIndex((item) => !(item instanceof Parameter));
  if (at < 0) return list;
  const wrong: unknown = list[at];
  if (typeof wrong === 'number')
    throw bad(path, 'parameters, a model, an engine array or a Float32Array', 'a list of numbers', conversion(list));
  const hint =
    wrong instanceof EngineArray
      ? 'an engine array has an optimizer to itself'
      : (conversion(wrong) ?? 'plain tensors do not move: make them with engine.parameter()');
  throw bad(path, 'parameters only', show(wrong), hint);
}

const conversion = (x: unknown): string | undefined =>
  (ArrayBuffer.isView(x) || Array.isArray(x)) && !(x instanceof Float32Array)
    ? 'numbers move as a Float32Array: Float32Array.from(values)'
    : undefined;

function bindEngineArray(
  runtime: Runtime,
  theta: EngineArray,
  name: string,
  ranges: readonly RangeGroup[] | undefined,
): Bound {
  if (theta.runtime !== runtime) throw bad('target', 'an array of the same engine', 'one of another engine');
  theta.address; // throws when it was disposed
  const groups = rangeGroups(theta.length, ranges);
  const gradient = new EngineArray(runtime, theta.length, `gradient of ${name}`);
  return { groups, length: theta.length, theta, gradient, own: undefined };
}

function bindOwn(
  runtime: Runtime,
  own: readonly Float32Array[],
  name: string,
  ranges: readonly RangeGroup[] | undefined,
): Bound {
  if (own.some((array) => array.buffer === runtime.machine.memory.f32.buffer))
    throw bad('target', 'the engine array itself', 'a view of it (.array), which is lost when the memory grows');
  if (new Set(own).size < own.length) throw bad('target', 'each array once', 'one twice');
  const byPlace = [...own].filter((array) => array.length > 0).sort((a, b) => a.byteOffset - b.byteOffset);
  byPlace.forEach((array, i) => {
    const next = byPlace.slice(i + 1).find(({ buffer }) => buffer === array.buffer);
    if (next !== undefined && next.byteOffset < array.byteOffset + array.byteLength)
      throw bad('target', 'arrays that do not overlap', 'two views of the same numbers');
  });
  let length = 0;
  const pieces = own.map((array, i): Piece => {
    const piece = { name: String(i), shape: [array.length], offset: length, size: array.length, parameter: undefined };
    length += array.length;
    return piece;
  });
  const groups = own.length === 1 ? rangeGroups(length, ranges) : [{ options: {}, range: undefined, pieces }];
  const theta = new EngineArray(runtime, length, `copy of the parameters of ${name}`);
  let gradient: EngineArray;
  try {
    gradient = new EngineArray(runtime, length, `gradient of ${name}`);
  } catch (error) {
    theta.dispose();
    throw error;
  }
  return { groups, length, theta, gradient, own };
}

function bad(path: string, expected: string, received: string, hint?: string): DownhillError {
  const message = `optimizer: ${path} must be ${expected}: got ${received}${hint === undefined ? '' : `; ${hint}`}`;
  return new DownhillError('option', message, { path, expected, received });
}

/** The error for a gradient that does not fit a target whose gradient lies in the engine. */
export function gradientError(name: string, own: EngineArray | undefined, given: unknown): DownhillError {
  const expected =
    own === undefined ? 'no gradient: parameters have their own' : `a Float32Array with ${own.length} elements`;
  const received = given instanceof Float32Array ? `${given.length} elements` : show(given);
  const hint = own === undefined ? undefined : conversion(given);
  const message = `step() of ${name} takes ${expected}: got ${received}${hint === undefined ? '' : `; ${hint}`}`;
  return new DownhillError('data', message, { path: 'gradient', expected, received });
}

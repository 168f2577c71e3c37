// A model as data: the shape of one example and the layers that it passes through. `planModel` checks that they fit.

import { DownhillError, show } from '../errors.ts';
import { definitionFor, resolveOptions } from '../options.ts';
import { format, type Shape } from '../tensor/shape.ts';
import { type Layer, layers } from './index.ts';
import type { LayerDefinition, LayerPlace, ParameterSpec } from './layer.ts';

/** Layers one after the other: plain data that a structured clone and JSON keep. */
export interface Sequential {
  readonly kind: 'sequential';
  /** Shape of one example: `[784]`, or `[channels, height, width]`. */
  readonly input: Shape;
  readonly layers: readonly Layer[];
}

/** A layer with everything that is known about it before any number exists. */
export interface PlannedLayer {
  readonly definition: LayerDefinition<Layer>;
  readonly layer: Required<Layer>;
  readonly place: LayerPlace;
  readonly input: Shape;
  readonly output: Shape;
  readonly parameters: readonly ParameterSpec[];
}

/** A checked model. */
export interface ModelPlan {
  /** With every default filled in, so that a file does not change its meaning with a later default. */
  readonly description: Sequential;
  readonly layers: readonly PlannedLayer[];
  readonly output: Shape;
}

/**
 * A model of layers one after the other, as plain data: it makes no numbers, and JSON and a structured clone keep it.
 * `input` is the shape of one example, without the batch axis. Throws `option` for bad options and `shape` for layers
 * that do not fit.
 *
 * @example
 * ```js
 * import { dense, flatten, relu, sequential } from 'downhill';
 * const model = sequential([1, 28, 28], flatten(), dense(128), relu(), dense(10));
 * console.log(model.layers.map((layer) => layer.kind)); // [ 'flatten', 'dense', 'relu', 'dense' ]
 * try {
 *   sequential([1, 28, 28], dense(10));
 * } catch (error) {
 *   console.log(error.message); // dense(10) at the input needs flat input: got [1, 28, 28]; put flatten() before it
 * }
 * ```
 */
export function sequential(input: Shape, ...list: readonly Layer[]): Sequential {
  return planModel({ kind: 'sequential', input, layers: list }).description;
}

const isLayer = (value: unknown): value is { readonly kind: string } =>
  typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';

const isLayers = (value: unknown): boolean => (Array.isArray(value) ? value.some(isLayer) : isLayer(value));

/** A value as a message shows it, layers by their calls. */
function shown(value: unknown): string {
  if (isLayer(value)) return `${value.kind}(…)`;
  return Array.isArray(value) && isLayers(value) ? `[${value.map(shown).join(', ')}]` : show(value);
}

/** Checks a description and works out every shape. */
export function planModel(description: Sequential): ModelPlan {
  if (typeof description !== 'object' || description === null || description.kind !== 'sequential')
    throw new DownhillError(
      'option',
      `model must be sequential([inputs], …layers), such as sequential([784], dense(10)): got ${shown(description)}`,
      { path: 'model', expected: 'sequential(…)', received: shown(description) },
    );
  const { input, layers: list } = description;
  if (!Array.isArray(input) || input.length === 0 || !input.every((size) => Number.isSafeInteger(size) && size >= 1))
    throw new DownhillError(
      'option',
      `sequential: the shape of one example must be whole numbers ≥ 1, such as [784] or [1, 28, 28]: got ${shown(input)}${isLayers(input) ? '; it comes before the layers: sequential([784], dense(10))' : ''}`,
      { path: 'input', expected: 'whole numbers ≥ 1', received: shown(input) },
    );
  if (!Array.isArray(list) || list.length === 0)
    throw new DownhillError('option', 'sequential needs at least one layer, such as dense(10)', { path: 'layers' });
  const planned: PlannedLayer[] = [];
  let shape: Shape = [...input];
  for (let i = 0; i < list.length; i++) {
    const next = planLayer(list[i], i, shape, planned.at(-1));
    planned.push(next);
    shape = next.output;
  }
  return {
    description: { kind: 'sequential', input: [...input], layers: planned.map(({ layer }) => layer) },
    layers: planned,
    output: shape,
  };
}

function planLayer(given: Layer, index: number, input: Shape, before: PlannedLayer | undefined): PlannedLayer {
  const path = `layers[${index}]`;
  if (Array.isArray(given))
    throw new DownhillError(
      'option',
      `${path} is a list: give the layers one by one, sequential([784], dense(10), relu()), or spread it with ...`,
      { path, expected: 'a layer', received: shown(given) },
    );
  const definition: LayerDefinition<Layer> = definitionFor<LayerDefinition<Layer>>(layers, given, 'layer', path);
  const layer = resolveOptions(given, definition.options, { owner: `${path} ${definition.kind}`, path });
  const place = {
    path: `${path} ${definition.kind}`,
    title: `${definition.kind}(${definition.argument(layer)})`,
    position: before === undefined ? 'at the input' : `after ${before.definition.kind}`,
  };
  const output = definition.output(layer, input, place);
  return { definition, layer, place, input, output, parameters: definition.parameters(layer, input) };
}

/** The model as its call shows it: `sequential([784], dense(128), relu(), dense(10))`. */
export function titleOf({ description, layers: list }: ModelPlan): string {
  return `sequential(${[format(description.input), ...list.map(({ place }) => place.title)].join(', ')})`;
}

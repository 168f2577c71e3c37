// A session as one safetensors file: parameters by PyTorch's names, optimizer state under `optimizer.`, and all the rest as metadata. The
// same state is the same bytes: nothing in the file comes from a clock.

import type { ByteScale } from '../data/dataset.ts';
import type { Engine } from '../engine.ts';
import { DownhillError } from '../errors.ts';
import { readSafetensors, type SafetensorsFile, type StoredTensor, writeSafetensors } from '../files/safetensors.ts';
import { planModel, type Sequential, titleOf } from '../layers/sequential.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { OptimizerState, SlotEntry } from '../optimizers/state.ts';
import { format, type Shape } from '../tensor/shape.ts';
import type { Model } from './model.ts';
import { decodeProgress, encode, type Progress } from './progress.ts';
import type { Task } from './task.ts';

/** Version of the metadata. */
const VERSION = '1';
/** Before the names of optimizer state: no layer's parameter begins so. */
const STATE = 'optimizer.';

const fileError = (message: string, expected?: string, received?: string): DownhillError =>
  new DownhillError('file', message, {
    ...(expected === undefined ? {} : { expected }),
    ...(received === undefined ? {} : { received }),
  });

/** Writes and reads the snapshots of one session. */
export class Snapshots {
  /** How bytes are scaled: as the data that were loaded last. */
  bytes: ByteScale | undefined = undefined;
  readonly #engine: Engine;
  readonly #model: Model;
  readonly #task: Task;
  readonly #optimizer: Optimizer<Model>;

  constructor(engine: Engine, model: Model, task: Task, optimizer: Optimizer<Model>) {
    this.#engine = engine;
    this.#model = model;
    this.#task = task;
    this.#optimizer = optimizer;
  }

  take(progress: Progress): Uint8Array {
    const { name, step, options, groups } = this.#optimizer.state();
    const tensors = [
      ...[...this.#model.save()].map(([parameter, { shape, values }]) => [parameter, stored(shape, values)] as const),
      ...this.#slots().map(
        ({ slot, parameter, shape, values }) => [`${STATE}${slot}.${parameter}`, stored(shape, values)] as const,
      ),
    ];
    return writeSafetensors(tensors, {
      downhill: VERSION,
      model: encode(this.#model.description),
      loss: encode(this.#task.loss),
      metrics: encode(this.#task.metrics),
      optimizer: encode({ name, step, options, groups }),
      seed: String(progress.seed),
      step: String(progress.step),
      epoch: String(progress.epoch),
      random: encode(this.#engine.runtime.random.state),
      progress: encode(progress),
      ...(this.bytes === undefined ? {} : { bytes: encode(this.bytes) }),
    });
  }

  /** Takes a file over and returns its progress. Throws `file`, changing nothing, when it is none of ours or of another session's kind. */
  restore(bytes: Uint8Array): Progress {
    const file = readSafetensors(bytes);
    const { metadata } = file;
    if (metadata.downhill !== VERSION) {
      const found =
        metadata.downhill === undefined ? 'a safetensors file of something else' : `of version ${metadata.downhill}`;
      throw fileError(
        `this is no snapshot that this version of downhill can continue: it is ${found}`,
        `version ${VERSION}`,
        found,
      );
    }
    this.#expectSame(metadata);
    const progress = decodeProgress(text(metadata, 'progress'));
    const random = parse(metadata, 'random', isRandomState);
    const scale = metadata.bytes === undefined ? undefined : parse(metadata, 'bytes', isByteScale);
    const state = parse(metadata, 'optimizer', isState);
    const wanted = this.#task.metrics.length + 1;
    if (progress.fit !== undefined && progress.fit.sums.values.length !== wanted) throw damaged('progress');
    const parameters = this.#model.parameters.map(
      ({ name, shape }) => [name, { shape, values: take(file, name, shape) }] as const,
    );
    const names = new Set(this.#model.parameters.map(({ name }) => name));
    const slots = slotsOf(file, names);
    this.#restoreOptimizer({ ...state, slots });
    this.#model.load(parameters);
    this.#engine.runtime.random.state = random;
    this.bytes = scale;
    return progress;
  }

  /** The optimizer checks a state whole before it takes anything over. */
  #restoreOptimizer(state: OptimizerState): void {
    try {
      this.#optimizer.restore(state);
    } catch (error) {
      if (!(error instanceof DownhillError) || error.code === 'file') throw error;
      throw new DownhillError('file', `this snapshot's optimizer state cannot be taken over: ${error.message}`, {
        cause: error,
      });
    }
  }

  /** All words that training has written, in an order that does not depend on how the session came about. */
  words(): Uint32Array[] {
    const parameters = [...this.#model.save().values()].map(({ values }) => values);
    return [...parameters, ...this.#slots().map(({ values }) => values)].map(
      (values) => new Uint32Array(values.buffer),
    );
  }

  #slots(): SlotEntry[] {
    return this.#optimizer.slots().sort((a, b) => (a.slot < b.slot ? -1 : a.slot > b.slot ? 1 : 0));
  }

  #expectSame(metadata: SafetensorsFile['metadata']): void {
    const compare = (what: string, mine: string, theirs: string): void => {
      if (mine !== theirs)
        throw fileError(`this snapshot is of another ${what}: ${theirs}; this trainer has ${mine}`, mine, theirs);
    };
    compare('model', this.#model.title, modelTitle(metadata));
    compare('loss', this.#task.loss.kind, parse(metadata, 'loss', hasKind).kind);
    compare('optimizer', this.#optimizer.name, parse(metadata, 'optimizer', isState).name);
    const kinds = (list: readonly { readonly kind: string }[]): string =>
      list.map(({ kind }) => kind).join(', ') || 'none';
    compare('list of metrics', kinds(this.#task.metrics), kinds(parse(metadata, 'metrics', haveKinds)));
  }
}

const stored = (shape: Shape, values: Float32Array): StoredTensor => ({
  dtype: 'F32',
  shape,
  data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});

const damaged = (name: string): DownhillError =>
  fileError(`this snapshot is damaged: its metadata have no valid ${name}`);

function text(metadata: SafetensorsFile['metadata'], name: string): string {
  const value = metadata[name];
  if (value === undefined) throw damaged(name);
  return value;
}

/** Metadata as JSON of a known form. */
function parse<T>(metadata: SafetensorsFile['metadata'], name: string, is: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(text(metadata, name));
  } catch {
    throw damaged(name);
  }
  if (!is(value)) throw damaged(name);
  return value;
}

function modelTitle(metadata: SafetensorsFile['metadata']): string {
  const description = parse(metadata, 'model', hasKind);
  try {
    return titleOf(planModel(description as Sequential));
  } catch (error) {
    throw fileError(
      `this snapshot is of a model that this version of downhill does not know: ${error instanceof Error ? error.message : ''}`,
    );
  }
}

/** A tensor's numbers in an array of their own: in the file they may lie at any byte. */
function floats({ data }: StoredTensor): Float32Array {
  return new Float32Array(data.slice().buffer);
}

function take({ tensors }: SafetensorsFile, name: string, shape: Shape): Float32Array {
  const tensor = tensors.get(name);
  const wanted = `F32 ${format(shape)}`;
  const found = tensor === undefined ? 'nothing' : `${tensor.dtype} ${format(tensor.shape)}`;
  if (tensor === undefined || found !== wanted)
    throw fileError(`this snapshot should have ${wanted} as ${name}: it has ${found}`, wanted, found);
  return floats(tensor);
}

/** Everything in the file that is no parameter, as optimizer state. */
function slotsOf({ tensors }: SafetensorsFile, parameters: ReadonlySet<string>): SlotEntry[] {
  return [...tensors].flatMap(([name, tensor]) => {
    if (parameters.has(name)) return [];
    const [slot, ...rest] = name.startsWith(STATE) ? name.slice(STATE.length).split('.') : [];
    const parameter = rest.join('.');
    if (slot === undefined || !parameters.has(parameter) || tensor.dtype !== 'F32')
      throw fileError(
        `this snapshot has a tensor that this model and optimizer have no place for: ${name} (${tensor.dtype})`,
      );
    return [{ slot, parameter, shape: tensor.shape, values: floats(tensor) }];
  });
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasKind = (value: unknown): value is { readonly kind: string } =>
  isObject(value) && 'kind' in value && typeof value.kind === 'string';

const haveKinds = (value: unknown): value is { readonly kind: string }[] =>
  Array.isArray(value) && value.every(hasKind);

const isRandomState = (value: unknown): value is [number, number, number, number] =>
  Array.isArray(value) &&
  value.length === 4 &&
  value.every((word) => Number.isInteger(word) && word >= 0 && word < 4_294_967_296);

const isByteScale = (value: unknown): value is ByteScale =>
  isObject(value) &&
  'scale' in value &&
  Number.isFinite(value.scale) &&
  'offset' in value &&
  Number.isFinite(value.offset);

/** Names and step of an optimizer's state; its options are checked by the optimizer. */
const isState = (value: unknown): value is Omit<OptimizerState, 'slots'> =>
  isObject(value) &&
  'name' in value &&
  typeof value.name === 'string' &&
  'step' in value &&
  Number.isSafeInteger(value.step) &&
  'options' in value &&
  isObject(value.options) &&
  'groups' in value &&
  Array.isArray(value.groups) &&
  value.groups.every(isObject);

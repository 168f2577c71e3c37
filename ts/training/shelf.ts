// The data of a session: data sets by handle, which of them are in use, and how they are divided into training and validation.

import { type DataInput, Dataset } from '../data/dataset.ts';
import { rowsUpTo, split } from '../data/shuffle.ts';
import { streamKey } from '../data/streams.ts';
import type { Engine } from '../engine.ts';
import { DownhillError, show } from '../errors.ts';
import type { DataRows } from './fit.ts';
import type { Model } from './model.ts';
import type { DataHandle } from './options.ts';
import type { Task } from './task.ts';

/** What a fit takes off the shelf. */
export interface Division {
  readonly training: DataRows;
  readonly validation: DataRows | undefined;
  /** Puts it back: data that were given only for this fit are freed. */
  readonly release: () => void;
}

/** Data sets by handle. */
export class Shelf {
  readonly #engine: Engine;
  readonly #model: Model;
  readonly #task: Task;
  readonly #sets: Map<number, Dataset> = new Map();
  readonly #uses: Map<Dataset, number> = new Map();
  #nextId = 1;

  constructor(engine: Engine, model: Model, task: Task) {
    this.#engine = engine;
    this.#model = model;
    this.#task = task;
  }

  add(data: DataInput): { readonly handle: DataHandle; readonly dataset: Dataset } {
    const dataset = this.#read(data);
    const id = this.#nextId++;
    this.#sets.set(id, dataset);
    return { handle: { kind: 'data', id, rows: dataset.rows }, dataset };
  }

  remove(handle: DataHandle): void {
    const dataset = this.find(handle);
    if (this.#uses.has(dataset)) throw new DownhillError('state', 'unload(): a call that is under way uses this data');
    dataset.dispose();
    this.#sets.delete(handle.id);
  }

  /** Throws `option` for what is no handle, and `disposed` for data that are gone. */
  find(handle: DataHandle): Dataset {
    if (!isHandle(handle))
      throw new DownhillError('option', `data must be what load() has returned: got ${show(handle)}`, { path: 'data' });
    const dataset = this.#sets.get(handle.id);
    if (dataset === undefined)
      throw new DownhillError('disposed', 'this data is not loaded (any more) in this trainer: load() it again', {
        path: 'data',
      });
    return dataset;
  }

  /** Keeps a data set from being unloaded until the returned function is called. */
  use(dataset: Dataset): () => void {
    this.#uses.set(dataset, (this.#uses.get(dataset) ?? 0) + 1);
    return () => {
      const uses = (this.#uses.get(dataset) ?? 1) - 1;
      if (uses === 0) this.#uses.delete(dataset);
      else this.#uses.set(dataset, uses);
    };
  }

  /** Training and validation rows as the option `validation` of a fit says. Throws `option` or `data`. */
  divide(handle: DataHandle, validation: number | DataInput | DataHandle | undefined, seed: number): Division {
    const data = this.find(handle);
    this.#task.expectCountable(data.labelled);
    if (validation === undefined) return this.#division({ data, rows: rowsUpTo(data.rows) }, undefined);
    if (typeof validation === 'number') {
      const count = Math.round(data.rows * validation);
      if (!(validation > 0 && validation < 1 && count >= 1 && count < data.rows)) {
        const expected = 'a number > 0 and < 1 that leaves at least one example on either side';
        throw new DownhillError(
          'option',
          `fit: validation must be ${expected}: got ${validation} of ${data.rows} examples`,
          {
            path: 'validation',
            expected,
            received: String(validation),
          },
        );
      }
      const rows = split(data.rows, count, streamKey(seed, 'split'));
      return this.#division({ data, rows: rows.training }, { data, rows: rows.validation });
    }
    if (typeof validation !== 'object' || validation === null) {
      const expected = 'a share of the examples, what load() has returned, or { x, y }';
      throw new DownhillError('option', `fit: validation must be ${expected}: got ${show(validation)}`, {
        path: 'validation',
        expected,
        received: show(validation),
      });
    }
    const loaded = isHandle(validation) ? this.find(validation) : undefined;
    const other = loaded ?? this.#read(validation as DataInput);
    try {
      this.#task.expectCountable(other.labelled);
    } catch (error) {
      if (loaded === undefined) other.dispose();
      throw error;
    }
    const own = loaded === undefined ? other : undefined;
    return this.#division({ data, rows: rowsUpTo(data.rows) }, { data: other, rows: rowsUpTo(other.rows) }, own);
  }

  dispose(): void {
    for (const dataset of this.#sets.values()) dataset.dispose();
    this.#sets.clear();
  }

  #read(data: DataInput): Dataset {
    return new Dataset(this.#engine.runtime, data, this.#model.input, this.#task.rule);
  }

  #division(training: DataRows, validation: DataRows | undefined, own?: Dataset): Division {
    const releases = [training, ...(validation === undefined ? [] : [validation])].map(({ data }) => this.use(data));
    return {
      training,
      validation,
      release: () => {
        for (const release of releases) release();
        own?.dispose();
      },
    };
  }
}

const isHandle = (value: unknown): value is DataHandle =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'data' && 'id' in value;

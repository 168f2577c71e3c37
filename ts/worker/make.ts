// Makes trainers: decides where the session runs, finds the module once, and starts the worker.

import { checkEngineOptions, type EngineInfo, type FindSimd, makeEngine } from '../engine.ts';
import { DownhillError, show } from '../errors.ts';
import type { MachineName } from '../machine/machine.ts';
import { expectSerialisable } from '../optimizers/scheduled.ts';
import type { SessionDescription } from '../training/session.ts';
import { LocalLink } from './local.ts';
import { RemoteLink } from './remote.ts';
import { Trainer } from './trainer.ts';

/** Options of {@link createTrainer}: the description of the session, and where it runs. */
export interface TrainerOptions extends SessionDescription {
  /**
   * Default: a worker of the package's own. `false`: this thread. A function: a worker that you start from
   * `downhill/worker`.
   */
  readonly worker?: boolean | (() => object);
  /** Which machine trains, as in `createEngine`. Default `'auto'`. */
  readonly machine?: 'auto' | MachineName;
  /** Where the WebAssembly module comes from, as in `createEngine`. Default: the file in the package. */
  readonly module?: object | string;
  /** Bytes that the session's memory has from the start and may ever have, as in `createEngine`. */
  readonly memory?: { readonly reserve?: number; readonly limit?: number };
}

/** What differs between `downhill` and `downhill/reference`: how the module is found and how the worker starts. */
export interface Platform {
  readonly findSimd: FindSimd | undefined;
  /** The machine that runs here and the module to post, found once. */
  readonly choose: (
    options: TrainerOptions,
  ) => Promise<{ readonly info: EngineInfo; readonly module: object | undefined }>;
  readonly startWorker: () => object;
}

/** Makes a trainer; see `createTrainer`. */
export async function makeTrainer(options: TrainerOptions, platform: Platform): Promise<Trainer> {
  if (typeof options !== 'object' || options === null)
    throw new DownhillError(
      'option',
      `createTrainer needs { model, loss, optimizer }, each made by its function: got ${show(options)}`,
      { path: '' },
    );
  const { worker = true, machine, module, memory, ...description } = options;
  if (typeof worker !== 'boolean' && typeof worker !== 'function')
    throw new DownhillError(
      'option',
      `createTrainer: worker must be true, false or a function that returns a Worker: got ${show(worker)}`,
      { path: 'worker' },
    );
  const engineOptions = { ...(machine && { machine }), ...(module && { module }), ...(memory && { memory }) };
  checkEngineOptions('createTrainer', engineOptions);
  if (worker === false) {
    return new Trainer(new LocalLink(await makeEngine(engineOptions, platform.findSimd), description));
  }
  expectSerialisable(description.optimizer?.options, 'optimizer'); // before it is posted
  const { info, module: compiled } = await platform.choose(options);
  const start = typeof worker === 'function' ? worker : platform.startWorker;
  return new Trainer(await RemoteLink.open(start, { description, info, machine, module: compiled, memory }));
}

// What page and worker say to each other: the host's methods over Comlink, each answer settled by us because Comlink keeps only an error's name,
// message and stack; and reports, which the worker posts beside them.

import type { EngineInfo } from '../engine.ts';
import type { SerializedError } from '../errors.ts';
import type { MachineName } from '../machine/machine.ts';
import type { OptimizerDescription } from '../optimizers/rules.ts';

import type { Report, Summary } from '../training/report.ts';
import type {
  DataHandle,
  DataInput,
  EvaluateOptions,
  Evaluation,
  FitOptions,
  PredictInput,
  Prediction,
  SessionDescription,
} from '../training/session.ts';

/** What `predict` takes: the examples, or the examples with how their bytes are scaled. */
export type PredictArgument = PredictInput['x'] | PredictInput;

/** An answer as plain data. */
export type Settled<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: SerializedError };

/** How a session starts in the worker. */
export interface OpenOptions {
  readonly description: SessionDescription;
  /** The machine that the page found to run here; `'auto'` when the worker may fall back. */
  readonly machine: 'auto' | MachineName;
  /** The compiled module, when the machine is `simd`: the worker fetches nothing. */
  readonly module: object | undefined;
  readonly memory: { readonly reserve?: number; readonly limit?: number } | undefined;
  /** Name of the Web Lock that the worker holds for as long as it lives. */
  readonly lock: string;
}

/** The worker's side: one session. */
export interface Host {
  open(options: OpenOptions): Promise<Settled<EngineInfo>>;
  load(data: DataInput): Promise<Settled<DataHandle>>;
  unload(data: DataHandle): Promise<Settled<void>>;
  fit(run: number, data: DataHandle, options: FitOptions): Promise<Settled<Summary>>;
  evaluate(data: DataHandle, options: EvaluateOptions): Promise<Settled<Evaluation>>;
  predict(x: PredictArgument): Promise<Settled<Prediction>>;
  pause(): Promise<Settled<void>>;
  resume(): Promise<Settled<void>>;
  step(count: number): Promise<Settled<void>>;
  stop(reason: string): Promise<Settled<void>>;
  set(options: OptimizerDescription['options']): Promise<Settled<void>>;
  snapshot(): Promise<Settled<Uint8Array>>;
  restore(file: Uint8Array): Promise<Settled<void>>;
  hash(): Promise<Settled<string>>;
}

/** A message that the worker posts while a fit runs. */
export type ReportMessage =
  | { readonly downhill: 'report'; readonly run: number; readonly report: Report }
  | { readonly downhill: 'snapshot'; readonly run: number; readonly file: Uint8Array };

export const isReport = (data: unknown): data is ReportMessage =>
  typeof data === 'object' && data !== null && 'downhill' in data;

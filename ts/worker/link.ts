// What a trainer asks of its session, in whichever thread that runs: local.ts answers in this one, remote.ts over a worker.

import type { EngineInfo } from '../engine.ts';
import type { DownhillError } from '../errors.ts';
import type { OptimizerDescription } from '../optimizers/rules.ts';
import type { Report, Summary } from '../training/report.ts';
import type {
  DataHandle,
  DataInput,
  EvaluateOptions,
  Evaluation,
  FitOptions,
  Prediction,
} from '../training/session.ts';
import type { PredictArgument } from './protocol.ts';

/** What a trainer asks of its session, in whichever thread it runs. */
export interface Link {
  readonly info: EngineInfo;
  load(data: DataInput, transfer: boolean): Promise<DataHandle>;
  unload(data: DataHandle): Promise<void>;
  fit(run: RunListener, data: DataHandle, options: FitOptions): Promise<Summary>;
  evaluate(data: DataHandle, options: EvaluateOptions): Promise<Evaluation>;
  predict(x: PredictArgument): Promise<Prediction>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  step(count: number): Promise<void>;
  stop(reason: string): Promise<void>;
  set(options: OptimizerDescription['options']): Promise<void>;
  snapshot(): Promise<Uint8Array>;
  restore(file: Uint8Array): Promise<void>;
  hash(): Promise<string>;
  close(error: DownhillError): void;
}

/** Who hears what a fit says while it runs. */
export interface RunListener {
  onReport(report: Report): void;
  onSnapshot(file: Uint8Array): void;
}

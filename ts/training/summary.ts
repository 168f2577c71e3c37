// How a fit ended, in figures.

import type { FitPosition, Progress } from './progress.ts';
import type { Summary } from './report.ts';
import type { Task } from './task.ts';

/** The summary of a fit that has made `steps` steps and, when it was stopped, why. */
export function summarize(
  progress: Progress,
  position: FitPosition,
  task: Task,
  steps: number,
  stopReason: string | undefined,
  hash: string,
): Summary {
  const history = progress.history.slice(progress.history.length - position.done);
  const last = history.at(-1);
  const validation = [...history].reverse().find((record) => record.validation !== undefined)?.validation;
  const stopped = position.done < position.epochs;
  return {
    steps,
    epochs: position.done,
    loss: last?.loss ?? task.lossIn(position.sums),
    metrics: last?.metrics ?? task.metricsIn(position.sums),
    ...(validation === undefined ? {} : { validation }),
    history,
    stopped,
    reason: stopped ? (stopReason ?? 'stopped') : 'finished',
    hash,
  };
}

// A fit that is under way, as its reader sees it: a promise of the summary and an async iterator of reports. A slow reader gets merged
// reports, and leaving the loop stops the fit.

import type { DownhillError } from '../errors.ts';
import { mergeReports, type Report, type Summary } from '../training/report.ts';

/**
 * What `fit()` returns at once: a promise of how it ends, and reports on the way. Nobody needs to read them; a slow
 * reader gets merged ones.
 *
 * @example
 * ```js
 * import { adam, createTrainer, dense, meanSquaredError, sequential } from 'downhill';
 * const model = sequential([1], dense(1));
 * const trainer = await createTrainer({ model, loss: meanSquaredError(), optimizer: adam() });
 * const data = await trainer.load({ x: [[0], [1]], y: [[1], [3]] });
 * const run = trainer.fit(data, { epochs: 1_000_000 });
 * for await (const report of run) if (report.step >= 10) break; // leaving the loop stops the fit
 * console.log((await run.result).stopped); // true
 * await trainer.dispose();
 * ```
 */
export interface Run extends AsyncIterable<Report> {
  /** Settles when the fit has ended, stopped or failed: resolves also after `stop()` (then `stopped` is true). */
  readonly result: Promise<Summary>;
  /** Ends the fit after the step that runs now. Everything learned stays. */
  stop(): void;
}

/** A run of a trainer. */
export class RunHandle implements Run {
  readonly result: Promise<Summary>;
  readonly #stop: () => void;
  #waiting: Report | undefined;
  #wake: (() => void) | undefined;
  #ended = false;

  /** `start` begins the fit and is given where its reports go; `stop` ends it. */
  constructor(start: (push: (report: Report) => void) => Promise<Summary>, stop: () => void) {
    this.#stop = stop;
    this.result = start((report) => this.#push(report));
    const end = (): void => {
      this.#ended = true;
      this.#wake?.();
    };
    this.result.then(end, end);
  }

  /** Hands a report to the reader, or keeps it, merged with what the reader has not taken yet. */
  #push(report: Report): void {
    this.#waiting = this.#waiting === undefined ? report : mergeReports(this.#waiting, report);
    this.#wake?.();
  }

  stop(): void {
    this.#stop();
  }

  /** Reports until the fit ends; throws what `result` rejects with. One reader at a time. */
  async *[Symbol.asyncIterator](): AsyncIterator<Report, void, void> {
    let finished = false;
    try {
      for (;;) {
        const report = this.#waiting;
        this.#waiting = undefined;
        if (report !== undefined) yield report;
        else if (this.#ended) break;
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
      finished = true;
      await this.result;
    } finally {
      if (!finished) {
        this.#stop();
        await this.result.catch((_: DownhillError) => undefined);
      }
    }
  }
}

// A fit that is under way, as its reader sees it: a promise of the summary and an async iterator of reports. A slow reader gets merged
// reports, and leaving the loop stops the fit.

import { DownhillError } from '../errors.ts';
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
  /**
   * Settles when the fit has ended, stopped or failed: resolves also after `stop()` (then `stopped` is true). A failure that nobody awaits here
   * and no loop hears is an unhandled rejection, so that it does not pass unseen.
   */
  readonly result: Promise<Summary>;
  /** Ends the fit after the step that runs now. Everything learned stays. */
  stop(): void;
}

/** A run of a trainer. */
export class RunHandle implements Run {
  readonly result: Promise<Summary>;
  /** Resolves when the fit has ended, however: for those who wait for the end and not for the outcome. */
  readonly ended: Promise<void>;
  readonly #stop: () => void;
  #waiting: Report | undefined;
  #wake: () => void = () => {};
  #ended = false;
  /** Whether a loop reads now. */
  #read = false;

  /** `start` begins the fit and is given where its reports go; `stop` ends it. */
  constructor(start: (push: (report: Report) => void) => Promise<Summary>, stop: () => void) {
    this.#stop = stop;
    const fit = start((report) => this.#push(report));
    const end = (): void => {
      this.#ended = true;
      this.#wake();
    };
    this.ended = fit.then(end, end);
    this.result = fit.then((summary) => summary); // a promise of its own: whether its rejection is handled is the user's doing
  }

  /** Hands a report to the reader, or keeps it, merged with what the reader has not taken yet. */
  #push(report: Report): void {
    this.#waiting = this.#waiting === undefined ? report : mergeReports(this.#waiting, report);
    this.#wake();
  }

  stop(): void {
    this.#stop();
  }

  /**
   * Reports until the fit ends; throws what `result` rejects with. One reader at a time: for a second one `next()` rejects with `state`,
   * and the first goes on.
   */
  [Symbol.asyncIterator](): AsyncIterator<Report, void, void> {
    return new Reader(
      () => {
        if (this.#read)
          throw new DownhillError('state', 'this run is read already: one loop at a time may take its reports');
        this.#read = true;
        this.result.catch(() => undefined); // the loop hears of a failure
      },
      {
        take: () => {
          const report = this.#waiting;
          this.#waiting = undefined;
          return report;
        },
        ended: () => this.#ended,
        news: () =>
          new Promise<void>((resolve) => {
            this.#wake = resolve;
          }),
        wake: () => this.#wake(),
        result: this.result,
        stop: this.#stop,
        close: () => {
          this.#read = false;
        },
      },
    );
  }
}

/** What a reader sees of its run. */
interface Source {
  take(): Report | undefined;
  ended(): boolean;
  /** Resolves when there is a report, or the run has ended, or `wake` was called. */
  news(): Promise<void>;
  wake(): void;
  readonly result: Promise<Summary>;
  stop(): void;
  close(): void;
}

type Next = IteratorResult<Report, void>;

/** One loop over a run. No generator: a generator's `return()` would wait for a `next()` that a paused fit may never answer. */
class Reader implements AsyncIterator<Report, void, void> {
  readonly #open: () => void;
  readonly #source: Source;
  #state: 'new' | 'open' | 'closed' = 'new';
  /** Calls are answered in their order. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(open: () => void, source: Source) {
    this.#open = open;
    this.#source = source;
  }

  next(): Promise<Next> {
    if (this.#state === 'new') {
      try {
        this.#open();
      } catch (error) {
        return Promise.reject(error);
      }
      this.#state = 'open'; // now, not when the call's turn comes: return() must know that there is something to leave
    }
    const next = this.#last.then(() => this.#next());
    this.#last = next.catch(() => undefined);
    return next;
  }

  async return(): Promise<Next> {
    if (this.#state === 'open') {
      this.#close();
      this.#source.stop();
      this.#source.wake();
      await this.#source.result.catch(() => undefined);
    }
    this.#state = 'closed';
    return { done: true, value: undefined };
  }

  async #next(): Promise<Next> {
    while (this.#state === 'open') {
      const value = this.#source.take();
      if (value !== undefined) return { done: false, value };
      if (this.#source.ended()) {
        this.#close();
        await this.#source.result;
      } else await this.#source.news();
    }
    return { done: true, value: undefined };
  }

  #close(): void {
    this.#state = 'closed';
    this.#source.close();
  }
}

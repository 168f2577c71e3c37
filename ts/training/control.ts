// Who may go on, and when: a fit yields to its host every few milliseconds, and in that moment it can be paused, stepped, stopped, or held
// while something reads the parameters. Nothing here can change a number, only when it is computed.

import { DownhillError, show } from '../errors.ts';

/** Lets messages in: resolves in a later turn of the event loop. */
export type Yield = () => Promise<void>;

/** Milliseconds of work between two yields. */
const SLICE = 10;

/** A turn of the event loop by message: timers are clamped to 4 ms in pages, and to a second in hidden ones. */
export function yieldByMessage(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** The time between two yields. */
export class Slice {
  #start: number = performance.now();

  begin(): void {
    this.#start = performance.now();
  }

  /** Milliseconds that are left. */
  get left(): number {
    return SLICE - (performance.now() - this.#start);
  }
}

/** How a running fit is steered. */
export class Control {
  readonly #yieldToHost: Yield;
  #paused: boolean;
  /** Steps that may still be made while paused. */
  #budget = 0;
  #stepped: (() => void)[] = [];
  #holds = 0;
  #wake: (() => void) | undefined;
  #reason: string | undefined;
  readonly #slice: Slice = new Slice();

  constructor(yieldToHost: Yield, paused: boolean) {
    this.#yieldToHost = yieldToHost;
    this.#paused = paused;
  }

  /** Why the fit is to end, once it is. */
  get stopReason(): string | undefined {
    return this.#reason;
  }

  /** Milliseconds that are left of the slice. */
  get left(): number {
    return this.#slice.left;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#release();
    this.#wake?.();
  }

  stop(reason: string): void {
    this.#reason ??= reason;
    this.#wake?.();
  }

  /** Lets `count` steps pass while paused; resolves when it stands still again, or has ended. Throws `state` when it is not paused. */
  step(count: number): Promise<void> {
    if (!Number.isSafeInteger(count) || count < 1)
      throw new DownhillError('option', `step(count) needs a whole number ≥ 1: got ${show(count)}`, { path: 'count' });
    if (!this.#paused)
      throw new DownhillError(
        'state',
        'step() needs a fit that is paused: call pause() first, or start it with fit(data, { paused: true })',
      );
    this.#budget += count;
    return new Promise((resolve) => {
      this.#stepped.push(resolve);
      this.#wake?.();
    });
  }

  /** Keeps the fit from going on until the returned function is called. */
  hold(): () => void {
    this.#holds++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds--;
      this.#wake?.();
    };
  }

  /** How many of `steps` steps may be made now. */
  allowed(steps: number): number {
    if (this.#holds > 0) return 0;
    return this.#paused ? Math.min(steps, this.#budget) : steps;
  }

  /** `steps` steps were made. */
  made(steps: number): void {
    if (!this.#paused) return;
    this.#budget -= steps;
  }

  /**
   * Yields when the slice is used up or the fit may not go on, and waits for as long as that is so; returns the milliseconds of waiting.
   * `throughPause`: a pause does not keep it.
   */
  async breathe({ throughPause = false }: { readonly throughPause?: boolean } = {}): Promise<number> {
    const waits = (): boolean => this.#reason === undefined && (this.#holds > 0 || (this.paused && !throughPause));
    if (this.left > 0 && !waits()) return 0;
    await this.#yieldToHost();
    const start = performance.now();
    while (waits()) {
      if (this.paused && !throughPause) this.#release();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#wake = undefined;
    this.#slice.begin();
    return performance.now() - start;
  }

  /** The fit has ended: nobody waits for steps any more. */
  end(): void {
    this.#release();
  }

  /** Whether the fit stands still until it is resumed or stepped. */
  get paused(): boolean {
    return this.#paused && this.#budget === 0;
  }

  #release(): void {
    this.#budget = 0;
    for (const resolve of this.#stepped) resolve();
    this.#stepped = [];
  }
}

/** How many steps fit in the rest of a slice, learned from the slices before. */
export class Pace {
  #msPerStep: number | undefined;
  #last = 1;

  /** Steps for `left` milliseconds: at least one, at most `most`, and at most twice as many as the last time. */
  steps(left: number, most: number): number {
    const guess = this.#msPerStep === undefined ? 1 : Math.min(this.#last * 2, Math.floor(left / this.#msPerStep));
    return Math.max(1, Math.min(guess, most));
  }

  learn(steps: number, ms: number): void {
    const measured = ms / steps;
    this.#msPerStep = this.#msPerStep === undefined ? measured : (this.#msPerStep + measured) / 2;
    this.#last = steps;
  }
}

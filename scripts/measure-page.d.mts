// Types of the demo's measurement.

/** What the page showed and felt. */
export interface PageResult {
  readonly upright: number;
  readonly turned: number;
  readonly hash: string;
  readonly machine: string;
  readonly seconds: number;
  /** Tasks over 50 ms, in milliseconds. */
  readonly longTasks: readonly number[];
  /** Longest time between two frames, in milliseconds. */
  readonly longestFrame: number;
  readonly complaints: readonly string[];
}
export function measurePage(options?: { readonly screenshot?: string }): Promise<PageResult>;
export function pageLine(result: PageResult): string;

// Types of the tables of README.md.

/** A download and its sizes in bytes. */
export interface Part {
  readonly name: string;
  readonly raw: number;
  readonly gzip: number;
  readonly brotli: number;
}
export function optimizerTable(rules: Readonly<Record<string, object>>): string;
export function sizeTable(parts: readonly Part[]): string;
export function speedTables(rows: readonly object[]): string;

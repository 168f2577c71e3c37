// The rows of a benchmark as text for a terminal.

import type { Row } from './harness.ts';

const digits = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);

/** The lines above the tables. */
export function headline(processor: string, host: string): string {
  return (
    `downhill bench on ${processor}, ${host}\n` +
    'median [p25 – p75] over alternating rounds; × js: times as fast as plain JavaScript in the same rounds\n'
  );
}

/** One match as a small table with a bar of ratios on a logarithmic scale. */
export function table(rows: readonly Row[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const title = `${first.workload} ${typeof first.size === 'number' ? first.size.toLocaleString('en') : first.size}  (${first.unit})`;
  const lines = rows.map((row) => {
    const value = `${digits(row.median)} [${digits(row.p25)} – ${digits(row.p75)}]`;
    const ratio = row.ratio === null ? '' : `${row.ratio.toFixed(2)} × js`;
    const share = row.share === undefined ? '' : `  ${(row.share * 100).toFixed(0)} % of peak`;
    return `  ${row.contender.padEnd(16)} ${value.padEnd(32)} ${ratio.padStart(12)}${share}`;
  });
  return [title, ...lines].join('\n');
}

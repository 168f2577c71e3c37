// The tables of README.md are made by `npm run readme`: the one of optimizers is not older than the list, and each number of a benchmark
// comes into the one cell where it belongs.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBlock, writeBlock } from '../../scripts/readme/blocks.mjs';
import { optimizerTable, sizeTable, speedTables } from '../../scripts/readme/tables.mjs';
import { rules } from '../../ts/optimizers/rules.ts';
import { root } from './support/examples.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** A table without the spaces and dashes by which the formatter lines its columns up. */
const cells = (table: string | undefined): string[][] | undefined =>
  table?.split('\n').map((line) => line.split('|').map((cell) => cell.trim().replace(/-{2,}/, '---')));

test('the table of optimizers is what the list says; `npm run readme` makes it anew', () => {
  expect(cells(readBlock(readme, 'optimizers'))).toEqual(cells(optimizerTable(rules)));
});

test('the blocks of sizes and speed are there', () => {
  expect(['sizes', 'speed'].filter((name) => !readBlock(readme, name))).toEqual([]);
});

test('links lead to files that are there', () => {
  for (const file of ['README.md', 'ts/README.md']) {
    const text = readFileSync(join(root, file), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link);
    expect(links.filter((link) => !existsSync(join(root, file, '..', link)))).toEqual([]);
  }
});

test('a block is replaced, and nothing else', () => {
  const text = 'a\n<!-- made by npm run readme: x -->\nold\n<!-- end of x -->\nb $1\n';
  const written = writeBlock(text, 'x', 'new $1 $&');
  expect(written).toBe('a\n<!-- made by npm run readme: x -->\n\nnew $1 $&\n\n<!-- end of x -->\nb $1\n');
  expect(readBlock(written, 'x')).toBe('new $1 $&');
  expect(writeBlock(written, 'x', 'new $1 $&')).toBe(written);
  expect(() => writeBlock(text, 'y', '')).toThrow('no block "y"');
});

test('sizes are in kilobytes of 1000 bytes', () => {
  expect(
    sizeTable([{ name: 'it', raw: 57_513, gzip: 16_640, brotli: 50 }])
      .split('\n')
      .at(-1),
  ).toBe('| it | 57.5 kB | 16.6 kB | 0.1 kB |');
});

test('the rows of a benchmark become tables', () => {
  const row = (workload: string, size: number | string, contender: string, median: number, ratio: number | null) => ({
    ...{ workload, size, contender, median, ratio },
    share: 0.834,
  });
  const tables = speedTables([
    row('adam', 1_000_000, 'simd', 0.612, 9.04),
    row('adam', 1_000_000, 'simd-own-arrays', 1.28, 4.33),
    row('adam', 1_000_000, 'js', 5.53, 1),
    row('adam', 1_000_000, 'js-blocked', 3.71, 1.49),
    row('nadam', 1000, 'simd', 1, 1),
    row('matmul-nt', 1024, 'simd', 45.67, 43.21),
    row('matmul-nt', 1024, 'peak', 57, null),
    row('matmul-nt', 1024, 'js-blocked', 4, 3.56),
    row('step-2-8-8-1', 'batch 16', 'simd', 375_519, 6.92),
    row('step-2-8-8-1', 'batch 16', 'simd-eager', 51_559, 1.24),
  ]);
  const bodies = tables.split('\n\n').map((table) => table.split('\n').slice(2));
  expect(bodies).toEqual([
    ['| adam | 1,000,000 | 0.61 | 9.0 × | 1.3 | 4.3 × | 1.5 × |'],
    ['| matmul-nt | 1,024 | 45.7 | 83 % | 43.2 × | 3.6 × |'],
    ['| 2-8-8-1, batch 16 | 376,000 | 6.9 × | 51,600 | 1.2 × |  |'],
  ]);
});

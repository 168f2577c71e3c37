// Prints what the package weighs: raw, gzip and brotli size of each file in dist.

import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { at, say } from './common.mjs';

/** Prints a table with one line for each script and wasm file in dist. */
export function printSizes() {
  const names = readdirSync(at('dist')).filter((name) => /\.(js|wasm)$/.test(name));
  const rows = names.map((name) => {
    const bytes = readFileSync(at('dist', name));
    return [`dist/${name}`, bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
  });
  say(line('bytes in', 'raw', 'gzip', 'brotli'));
  for (const row of rows) say(line(...row));
}

const line = (name, ...sizes) => name.padEnd(26) + sizes.map((size) => size.toLocaleString('en').padStart(10)).join('');

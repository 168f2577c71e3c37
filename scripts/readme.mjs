// `npm run readme`: writes the tables of README.md anew, those of optimizers and sizes from the build, and with `-- --bench FILE.json` that of
// speeds from the rows of `npm run bench -- --json`, which should come from this machine: its processor is named beside them.

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { at, Failure, main, run, say } from './build/common.mjs';
import { build } from './build.mjs';
import { writeBlock } from './readme/blocks.mjs';
import { optimizerTable, sizeTable, speedTables } from './readme/tables.mjs';

await main(async () => {
  const { bench } = options();
  await build({ quiet: true });
  const blocks = { optimizers: optimizerTable(await findRules()), sizes: sizeTable(sizes()) };
  if (bench !== undefined) blocks.speed = speed(bench);
  const file = at('README.md');
  const before = readFileSync(file, 'utf8');
  const after = Object.entries(blocks).reduce((text, [name, content]) => writeBlock(text, name, content), before);
  writeFileSync(file, after);
  say(`README.md: ${Object.keys(blocks).join(', ')}.`);
  return run('biome', ['format', '--write', file]);
});

function options() {
  try {
    return parseArgs({ options: { bench: { type: 'string' } } }).values;
  } catch (error) {
    throw new Failure(`${error.message}: readme.mjs takes --bench FILE.json.`);
  }
}

/** The rules of the built package by name. */
async function findRules() {
  const downhill = await import('downhill');
  const rules = Object.values(downhill).flatMap((value) =>
    typeof value === 'function' && 'rule' in value ? [value.rule] : [],
  );
  return Object.fromEntries(rules.map((rule) => [rule.name, rule]));
}

/** What a page loads: the library with every script that it imports, the worker, and the Rust machine. */
function sizes() {
  return [
    weigh('the library (`index.js` with what it imports, not minified)', [...scripts('index.js'), 'platform.web.js']),
    weigh('the worker (`worker.js`, not minified)', ['worker.js']),
    weigh('the Rust machine (`simd.wasm`)', ['simd.wasm']),
  ];
}

/** A script of dist/ and all that it imports from there. */
function scripts(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const code = readFileSync(at('dist', name), 'utf8');
  for (const [, imported] of code.matchAll(/from ["']\.\/([^"']+)["']/g)) scripts(imported, found);
  return found;
}

function weigh(name, files) {
  const contents = files.map((file) => readFileSync(at('dist', file)));
  const sum = (size) => contents.reduce((total, content) => total + size(content), 0);
  return {
    name,
    raw: sum((content) => content.length),
    gzip: sum((content) => gzipSync(content, { level: 9 }).length),
    brotli: sum((content) => brotliCompressSync(content).length),
  };
}

/** The block of speeds, which says on what it was measured. */
function speed(file) {
  let rows;
  try {
    const text = readFileSync(file, 'utf8');
    rows = JSON.parse(text.slice(text.indexOf('['))); // npm says what it runs before
  } catch (error) {
    throw new Failure(`${file} is not what \`npm run bench -- --json\` prints: ${error.message}`);
  }
  const processors = cpus();
  const where = `${processors[0]?.model.trim() ?? 'an unknown processor'}, one thread, Node ${process.versions.node}`;
  return `Measured by \`npm run bench -- --json\` on ${where}; × is against plain JavaScript in the same rounds.\n\n${speedTables(rows)}`;
}

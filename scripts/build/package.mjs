// The TypeScript stage: rolldown bundles the entries that users, workers and the command line load, tsc emits the declarations,
// and what the package promises about its files (no top-level await, self-contained workers) is checked on the result.

import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { at, Failure, run, say, shown } from './common.mjs';

const isBuiltin = (id) => id.startsWith('node:');

/**
 * What is bundled. The entries that package.json exports share their common code, so that a class is one class whichever
 * entry it came from; a worker and a platform file stand alone. `#platform` is resolved by the user's Node or bundler.
 */
function groups() {
  return [
    { entries: publicEntries(), external: (id) => id === '#platform' || isBuiltin(id) },
    { entries: { 'platform.web': 'ts/machine/wasm/platform.web.ts' }, external: () => false },
    { entries: { 'platform.node': 'ts/machine/wasm/platform.node.ts' }, external: isBuiltin },
    { entries: { worker: 'ts/worker/worker.web.ts' }, external: () => false, alone: true },
    { entries: { 'worker.node': 'ts/worker/worker.node.ts' }, external: isBuiltin, alone: true },
  ];
}

/** The command line and the modules of package.json's `exports`; an export's declarations tell which source it has. */
function publicEntries() {
  const { exports } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const modules = Object.entries(exports).filter(
    ([name, { default: file }]) => name !== './worker' && file?.endsWith('.js'),
  );
  const entries = modules.map(([, { default: file, types }]) => [
    basename(file, '.js'),
    types.replace('./dist/types/', 'ts/').replace('.d.ts', '.ts'),
  ]);
  return { ...Object.fromEntries(entries), cli: 'ts/bench/cli.ts' };
}

/**
 * Bundles and emits everything.
 * @returns the files made, relative to the root
 */
export async function buildPackage() {
  const made = [];
  for (const group of groups()) made.push(...(await bundle(group)));
  for (const name of readdirSync(at('dist'))) {
    if (/\.js(\.map)?$/.test(name) && !made.includes(`dist/${name}`)) rmSync(at('dist', name));
  }
  if (!existsSync(at('ts/index.ts'))) return made;
  return [...made, ...emitTypes()];
}

async function bundle({ entries, external, alone = false }) {
  const present = Object.entries(entries).filter(([name, source]) => {
    if (!existsSync(at(source))) say(`dist/${name}.js is left out: ${source} does not exist yet.`);
    return existsSync(at(source));
  });
  if (present.length === 0) return [];

  say(`Bundling ${present.map(([name]) => `dist/${name}.js`).join(', ')} …`);
  const input = Object.fromEntries(present.map(([name, source]) => [name, at(source)]));
  const build = await rolldown({
    input,
    external,
    cwd: at(),
    tsconfig: false,
    platform: 'neutral',
    resolve: { mainFields: ['module', 'main'] },
  });
  try {
    const { output } = await build.write({
      dir: at('dist'),
      format: 'esm',
      sourcemap: true,
      // The sources are in the package, and the declarations have the doc comments.
      sourcemapExcludeSources: true,
      comments: { legal: true, annotation: true, jsdoc: false },
      entryFileNames: '[name].js',
      chunkFileNames: 'shared-[hash].js',
      banner: (chunk) => (chunk.name === 'cli' && chunk.isEntry ? '#!/usr/bin/env node' : ''),
    });
    for (const chunk of output) if (chunk.type === 'chunk') checkChunk(chunk, alone);
    return output.map((file) => `dist/${file.fileName}`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`Bundling failed: ${error.message}`);
  } finally {
    await build.close();
  }
}

/** Throws a Failure when a chunk breaks what users' bundlers need of it. */
function checkChunk(chunk, alone) {
  const file = `dist/${chunk.fileName}`;
  if (hasTopLevelAwait(parseAst(chunk.code))) {
    throw new Failure(
      `${file} has a top-level await: it could neither be required nor be bundled as a classic worker.`,
    );
  }
  const dependencies = [...chunk.imports, ...chunk.dynamicImports].filter((id) => !isBuiltin(id));
  if (alone && dependencies.length > 0)
    throw new Failure(`${file} must be self-contained but imports ${dependencies.join(', ')}.`);
  if (alone && chunk.dynamicImports.length > 0) throw new Failure(`${file} must not import dynamically.`);
}

/** Whether a syntax tree awaits outside every function. */
function hasTopLevelAwait(node) {
  if (Array.isArray(node)) return node.some(hasTopLevelAwait);
  if (node === null || typeof node !== 'object') return false;
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) return true;
  if (/^(Function|ArrowFunction)/.test(node.type ?? '')) return false;
  return Object.values(node).some(hasTopLevelAwait);
}

/** Emits dist/types: beside it first, so that a failed run leaves the old declarations in place. */
function emitTypes() {
  say('Emitting dist/types …');
  const next = at('dist/.types');
  rmSync(next, { recursive: true, force: true });
  if (run('tsc', ['-p', 'tsconfig.build.json', '--outDir', next]) !== 0) {
    throw new Failure('The declarations could not be emitted: see above.');
  }
  if (existsSync(at('ts/machine/kernels.d.ts')))
    copyFileSync(at('ts/machine/kernels.d.ts'), join(next, 'machine/kernels.d.ts'));
  const files = readdirSync(next, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files) if (file.endsWith('.d.ts')) writeFileSync(file, resolvable(readFileSync(file, 'utf8')));
  rmSync(at('dist/types'), { recursive: true, force: true });
  renameSync(next, at('dist/types'));
  return files.map((file) => shown(file).replace('dist/.types', 'dist/types'));
}

/** Declarations name the compiled files: `./x.ts` becomes `./x.js`, of the same length, so that the maps stay right. */
const resolvable = (text) => text.replace(/(from |import\()(['"])(\.{1,2}\/[^'"]+?)(?:\.d)?\.ts\2/g, '$1$2$3.js$2');

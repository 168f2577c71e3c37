// `npm run build`: the Rust machine and the TypeScript package into dist/. Each of the two stages runs only when something that
// it reads has changed; `--wasm-only` leaves the TypeScript stage out, `--quiet` prints nothing when nothing is to be done.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { at, Failure, main, say } from './build/common.mjs';
import { buildPackage } from './build/package.mjs';
import { printSizes } from './build/sizes.mjs';
import { allExist, readRecord, stamp, writeRecord } from './build/stamps.mjs';
import { versions } from './build/tools.mjs';
import { buildWasm, overBudget, wasmOutputs } from './build/wasm.mjs';

const WASM_INPUTS = ['crate', 'Cargo.toml', 'Cargo.lock', 'scripts/build/wasm.mjs', 'package.json'];
const PACKAGE_INPUTS = [
  'ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build/package.mjs',
];

/**
 * Brings dist/ up to date.
 * @returns whether anything had to be built
 */
export async function build({ wasmOnly = false, quiet = false } = {}) {
  const unlock = await lock();
  try {
    const record = readRecord();
    const wasm = buildStaleWasm(record);
    const packaged = !wasmOnly && (await buildStalePackage(record));
    if (wasm || packaged) printSizes();
    else if (!quiet) say('dist/ is up to date.');
    return wasm || packaged;
  } finally {
    unlock();
  }
}

function buildStaleWasm(record) {
  const sources = stamp(WASM_INPUTS);
  if (record.stamps?.wasm === sources && sameTools(record.tools) && allExist(wasmOutputs)) return false;
  buildWasm();
  record.tools = versions();
  record.stamps = { ...record.stamps, wasm: sources };
  writeRecord(record);
  return true;
}

/** Without Rust an unchanged build is still good: only its sources can make it stale. */
function sameTools(known) {
  const now = versions();
  return Object.entries(now).every(([name, version]) => version === undefined || version === known?.[name]);
}

async function buildStalePackage(record) {
  const sources = stamp(PACKAGE_INPUTS);
  if (record.stamps?.package === sources && allExist(record.outputs ?? [])) return false;
  record.outputs = await buildPackage();
  record.stamps = { ...record.stamps, package: sources };
  writeRecord(record);
  return true;
}

/** Two builds at once would write over each other: the second waits until the process that holds the lock is gone. */
async function lock() {
  const file = at('dist/.building');
  mkdirSync(at('dist'), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isAlive(file)) rmSync(file, { force: true });
    else {
      if (!waited) say('Another build is running: waiting for it …');
      await delay(500);
    }
  }
}

function isAlive(file) {
  try {
    const pid = Number(existsSync(file) ? readFileSync(file, 'utf8') : Number.NaN);
    // The holder writes its number right after making the file.
    return pid === 0 || (Number.isInteger(pid) && process.kill(pid, 0));
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const flags = process.argv.slice(2);
  const unknown = flags.find((flag) => !['--wasm-only', '--quiet'].includes(flag));
  await main(async () => {
    if (unknown) throw new Failure(`Unknown option ${unknown}: build.mjs takes --wasm-only and --quiet.`);
    await build({ wasmOnly: flags.includes('--wasm-only'), quiet: flags.includes('--quiet') });
    const problem = overBudget();
    if (problem) throw new Failure(problem);
  });
}

// Builds the machines that are compared, from a snapshot of the sources in a folder of its own: mutants never touch the
// tree, and whoever edits it meanwhile does not disturb the run.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { at, environment, Failure } from '../build/common.mjs';

const FEATURES = '+simd128,+bulk-memory,+sign-ext,+nontrapping-fptoint,+mutable-globals';
const ENTRY = `
export { createReference } from './ts/machine/reference/reference.ts';
export { createSimd } from './ts/machine/wasm/instance.ts';
export { definitions } from './ts/machine/reference/kernels.ts';
export { firstFailure } from './tests/parity/support/trials.ts';
`;

/** Copies what the machines are made of. @returns {{ root: string, dispose: () => void }} */
export function takeSnapshot() {
  const root = mkdtempSync(join(tmpdir(), 'downhill-mutate-'));
  for (const part of ['ts', 'tests/parity/support', 'crate', 'Cargo.toml', 'Cargo.lock']) {
    cpSync(at(part), join(root, part), { recursive: true, filter: (path) => !path.endsWith('/pkg') });
  }
  exportPlainly(join(root, 'crate/src/lib.rs'));
  mkdirSync(join(root, 'out'));
  writeFileSync(join(root, 'entry.ts'), ENTRY);
  const dispose = () => rmSync(root, { recursive: true, force: true });
  process.once('exit', dispose);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  return { root, dispose };
}

/** Without wasm-bindgen's second step, which a mutant does without, its exports would not have their names. */
function exportPlainly(file) {
  const source = readFileSync(file, 'utf8');
  const plain = source
    .replace(/^( *)#\[wasm_bindgen\]$/gm, '$1#[unsafe(no_mangle)]')
    .replace(/pub fn (heap_base|\$name)\(/g, 'pub extern "C" fn $1(');
  if (plain.match(/extern "C" fn/g)?.length !== 2)
    throw new Failure('lib.rs has another form than scripts/mutate expects');
  writeFileSync(file, plain);
}

let bundles = 0;

/**
 * Bundles the reference machine and the parity test's core, with one file changed.
 * @returns {Promise<string>} the bundle's path
 */
export async function bundleReference(root, file, source) {
  const changed = file === undefined ? undefined : join(root, file);
  const bundle = await rolldown({
    input: join(root, 'entry.ts'),
    cwd: root,
    treeshake: false,
    plugins: [
      {
        name: 'mutant',
        resolveId: (id) => (id === 'fast-check' ? { id: fastCheck(), external: true } : undefined),
        load: (id) => (id === changed ? source : undefined),
      },
    ],
  });
  const path = join(root, 'out', `reference-${++bundles}.mjs`);
  await bundle.write({ file: path, format: 'esm', codeSplitting: false });
  await bundle.close();
  return path;
}

/** The snapshot has no node_modules: the bundle imports the test library by its whole address. */
const fastCheck = () => import.meta.resolve('fast-check');

let modules = 0;

/**
 * Compiles the crate with some files changed; the snapshot has the original files again afterwards.
 * @param {Map<string, string>} changed source by file
 * @returns {Promise<{ path?: string, errors: string }>} the module unless it does not compile, and what the compiler said
 */
export async function compileCrate(root, changed) {
  const originals = new Map([...changed.keys()].map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  for (const [file, source] of changed) writeFileSync(join(root, file), source);
  const env = {
    CARGO_TARGET_DIR: join(root, 'target'),
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: `-C target-feature=${FEATURES}`,
    // Less optimisation changes no bit and halves the time of a build.
    CARGO_PROFILE_RELEASE_LTO: 'false',
    CARGO_PROFILE_RELEASE_OPT_LEVEL: '1',
  };
  const options = ['build', '--quiet', '--release', '--target', 'wasm32-unknown-unknown', '--message-format', 'short'];
  const { code, errors } = await output('cargo', options, root, env);
  for (const [file, source] of originals) writeFileSync(join(root, file), source);
  if (code !== 0 && !errors.includes('error')) throw new Failure(`cargo was ended: ${errors}`);
  if (code !== 0) return { errors };
  const path = join(root, 'out', `crate-${++modules}.wasm`);
  cpSync(join(root, 'target/wasm32-unknown-unknown/release/downhill.wasm'), path);
  return { path, errors };
}

function output(command, options, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, options, { cwd, env: environment(env), stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (data) => (errors += data));
    child.on('error', () => reject(new Failure('cargo is missing: install Rust from https://rustup.rs')));
    child.on('close', (code) => resolve({ code, errors }));
  });
}

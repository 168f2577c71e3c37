// Finds the tools of the Rust build, and installs those that a package manager can bring. What cannot be had ends in one
// sentence that says what to install.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ask, at, Failure, run, say } from './common.mjs';

const TARGET = 'wasm32-unknown-unknown';
const OLDEST_RUST = [1, 85];

/** The versions that decide what the wasm is, for the stamp and for dist/build.json; undefined where a tool is missing. */
export function versions() {
  return { rustc: ask('rustc', ['--version']), 'wasm-bindgen': lockedBindgen(), binaryen: binaryen() };
}

/** Makes sure that everything that `wasm-pack build` needs is there. Throws a Failure that says what to install. */
export function ensureTools() {
  ensureRust();
  ensureTarget();
  ensureWasmPack();
  if (!binaryen()) throw new Failure('The development packages are missing: run `npm ci`, then try again.');
  announceBindgen();
}

function ensureRust() {
  const version = ask('cargo', ['--version']) && ask('rustc', ['--version']);
  if (!version) throw new Failure('Rust is missing: install it from https://rustup.rs, then try again.');
  const [major, minor] = /(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [0, 0];
  if (major < OLDEST_RUST[0] || (major === OLDEST_RUST[0] && minor < OLDEST_RUST[1])) {
    throw new Failure(
      `Rust ${OLDEST_RUST.join('.')} or later is needed (this is ${version}): run \`rustup update stable\`.`,
    );
  }
}

const hasTarget = () => {
  const folder = ask('rustc', ['--print', 'target-libdir', '--target', TARGET]);
  return folder !== undefined && existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('libcore'));
};

function ensureTarget() {
  if (hasTarget()) return;
  say(`Installing the Rust target ${TARGET} (rustup target add, once) …`);
  if (run('rustup', ['target', 'add', TARGET]) !== 0 || !hasTarget()) {
    throw new Failure(
      `The Rust target is missing: run \`rustup target add ${TARGET}\`, or install your distribution's package of it.`,
    );
  }
}

function ensureWasmPack() {
  if (ask('wasm-pack', ['--version'])) return;
  say('Installing wasm-pack (cargo install wasm-pack --locked): some minutes, once …');
  if (run('cargo', ['install', 'wasm-pack', '--locked']) !== 0 || !ask('wasm-pack', ['--version'])) {
    throw new Failure(
      'wasm-pack is missing and could not be installed: run `cargo install wasm-pack --locked` where crates.io can be reached.',
    );
  }
}

/** The version of wasm-bindgen that Cargo.lock pins: the command line must be the same one. */
function lockedBindgen() {
  if (!existsSync(at('Cargo.lock'))) return undefined;
  return readFileSync(at('Cargo.lock'), 'utf8').match(/name = "wasm-bindgen"\nversion = "([^"]+)"/)?.[1];
}

function binaryen() {
  const file = at('node_modules', 'binaryen', 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}

/** wasm-pack compiles wasm-bindgen's command line silently on first use; without a word it looks as if it hung. */
function announceBindgen() {
  const wanted = missingBindgen();
  if (wanted) say(`wasm-pack now fetches or compiles the wasm-bindgen command line ${wanted}: about 4 minutes, once …`);
}

/** The version of wasm-bindgen's command line that neither the PATH nor wasm-pack's cache has; undefined when it is there. */
export function missingBindgen() {
  const wanted = lockedBindgen();
  if (!wanted || ask('wasm-bindgen', ['--version'])?.endsWith(wanted)) return undefined;
  const cache = process.env.WASM_PACK_CACHE ?? join(userCache(), '.wasm-pack');
  const cached = existsSync(cache) ? readdirSync(cache) : [];
  return cached.some((name) => name.startsWith('wasm-bindgen') && name.endsWith(wanted)) ? undefined : wanted;
}

function userCache() {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
}

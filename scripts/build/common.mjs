// What every script shares: where the repository is, how to run a command with the right PATH, and how to give up in one
// sentence. Nothing here has side effects on import.

import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** An absolute path inside the repository. */
export const at = (...parts) => join(root, ...parts);

/** The path as a reader of the screen wants it: relative to the repository. */
export const shown = (path) => relative(root, path);

/** An error whose message is the whole story: it is printed alone, without a stack trace. */
export class Failure extends Error {}

/** Prints one line that belongs to the script, as opposed to the output of a tool that it runs. */
export const say = (text) => console.log(text);

/**
 * The environment for tools: the package's own binaries (wasm-opt, tsc, biome) as npm would set them, and cargo's, which
 * a fresh rustup has not yet put on the PATH of this shell.
 */
export function environment(extra = {}) {
  const cargo = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'bin');
  const PATH = [at('node_modules', '.bin'), process.env.PATH ?? '', cargo].join(delimiter);
  return { ...process.env, PATH, ...extra };
}

/** Runs a tool with its output on the screen; returns its exit code, or -1 when there is no such tool. */
export function run(command, args, options = {}) {
  const { env, ...rest } = options;
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: environment(env), ...rest });
  return result.error ? -1 : (result.status ?? -1);
}

/** Runs a tool silently; returns its output, or undefined when it is missing or fails. */
export function ask(command, args) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', env: environment() });
  return result.error || result.status !== 0 ? undefined : result.stdout.trim();
}

/** Runs a script's main function: a Failure becomes its one sentence and exit code 1. */
export async function main(body) {
  try {
    const code = await body();
    if (code) process.exitCode = code;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

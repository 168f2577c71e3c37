// Packs the package once and installs the tarball in throw-away projects, each a copy of a folder of fixtures: what is tested is
// what users get, not the working tree.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root: string = fileURLToPath(new URL('../../../', import.meta.url));

/** A folder that is removed at the end. */
export interface Temporary extends Disposable {
  readonly path: string;
}

/** Makes an empty temporary folder. */
export function temporaryFolder(): Temporary {
  // Vite and Node compare real paths: /tmp is a link on some systems.
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'downhill-package-')));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** `npm pack` of the build that lies in dist/; returns the tarball's path. */
export function pack(folder: string): string {
  npm(root, 'pack', '--ignore-scripts', '--pack-destination', folder);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no tarball');
  return join(folder, tarball);
}

/** Copies a folder of fixtures and installs the tarball there, without a network: the package has no dependencies. */
export function install(fixtures: string, tarball: string): Temporary {
  const project = temporaryFolder();
  for (const name of ['shared', fixtures]) {
    cpSync(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url)), project.path, { recursive: true });
  }
  npm(project.path, 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', tarball);
  return project;
}

/** Runs `node …args` in a folder and returns what it printed; throws with all that it printed when it fails. */
export function node(folder: string, ...args: readonly string[]): string {
  const result = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 100_000 });
  if (result.status !== 0) throw new Error(`node ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

function npm(folder: string, ...args: readonly string[]): void {
  // npm is a script on one system and a batch file on another; its own entry runs anywhere when npm started us.
  const entry = process.env.npm_execpath;
  const [command, first] = entry?.endsWith('.js') ? [process.execPath, [entry]] : ['npm', []];
  execFileSync(command, [...first, ...args], {
    cwd: folder,
    stdio: 'pipe',
    env: { ...process.env, npm_config_loglevel: 'error' },
  });
}

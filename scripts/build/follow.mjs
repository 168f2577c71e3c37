// Runs a script of ours in a process of its own and ends as it ends.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { at, environment } from './common.mjs';

/** Runs `node file …args` and returns its exit code. Ctrl-C reaches the child by the terminal: it decides how to end. */
export async function follow(file, args) {
  const ignore = () => {};
  process.on('SIGINT', ignore);
  const child = spawn(process.execPath, [at(file), ...args], { stdio: 'inherit', env: environment() });
  process.once('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = await once(child, 'exit');
  process.off('SIGINT', ignore);
  return code ?? 130;
}

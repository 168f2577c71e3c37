// Decides what is stale. A stage's stamp is a hash over the contents of everything it reads; dist/build.json keeps the stamps
// of what lies in dist, so that nothing is rebuilt when nothing changed.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, shown } from './common.mjs';

const RECORD = at('dist/build.json');
const SKIPPED = new Set(['pkg', 'target', 'node_modules']);

/** A hash over the names and contents of files and folders (relative to the root; one that is missing counts as nothing). */
export function stamp(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesUnder(at(path)))) {
    hash.update(`\0${shown(file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 32);
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  const names = readdirSync(path).sort();
  return names.filter((name) => !SKIPPED.has(name)).flatMap((name) => filesUnder(join(path, name)));
}

/** What dist/build.json says; empty when there is none or it is damaged. */
export function readRecord() {
  try {
    return JSON.parse(readFileSync(RECORD, 'utf8'));
  } catch {
    return {};
  }
}

/** Replaces dist/build.json. */
export const writeRecord = (record) => writeFileSync(RECORD, `${JSON.stringify(record, null, 2)}\n`);

/** Whether every one of the files (relative to the root) exists. */
export const allExist = (paths) => paths.every((path) => existsSync(at(path)));

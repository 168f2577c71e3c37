// Which kernels can notice a change: those that reach the changed item through the names that items mention. It errs on the
// side of too many kernels: two mutants are put into one build only when no kernel reaches both.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { scanRust } from './rust.mjs';
import { scanTypeScript } from './typescript.mjs';

/**
 * @typedef {object} Program one machine's sources
 * @property {import('./sites.mjs').Unit[]} units
 * @property {Map<string, string>} sources by file
 * @property {Map<import('./sites.mjs').Unit, string[]>} kernelsOf the kernels that reach a unit
 */

const REFERENCE = 'ts/machine/reference';
const CRATE = 'crate/src';
/** Methods reach a Rust file without its naming the module that they come from. */
const SHARED = /^crate\/src\/(lane|walk|math)\b/;

/** The twins and their helpers. @returns {Program} */
export function readReference(root) {
  const files = filesIn(root, REFERENCE, '.ts').filter((file) => !/\/(kernels|reference)\.ts$/.test(file));
  const sources = readAll(root, files);
  const scanned = files.map((file) => ({ file, ...scanTypeScript(file, sources.get(file)) }));
  const passedOn = new Map(
    scanned.map(({ file, passesOn }) => [file, passesOn.map((path) => join(dirname(file), path))]),
  );
  const opened = (file) => [file, ...(passedOn.get(file) ?? []).flatMap(opened)];
  const visible = new Map(
    scanned.map(({ file, imports }) => [
      file,
      new Set([file, ...imports.flatMap((path) => opened(join(dirname(file), path)))]),
    ]),
  );
  const units = scanned.flatMap((one) => one.units);
  const list = readFileSync(join(root, REFERENCE, 'kernels.ts'), 'utf8');
  const roots = [...list.matchAll(/^import \{([^}]+)\} from '\.\/(.+)';$/gm)].flatMap(([, names, path]) =>
    (names.match(/\w+/g) ?? []).map((name) => ({ name, file: `${REFERENCE}/${path}` })),
  );
  const kernelsOf = reach(units, roots, (from, to) => visible.get(from)?.has(to));
  const described = new Set(scanned.flatMap((one) => [...one.described]));
  return { units: withoutDescriptions(units, kernelsOf, described), sources, kernelsOf };
}

/** Without what only parameters and cases use: no machine runs it. */
function withoutDescriptions(units, kernelsOf, described) {
  const isDescribing = ({ names }) => names.some((name) => described.has(name));
  const found = units.filter((unit) => kernelsOf.get(unit).length === 0 && isDescribing(unit));
  if (found.length === 0) return units;
  for (const { mentions } of found) for (const name of mentions) described.add(name);
  return withoutDescriptions(
    units.filter((unit) => !found.includes(unit)),
    kernelsOf,
    described,
  );
}

/** The files in which `super` of a Rust file can lie: `a/mod.rs` or `a.rs` for `a/b.rs`. */
const parentsOf = (file) => [`${dirname(file)}/mod.rs`, `${dirname(file)}.rs`];

/** The crate. @returns {Program} */
export function readCrate(root) {
  const files = filesIn(root, CRATE, '.rs').filter((file) => file !== `${CRATE}/lib.rs`);
  const sources = readAll(root, files);
  const scanned = files.map((file) => ({ file, ...scanRust(file, sources.get(file)) }));
  const namesOf = new Map(scanned.map(({ file, names }) => [file, names]));
  const moduleOf = (file) => (basename(file) === 'mod.rs' ? basename(dirname(file)) : basename(file, '.rs'));
  const sees = (from, to) =>
    from === to ||
    SHARED.test(to) ||
    namesOf.get(from)?.has(moduleOf(to)) ||
    (namesOf.get(from)?.has('super') && parentsOf(from).includes(to));
  const units = scanned.flatMap((one) => one.units);
  const list = readFileSync(join(root, CRATE, 'lib.rs'), 'utf8');
  const roots = [...list.matchAll(/^ +(\w+)\([^)]*\) in ([\w:]+);$/gm)].map(([, name, path]) => {
    const file = `${CRATE}/${path.replaceAll('::', '/')}`;
    return { name, file: sources.has(`${file}.rs`) ? `${file}.rs` : `${file}/mod.rs` };
  });
  return { units, sources, kernelsOf: reach(units, roots, sees) };
}

const filesIn = (root, folder, extension) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => `${folder}/${String(name).replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith(extension))
    .sort();

const readAll = (root, files) => new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

function reach(units, roots, sees) {
  const byName = new Map();
  for (const unit of units) for (const name of unit.names) byName.set(name, [...(byName.get(name) ?? []), unit]);
  const next = new Map(
    units.map((unit) => [
      unit,
      [...unit.mentions].flatMap((name) => (byName.get(name) ?? []).filter(({ file }) => sees(unit.file, file))),
    ]),
  );
  const kernelsOf = new Map(units.map((unit) => [unit, []]));
  for (const { name, file } of roots) {
    const waiting = (byName.get(name) ?? []).filter((unit) => unit.file === file);
    if (waiting.length === 0) throw new Error(`${file} has no ${name}`);
    const seen = new Set(waiting);
    for (let unit = waiting.pop(); unit !== undefined; unit = waiting.pop()) {
      kernelsOf.get(unit).push(name);
      for (const other of next.get(unit)) {
        if (seen.has(other)) continue;
        seen.add(other);
        waiting.push(other);
      }
    }
  }
  return kernelsOf;
}

// The import rule of the house: arrows point one way, from worker/ down to machine/, and a few words stay in the one place that
// owns them. It reads the syntax trees of ts/ and the text of crate/, and prints one line for each thing that breaks a rule.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { at, main } from './build/common.mjs';

/** Folders of ts/ by level: a file imports from its own level and from lower ones. Files directly in ts/ are listed by name. */
const LEVELS = [
  ['errors.ts', 'options.ts', 'numeric.ts'],
  ['machine'],
  ['engine'],
  ['tensor'],
  ['layers', 'losses', 'metrics', 'initializers', 'optimizers', 'schedules', 'data', 'files'],
  ['engine.ts'],
  ['training', 'surfaces'],
  ['worker'],
  ['public.ts'],
  ['index.ts', 'reference.ts', 'bench'],
];
const levels = new Map(LEVELS.flatMap((names, level) => names.map((name) => [name, level])));

/** The level of a file or folder of ts/; one that is not listed is above all. */
const levelOf = (name) => levels.get(name) ?? LEVELS.length;

/** Math functions whose result ECMAScript defines to the last bit. */
const EXACT_MATH = 'abs ceil clz32 floor fround imul max min round sign sqrt trunc'.split(' ');
const MATH_CONSTANTS = 'E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2'.split(' ');

/** All broken rules, as lines `file: what is wrong`. */
export function brokenRules() {
  const problems = [];
  const arrows = new Map();
  for (const file of filesIn('ts').filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))) {
    checkModule(file, (text) => problems.push(`ts/${file}: ${text}`), arrows);
  }
  for (const [a, b] of mutual(arrows)) problems.push(`ts/${a} and ts/${b} import from each other`);
  for (const file of filesIn('crate/src').filter((name) => name.endsWith('.rs') && name !== 'lane.rs')) {
    const code = readFileSync(at('crate/src', file), 'utf8').replace(/\/\/.*$/gm, '');
    if (/\b(core|std)::arch\b/.test(code)) problems.push(`crate/src/${file}: only lane.rs may mention core::arch`);
  }
  return problems;
}

const filesIn = (folder) =>
  readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(at(folder).length + 1))
    .sort();

/** The name under which a file or folder of ts/ has its level. */
const house = (file) => file.split(sep)[0];

function checkModule(file, report, arrows) {
  const here = house(file);
  const level = levelOf(here);
  if (!levels.has(here)) report(`${here} has no level: give it one in scripts/check-imports.mjs`);

  const syntax = parseAst(readFileSync(at('ts', file), 'utf8'), { lang: 'ts' });
  walk(syntax, undefined, (node, parent) => {
    const source = importSource(node);
    if (source !== undefined) checkImport(source);
    if (here === 'bench') return;
    if (node.type === 'Identifier' && node.name === 'Math') checkMath(parent);
    if ((node.type === 'BinaryExpression' && node.operator === '**') || node.operator === '**=') {
      report('** leaves its last bit to the engine: use the functions of our own');
    }
    if (node.type === 'Identifier' && node.name === 'WebAssembly' && !file.startsWith(join('machine', 'wasm'))) {
      report('only machine/wasm may mention WebAssembly');
    }
  });

  function checkImport(source) {
    if (source.startsWith('node:')) {
      if (here !== 'bench' && !file.endsWith('.node.ts'))
        report(`${source} may be imported only by *.node.ts and bench/`);
    } else if (source.startsWith('comlink')) {
      if (here !== 'worker') report('only worker/ may mention Comlink');
    } else if (source === '#platform') {
      if (level < levelOf('machine')) report(`imports ${source}, which is above it`);
    } else if (!source.startsWith('.')) {
      report(`imports ${source}: the package has no dependency of that name`);
    } else if (!/\.(ts|mts|mjs)$/.test(source)) {
      report(`imports ${source} without its extension`);
    } else {
      const target = house(normalize(join(dirname(file), source)));
      if (level < levelOf(target)) report(`imports ${source}: arrows point from ${target} to ${here}, not back`);
      if (target !== here && level === levelOf(target)) arrows.set(`${here} ${target}`, [here, target]);
    }
  }

  function checkMath(parent) {
    const name = parent?.type === 'MemberExpression' && !parent.computed ? parent.property.name : undefined;
    if (name === undefined) report('Math may be used only as Math.name');
    else if (!EXACT_MATH.includes(name) && !MATH_CONSTANTS.includes(name)) {
      report(`Math.${name} leaves its last bit to the engine: use the functions of our own`);
    }
  }
}

/** The module that a node imports, statically, dynamically or as a type. */
function importSource(node) {
  if (/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type)) return node.source?.value;
  if (node.type === 'ImportExpression' || node.type === 'TSImportType') return (node.source ?? node.argument)?.value;
  return undefined;
}

function walk(node, parent, visit) {
  if (Array.isArray(node)) for (const child of node) walk(child, parent, visit);
  else if (node !== null && typeof node === 'object') {
    const isNode = typeof node.type === 'string';
    if (isNode) visit(node, parent);
    for (const child of Object.values(node)) walk(child, isNode ? node : parent, visit);
  }
}

/** Pairs of folders on one level that import from each other. */
const mutual = (arrows) => [...arrows.values()].filter(([a, b]) => a < b && arrows.has(`${b} ${a}`));

if (process.argv[1]?.endsWith('check-imports.mjs')) {
  await main(() => {
    const problems = brokenRules();
    for (const problem of problems) console.error(problem);
    return problems.length > 0 ? 1 : 0;
  });
}

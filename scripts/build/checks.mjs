// The checks that are not tests: types, format, lint and the import rule. Each is one entry of a list, so that `npm run lint`,
// `npm run typecheck` and `npm test` run and count the same things.

import { brokenRules } from '../check-imports.mjs';
import { ask, run } from './common.mjs';
import { overBudget, rustFeatures } from './wasm.mjs';

const tsc = (project) => () => run('tsc', ['-p', project]) === 0;

/** The type checks: of sources and tests, of the library alone, and of the scripts. */
export const typeChecks = [
  { name: 'types', passes: tsc('tsconfig.json') },
  { name: 'types of the library alone', passes: tsc('tsconfig.library.json') },
  { name: 'types of the scripts', passes: tsc('tsconfig.scripts.json') },
];

/** Format and lint of both languages, and the import rule. */
export const lintChecks = [
  { name: 'format and lint (Biome)', passes: () => run('biome', ['check', '--error-on-warnings', '.']) === 0 },
  { name: 'import rule', passes: importsHold },
  { name: 'size budget', passes: isSmall },
  { name: 'Rust format', passes: () => has('fmt', 'rustfmt') && run('cargo', ['fmt', '--all', '--check']) === 0 },
  { name: 'Rust lint (clippy)', passes: () => has('clippy', 'clippy') && clippy() === 0 },
];

/** Runs checks one after another, each with its verdict in one line. */
export function runChecks(checks) {
  const verdicts = checks.map(({ name, passes }) => {
    console.log(`\n${name} …`);
    const passed = passes();
    console.log(`${name}: ${passed ? 'passed' : 'FAILED'}`);
    return passed;
  });
  return { passed: verdicts.filter(Boolean).length, failed: verdicts.filter((passed) => !passed).length };
}

function importsHold() {
  const problems = brokenRules();
  for (const problem of problems) console.error(problem);
  return problems.length === 0;
}

function isSmall() {
  const problem = overBudget();
  if (problem) console.error(problem);
  return problem === undefined;
}

const clippy = () =>
  run(
    'cargo',
    ['clippy', '--release', '--locked', '--workspace', '--target', 'wasm32-unknown-unknown', '--', '-D', 'warnings'],
    { env: rustFeatures },
  );

/** Whether a component of the Rust toolchain is there; tries to install it once. */
function has(command, component) {
  if (ask('cargo', [command, '--version'])) return true;
  if (run('rustup', ['component', 'add', component]) === 0) return true;
  console.error(`The Rust component ${component} is missing: run \`rustup component add ${component}\`.`);
  return false;
}

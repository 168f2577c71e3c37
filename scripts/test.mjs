// `npm test`: build, types, lint, then all tests in Node and in Chromium, and at the end one line with the totals. A later stage
// runs even when an earlier one failed. Arguments go to vitest and leave the other stages out: `npm test -- tests/parity`.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lintChecks, runChecks, typeChecks } from './build/checks.mjs';
import { Failure, run } from './build/common.mjs';
import { build } from './build.mjs';
import { ensureChromium, NO_CHROMIUM } from './ensure-chromium.mjs';

const narrowed = process.argv.slice(2);
const totals = { passed: 0, failed: 0 };

if (await builds()) {
  if (narrowed.length === 0) count(runChecks([...typeChecks, ...lintChecks]));
  await runTests();
}
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;

function count({ passed, failed }) {
  totals.passed += passed;
  totals.failed += failed;
}

/** Nothing can be tested without a build: its failure is the one result. */
async function builds() {
  try {
    await build();
    return true;
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error);
    count({ passed: 0, failed: 1 });
    return false;
  }
}

async function runTests() {
  const projects = ['--project', 'node', '--project', 'browser'];
  if (!(await ensureChromium())) {
    console.error(NO_CHROMIUM);
    count({ passed: 0, failed: 1 });
    projects.length = 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'downhill-test-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = run('vitest', ['run', ...projects, ...reporters, ...narrowed]);
    const result = readTotals(report);
    // A crash of the runner, or an error outside every test, is a failure that no test shows.
    if (code !== 0 && result.failed === 0) result.failed = 1;
    count(result);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Passed and failed tests; a file that could not be loaded counts as one failure. */
function readTotals(report) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const broken = testResults.filter((file) => {
      return file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed');
    });
    return { passed: numPassedTests, failed: numFailedTests + broken.length };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

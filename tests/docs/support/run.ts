// Runs one example as its reader would: a file of its own inside the package, so that `import … from 'downhill'` takes dist/ by package.json's
// exports, in a process of its own, which must end by itself.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Example, root } from './examples.ts';

const EXPECTATION = /^(.*?)console\.log\((.*)\);\s*\/\/ (.+)$/;
const run = promisify(execFile);

/** What `console.log` printed at one line of an example, each time that it ran, beside what its comment says. */
export interface Printed {
  readonly line: number;
  readonly expected: string;
  readonly actual: readonly string[];
}

/** The lines of an example that say what they print. */
export const expectationsIn = ({ code }: Example): Pick<Printed, 'line' | 'expected'>[] =>
  code.split('\n').flatMap((text, i) => {
    const match = EXPECTATION.exec(text);
    return match === null ? [] : [{ line: i + 1, expected: match[3] }];
  });

/** A folder for programs, from which Node finds this package by its name; gone when it is disposed. */
export function exampleFolder(): { readonly path: string; [Symbol.dispose](): void } {
  mkdirSync(join(root, 'target'), { recursive: true }); // ignored by git, and not packed
  const path = mkdtempSync(join(root, 'target/examples-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs an example in a file of `folder`. Rejects when it throws, waits for ever, or ends with another code than 0. */
export async function runExample(folder: string, example: Example): Promise<Printed[]> {
  const file = join(folder, `${example.name.replace(/\W+/g, '-')}.mjs`);
  writeFileSync(file, instrumented(example.code));
  const { stdout } = await run(process.execPath, [file], { timeout: 60_000, maxBuffer: 2 ** 24 });
  const actual: Record<number, string[]> = JSON.parse(stdout.slice(stdout.lastIndexOf(MARK) + MARK.length));
  return expectationsIn(example).map((expectation) => ({ ...expectation, actual: actual[expectation.line] ?? [] }));
}

const MARK = 'What the lines printed: ';

/** The program, with lines that say what they print noting it in the words of `console.log`, and all notes as its last output. */
function instrumented(code: string): string {
  const lines = code.split('\n').map((text, i) => {
    const match = EXPECTATION.exec(text);
    return match === null ? text : `${match[1]}__print(${i + 1}, ${match[2]});`;
  });
  return `import { formatWithOptions as __format } from 'node:util';
const __notes = {};
const __print = (line, ...values) => void (__notes[line] ??= []).push(__format({ breakLength: Infinity }, ...values));
${lines.join('\n')}
console.log('${MARK}' + JSON.stringify(__notes));
`;
}

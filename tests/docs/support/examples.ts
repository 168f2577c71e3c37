// Finds the examples that readers see: the `@example` of doc comments in ts/, and the ```js blocks of the two README files. Each is a whole
// program; a line `console.log(…); // value` says what it prints there.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root: string = fileURLToPath(new URL('../../../', import.meta.url));

/** A program that a reader may copy. */
export interface Example {
  /** `ts/engine.ts:57 Engine.tensor`, or `README.md:31`. */
  readonly name: string;
  /** What its doc comment describes: `createEngine`, `Engine.tensor`; undefined in a README. */
  readonly subject: string | undefined;
  readonly code: string;
}

/** All examples. Throws for one without a fence, because no reader's editor would show it as code. */
export function findExamples(): Example[] {
  const sources = readdirSync(join(root, 'ts'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort();
  return [
    ...sources.flatMap((name) => fromSource(join('ts', name))),
    ...fromMarkdown('README.md'),
    ...fromMarkdown(join('ts', 'README.md')),
  ];
}

/** A block of js; in a list it is indented. */
const FENCE = /^( *)```js\n([\s\S]*?)^\1```$/gm;

function fromMarkdown(file: string): Example[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(FENCE)].map((match) => ({
    name: `${file}:${lineAt(text, match.index)}`,
    subject: undefined,
    code: codeOf(match),
  }));
}

function fromSource(file: string): Example[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^ *\/\*\*(?:(?!\*\/)[\s\S])*@example[\s\S]*?\*\//gm)].flatMap((comment) => {
    const line = lineAt(text, comment.index);
    const subject = subjectAt(text, comment.index + comment[0].length);
    const plain = comment[0].replace(/^ *\* ?/gm, '');
    const blocks = [...plain.matchAll(FENCE)];
    const [wanted, found] = [plain.split('@example').length - 1, blocks.length];
    if (wanted !== found) throw new Error(`${file}:${line} has ${wanted} @example and ${found} fenced blocks of js`);
    return blocks.map((block) => ({ name: `${file}:${line} ${subject}`, subject, code: codeOf(block) }));
  });
}

/** The lines of a block without the indentation of its fence. */
const codeOf = ([, indent, code]: RegExpExecArray): string => code.replaceAll(new RegExp(`^${indent}`, 'gm'), '');

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** The name declared behind a doc comment; that of a method has its class before it. */
function subjectAt(text: string, index: number): string {
  const [declaration] = text
    .slice(index)
    .replace(/^(?:\s+|\/\/.*)*/, '')
    .split('\n');
  const top = /^export (?:async )?(?:function|const|class|interface|type) (\w+)/.exec(declaration);
  if (top !== null) return top[1];
  const member = /^(?:get |set |async |readonly )?(\w+)/.exec(declaration);
  const owner = [...text.slice(0, index).matchAll(/^export (?:class|interface) (\w+)/gm)].at(-1);
  if (member === null || owner === undefined)
    throw new Error(`an @example stands before no public name: ${declaration}`);
  return `${owner[1]}.${member[1]}`;
}

// What is in the tarball and what its manifest says: clean for publint and attw, and free of what users' bundlers choke on.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { parseAst } from 'rolldown/parseAst';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { install, node, pack, root, type Temporary, temporaryFolder } from './support/project.ts';
import { everyNode, type Syntax, topLevelNodes } from './support/syntax.ts';

let folder: Temporary;
let project: Temporary;
let tarball: string;
/** The installed scripts by name. */
const scripts = new Map<string, string>();

beforeAll(() => {
  folder = temporaryFolder();
  tarball = pack(folder.path);
  project = install('node', tarball);
  const dist = join(project.path, 'node_modules/downhill/dist');
  for (const name of readdirSync(dist)) {
    if (name.endsWith('.js')) scripts.set(name, readFileSync(join(dist, name), 'utf8'));
  }
});

afterAll(() => {
  project?.[Symbol.dispose]();
  folder?.[Symbol.dispose]();
});

/** What a script imports, statically or dynamically. */
const imports = (name: string): unknown[] =>
  everyNode(parseAst(scripts.get(name) ?? ''))
    .filter((syntax) => /^(Import|Export)(Named|All)?(Declaration|Expression)$/.test(syntax.type) && syntax.source)
    .map((syntax) => syntax.source?.value);

/** Whether the code of a script (not a comment or a message) has the name `WebAssembly`. */
const mentionsWebAssembly = (name: string): boolean =>
  everyNode(parseAst(scripts.get(name) ?? '')).some(
    (node) => node.type === 'Identifier' && node.name === 'WebAssembly',
  );

/** In which scripts a text stands, and how often. */
const occurrences = (text: RegExp): Record<string, number> =>
  Object.fromEntries(
    [...scripts].map(([name, code]) => [name, code.match(text)?.length ?? 0] as const).filter(([, count]) => count > 0),
  );

test('publint has nothing to say', async () => {
  const bytes = readFileSync(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
});

test('attw resolves the types of every entry', () => {
  const cli = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  // It ends with an exit code, and its table becomes the message of the error.
  node(root, cli, tarball, '--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii');
});

describe('scripts in dist', () => {
  test('there are the entries that the manifest and the platforms name', () => {
    expect([...scripts.keys()]).toEqual(
      expect.arrayContaining([
        'index.js',
        'cli.js',
        'platform.node.js',
        'platform.web.js',
        'worker.js',
        'worker.node.js',
      ]),
    );
  });

  test('no script awaits at its top level', () => {
    const awaits = (syntax: Syntax): boolean =>
      syntax.type === 'AwaitExpression' || (syntax.type === 'ForOfStatement' && syntax.await === true);
    const waiting = [...scripts].filter(([, code]) => topLevelNodes(parseAst(code)).some(awaits));
    expect(waiting.map(([name]) => name)).toEqual([]);
  });

  test('workers are self-contained', () => {
    expect(imports('worker.js')).toEqual([]);
    expect(imports('worker.node.js').filter((id) => !String(id).startsWith('node:'))).toEqual([]);
  });

  test('nothing but relative files, #platform and Node itself is imported', () => {
    const all = [...scripts.keys()].flatMap(imports).map(String);
    expect(all.filter((id) => !/^(\.\/|#platform$|node:)/.test(id))).toEqual([]);
  });

  test('nothing of WebAssembly can be reached from downhill/reference', () => {
    const reached = new Set<string>();
    const reach = (name: string): void => {
      if (reached.has(name)) return;
      reached.add(name);
      for (const id of imports(name)) reach(String(id).replace('./', ''));
    };
    reach('reference.js');
    expect([...reached].filter((name) => !scripts.has(name))).toEqual([]);
    expect([...reached].filter((name) => mentionsWebAssembly(name))).toEqual([]);
  });

  test('each platform names the wasm file and its worker in one literal, and nobody else does', () => {
    expect(occurrences(/new URL\(["']\.\/simd\.wasm["'], import\.meta\.url\)/g)).toEqual({
      'platform.node.js': 1,
      'platform.web.js': 1,
    });
    expect(
      occurrences(/new Worker\(new URL\(["']\.\/worker\.js["'], import\.meta\.url\), \{\s*type: ["']module["']/g),
    ).toEqual({
      'platform.web.js': 1,
    });
    expect(occurrences(/new Worker\(new URL\(["']\.\/worker\.node\.js["'], import\.meta\.url\)/g)).toEqual({
      'platform.node.js': 1,
    });
    expect(occurrences(/import\.meta\.url/g)).toEqual({ 'platform.node.js': 2, 'platform.web.js': 2 });
  });
});

describe('installed in Node', () => {
  test('importing and requiring it loads and allocates nothing', () => {
    expect(JSON.parse(node(project.path, 'import.mjs'))).toEqual({ touched: [], same: true });
  });

  test('the raw module is reachable and is a module', () => {
    expect(JSON.parse(node(project.path, 'raw.mjs'))).toEqual({ valid: true });
  });

  test('the command line starts', () => {
    const { bin } = JSON.parse(readFileSync(join(project.path, 'node_modules/downhill/package.json'), 'utf8'));
    expect(node(project.path, join('node_modules/downhill', bin.downhill), '--help')).toMatch(/bench/);
  });
});

// The declarations in the packed tarball, checked in full (`skipLibCheck: false`) from a user's TypeScript: in a page, by a bundler's
// rules and by Node's, and in Node without the DOM library. What must not type-check stands in the fixture as an expected error.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { install, node, pack, root, type Temporary, temporaryFolder } from './support/project.ts';

let folder: Temporary;
let project: Temporary;

beforeAll(() => {
  folder = temporaryFolder();
  project = install('types', pack(folder.path));
});

afterAll(() => {
  project?.[Symbol.dispose]();
  folder?.[Symbol.dispose]();
});

const PAGE = ['--lib', 'es2022,dom,esnext.disposable'];
const NODE = ['--lib', 'es2022', '--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];

test.each([
  ['a page, bundled', ['--module', 'esnext', '--moduleResolution', 'bundler', ...PAGE]],
  ['a page, as Node resolves', ['--module', 'nodenext', ...PAGE]],
  ['Node without the DOM', ['--module', 'nodenext', ...NODE]],
])('%s', (_, options) => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const strict = [
    '--strict',
    '--exactOptionalPropertyTypes',
    '--skipLibCheck',
    'false',
    '--target',
    'es2022',
    '--noEmit',
  ];
  expect(node(project.path, tsc, '--ignoreConfig', ...strict, ...options, 'consumer.ts')).toBe('');
});

// The packed tarball trains: in Node, and in a Vite app whose production build is opened in Chromium, to the same hash that the
// sources reach on the reference machine without a worker.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { build, createLogger, preview } from 'vite';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { CHROMIUM_ARGUMENTS, findChromium, NO_CHROMIUM } from '../../scripts/ensure-chromium.mjs';
import { install, node, pack, type Temporary, temporaryFolder } from './support/project.ts';

let folder: Temporary;
let tarball: string;
/** What the reference machine comes to in this process, from the sources: tests/support/global-setup.ts. */
const expected = inject('hash');

beforeAll(() => {
  folder = temporaryFolder();
  tarball = pack(folder.path);
});

afterAll(() => folder?.[Symbol.dispose]());

test('in Node, in a worker thread and without', () => {
  expect(expected).toMatch(/^[0-9a-f]{16,}$/);
  const project = install('node', tarball);
  try {
    const run = { hash: expected, machine: 'simd' };
    expect(JSON.parse(node(project.path, 'train.mjs'))).toEqual({ worker: run, here: run });
  } finally {
    project[Symbol.dispose]();
  }
});

test('in the production build of a Vite app, in Chromium', async () => {
  const project = install('vite', tarball);
  try {
    const warnings = await buildApp(project.path);
    expect(warnings).toEqual([]);
    const assets = readdirSync(join(project.path, 'dist/assets'));
    expect(assets.filter((name) => name.endsWith('.wasm'))).toHaveLength(1);

    const run = { hash: expected, machine: 'simd' };
    expect(await openApp(project.path)).toEqual({ results: { worker: run, hosted: run }, complaints: [] });
  } finally {
    project[Symbol.dispose]();
  }
});

/** Builds with Vite's defaults; returns what it warned of. */
async function buildApp(root: string): Promise<string[]> {
  const warnings: string[] = [];
  const customLogger = createLogger('silent');
  customLogger.warn = (message) => void warnings.push(message);
  customLogger.warnOnce = customLogger.warn;
  await build({ root, configFile: false, customLogger });
  return warnings;
}

/** Serves the build, opens it, and returns what the page computed and what it complained of. */
async function openApp(root: string): Promise<{ results: unknown; complaints: string[] }> {
  const executablePath = await findChromium();
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  const server = await preview({ root, configFile: false, logLevel: 'silent', preview: { port: 0 } });
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    await page.waitForFunction('globalThis.results !== undefined');
    return { results: await page.evaluate('globalThis.results'), complaints };
  } finally {
    await browser.close();
    await server.close();
  }
}

// What the README says of a Content-Security-Policy: with 'wasm-unsafe-eval' the Rust machine runs, in the page and in its worker; without it
// the reference does the same work, and `info.refused` says why.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHROMIUM_ARGUMENTS, findChromium, NO_CHROMIUM } from '../../scripts/ensure-chromium.mjs';
import { root } from './support/examples.ts';

const PAGE = '<!doctype html><title>policy</title><output></output><script type="module" src="page.js"></script>';
const SCRIPT = `
import { adam, createEngine, createTrainer, dense, meanSquaredError, sequential } from './index.js';
const engine = await createEngine();
const trainer = await createTrainer({ model: sequential([1], dense(1)), loss: meanSquaredError(), optimizer: adam() });
const data = await trainer.load({ x: [[0], [1]], y: [[1], [3]] });
const { hash } = await trainer.fit(data, { epochs: 3 }).result;
document.querySelector('output').textContent = JSON.stringify({ here: engine.info, worker: trainer.info, hash });
`;

/** Serves dist/ as a page under a policy for scripts; a bundler would resolve `#platform`, here the server does. */
function serve(scriptPolicy: string): Promise<Server> {
  const policy = `default-src 'none'; connect-src 'self'; worker-src 'self'; script-src ${scriptPolicy}`;
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    const type = name === '' ? 'text/html' : name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
    response.setHeader('content-security-policy', policy);
    response.setHeader('content-type', type);
    if (name === '') response.end(PAGE);
    else if (name === 'page.js') response.end(SCRIPT);
    else if (/^[\w.-]+\.(js|wasm)$/.test(name)) response.end(file(name));
    else response.writeHead(404).end();
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function file(name: string): Uint8Array | string {
  const bytes = readFileSync(join(root, 'dist', name));
  return name.endsWith('.wasm') ? bytes : bytes.toString().replaceAll('"#platform"', '"./platform.web.js"');
}

let browser: Browser;
beforeAll(async () => {
  const executablePath = await findChromium();
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
});
afterAll(() => browser?.close());

async function open(scriptPolicy: string): Promise<unknown> {
  const server = await serve(scriptPolicy);
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const output = page.locator('output', { hasText: '}' }); // found in a world of its own, for which the policy does not count
    return JSON.parse((await output.textContent({ timeout: 30_000 })) ?? '');
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("'wasm-unsafe-eval' is enough, and without it the reference comes to the same bits", async () => {
  const simd = { machine: 'simd', refused: [] };
  const reference = {
    machine: 'reference',
    refused: [{ machine: 'simd', reason: expect.stringMatching(/Content Security Policy/) }],
  };
  const allowed = await open("'self' 'wasm-unsafe-eval'");
  expect(allowed).toEqual({ here: simd, worker: simd, hash: expect.stringMatching(/^[0-9a-f]{16}$/) });
  expect(await open("'self'")).toEqual({ ...(allowed as object), here: reference, worker: reference });
});

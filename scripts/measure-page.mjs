// `npm run demo:measure`: builds the demo, trains its network in Chromium, and prints what the page's own thread felt of it: its longest task
// while the worker trained. `--screenshot FILE` keeps a picture of the page at the end.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { preview, build as viteBuild } from 'vite';
import { CHROMIUM_ARGUMENTS, findChromium, NO_CHROMIUM } from './ensure-chromium.mjs';

const root = fileURLToPath(new URL('../web-demo/', import.meta.url));
const configFile = `${root}vite.config.ts`;

/** Runs in the page before anything else: notes every task longer than 50 ms and the longest gap between two frames. */
function watch() {
  const noted = { tasks: [], gap: 0, frames: 0, from: 0 };
  globalThis.noted = noted;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) noted.tasks.push(duration);
  }).observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now) => {
    noted.gap = Math.max(noted.gap, now - last);
    noted.frames++;
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Forgets what loading the page has cost: only the training counts. */
function forget() {
  Object.assign(globalThis.noted, { tasks: [], gap: 0, frames: 0, from: performance.now() });
}

/** Serves the built demo, presses Train, and returns what the page shows and felt. */
export async function measurePage({ screenshot } = {}) {
  const executablePath = await findChromium();
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  await viteBuild({ configFile, logLevel: 'silent' });
  const server = await preview({ configFile, logLevel: 'silent', preview: { port: 0 } });
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.addInitScript(watch);
    await page.goto(server.resolvedUrls.local[0]);
    await page.locator('#train:enabled').waitFor();
    await page.evaluate(forget);
    await page.locator('#train').click();
    await page.locator('#turned-accuracy', { hasText: /\d/ }).waitFor({ timeout: 100_000 });
    const noted = await page.evaluate('({ ...noted, took: performance.now() - noted.from })');
    const text = (id) => page.locator(id).textContent();
    const result = {
      upright: Number(await text('#upright-accuracy')),
      turned: Number(await text('#turned-accuracy')),
      hash: await text('#hash'),
      machine: await text('#machine'),
      seconds: noted.took / 1000,
      longTasks: noted.tasks,
      longestFrame: noted.gap,
      complaints,
    };
    if (screenshot !== undefined) await page.screenshot({ path: screenshot, fullPage: true });
    return result;
  } finally {
    await browser.close();
    await server.close();
  }
}

/** What the page felt, in one line. */
export const pageLine = ({ seconds, longTasks, longestFrame }) =>
  `the page while its worker trained (${seconds.toFixed(1)} s): ` +
  `${longTasks.length === 0 ? 'no task over 50 ms' : `tasks over 50 ms: ${longTasks.map((ms) => `${Math.round(ms)} ms`).join(', ')}`}, ` +
  `longest time between two frames ${longestFrame.toFixed(0)} ms`;

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { screenshot: { type: 'string' } } });
  const result = await measurePage(values);
  console.log(pageLine(result));
  console.log(
    `${result.machine}; test accuracy ${result.upright}, turned by 90° ${result.turned}; hash ${result.hash}`,
  );
  for (const complaint of result.complaints) console.log(`the page complained: ${complaint}`);
}

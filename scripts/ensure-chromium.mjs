// Finds the Chromium that the browser tests drive: CHROMIUM_PATH, the usual names on the PATH, or Playwright's own download.
// Run as a script it also tries to install one where that needs no question (Debian, as root).

import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main, run, say } from './build/common.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** What to do when there is none, in one sentence. */
export const NO_CHROMIUM =
  'Chromium is missing: install it (Debian: `apt-get install chromium`) or set CHROMIUM_PATH to a Chrome or Chromium.';

/** Arguments for a Chromium without a display, without a GPU, often as root in a container, that asks no server anything. */
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of a Chromium, or undefined. */
export async function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) return isExecutable(given) ? given : undefined;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
  return found ?? [MAC, await downloaded()].find((path) => path !== undefined && isExecutable(path));
}

/** Finds a Chromium, installing one if that is possible; undefined when there is none to be had. */
export async function ensureChromium() {
  const found = await findChromium();
  if (found || process.env.CHROMIUM_PATH || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return found;
  say('Installing Chromium (apt-get install chromium): a minute or two, once …');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env, stdio: QUIET });
  if (install() !== 0) {
    run('apt-get', ['update'], { env, stdio: QUIET });
    install();
  }
  return findChromium();
}

const QUIET = ['ignore', 'ignore', 'inherit'];

/** Playwright's own browser, where someone has run `npx playwright install chromium`. */
async function downloaded() {
  try {
    const { chromium } = await import('playwright');
    return chromium.executablePath();
  } catch {
    return undefined;
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const path = await ensureChromium();
    if (path) say(`Chromium: ${path}`);
    else console.error(NO_CHROMIUM);
    return path ? 0 : 1;
  });
}

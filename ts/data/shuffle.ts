// The order of the batches and the split of a data set: functions of a seed, exact on every platform, so a run can be continued from its
// seed and epoch alone.

import { type Key, randomWords } from './streams.ts';

/** Rows for training and for validation, both ascending. */
export interface Split {
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
}

/** The same rows in random order: Fisher & Yates' shuffle (Durstenfeld 1964), every order with the same probability. */
export function shuffled(rows: Uint32Array, key: Key, epoch: number): Uint32Array {
  const order = rows.slice();
  const words = randomWords(key, [0, epoch >>> 0], order.length);
  let spare = 0;
  for (let i = order.length - 1; i > 0; i--) {
    let j = below(words[i], i + 1);
    // One word in 2³² / (i + 1) would favour some places: it is drawn again, from a part of the stream that no word above uses.
    while (j < 0) j = below(randomWords(key, [0x8000_0000 + spare++, epoch >>> 0], 1)[0], i + 1);
    const row = order[i];
    order[i] = order[j];
    order[j] = row;
  }
  return order;
}

/** A number from 0 to range − 1 from a random word, or −1 when the word is to be thrown away (Lemire 2019). */
function below(word: number, range: number): number {
  const low = Math.imul(word, range) >>> 0;
  if (low < range && low < (4_294_967_296 - range) % range) return -1;
  // The high word of word · range, exact in f64: the product is added up from halves of the word.
  return Math.floor(((word >>> 16) * range + Math.floor(((word & 0xffff) * range) / 65_536)) / 65_536);
}

/** 0, 1, 2 … */
export const rowsUpTo = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i);

/** Sets `count` of `n` rows aside. */
export function split(n: number, count: number, key: Key): Split {
  const order = shuffled(rowsUpTo(n), key, 0);
  return { training: order.slice(count).sort(), validation: order.slice(0, count).sort() };
}

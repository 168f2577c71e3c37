// Independent streams of random words from one seed: first weights, dropout, the order of the batches and the split of a data set each have
// a key of their own, so that none of them moves when another draws more. The words are those of the machines' own generator.

import { random_bits } from '../machine/reference/tensor/random.ts';

/** What a stream is for; its number is part of the key, so the order must not change. */
const STREAMS = ['weights', 'dropout', 'order', 'split'] as const;

export type StreamName = (typeof STREAMS)[number];

/** Key of a stream. */
export type Key = readonly [number, number];

const TWO_32 = 4_294_967_296;

/** The key of one of a seed's streams: what the seed's own generator gives at a place that no engine's stream reaches. */
export function streamKey(seed: number, stream: StreamName): Key {
  const [a, b] = randomWords([seed >>> 0, Math.floor(seed / TWO_32) >>> 0], [STREAMS.indexOf(stream), 0xffff_ffff], 2);
  return [a, b];
}

/** `n` random words of a key, from a counter (low word, high word) on. */
export function randomWords([key0, key1]: Key, [low, high]: Key, n: number): Uint32Array {
  const out = 16;
  const u32 = new Uint32Array(4 + n);
  u32.set([key0, key1, low, high]);
  const memory = { u32, f32: new Float32Array(u32.buffer), u8: new Uint8Array(u32.buffer) };
  random_bits.twin(memory)(out, n, 0, 0);
  return u32.subarray(4);
}

// Where the buffers of one call lie and what they hold before it: a memory image that both machines receive, with canaries
// around every buffer, so that a byte written outside shows.

import type { BufferParameter, Parameter, Words } from '../../../ts/machine/signature.ts';
import { bitsOf, type FillName, sourceOf, wordSourceOf } from './fills.ts';
import { Random } from './random.ts';

/** A kernel's definition, whichever it is. */
export interface Definition {
  readonly name: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly cases?: readonly Words[];
  readonly inPlace?: boolean;
}

/** One buffer of a call, or (without `buffer`) the canaries between two. */
export interface Segment {
  readonly name: string;
  readonly buffer?: BufferParameter;
  readonly begin: number;
  readonly end: number;
}

/** One call: its words, where its buffers lie, and the bytes of `begin` to `end` before it. */
export interface Call {
  readonly words: readonly number[];
  readonly begin: number;
  readonly segments: readonly Segment[];
  /** What the first machine gets, and the second: they differ where nothing may depend on what was there before. */
  readonly images: readonly [Uint8Array, Uint8Array];
}

/** How one call is set up; everything else follows from it. */
export interface Trial {
  readonly words: Words;
  readonly fill: FillName;
  readonly ragged: boolean;
  readonly seed: number;
}

/** Bytes of canaries before the first buffer and behind the last one. */
const MARGIN = 1024;
/** Least bytes of canaries between two buffers. */
const GAP = 64;
const BYTES = { f32: 4, u32: 4, u8: 1 } as const;

/** The buffers among a definition's parameters, with their names. */
export const buffersOf = (definition: Definition): [string, BufferParameter][] =>
  Object.entries(definition.parameters).flatMap(([name, parameter]) =>
    parameter.role === 'count' ? [] : [[name, parameter]],
  );

/** The names of the counts. */
export const countsOf = (definition: Definition): string[] =>
  Object.entries(definition.parameters).flatMap(([name, parameter]) => (parameter.role === 'count' ? [name] : []));

/** How many elements a buffer has in a call; an error when its definition gives no count. */
export function elementsOf({ name: kernel }: Definition, name: string, buffer: BufferParameter, words: Words): number {
  const size = buffer.size(words);
  if (!Number.isInteger(size) || size < 0) throw new Error(`${kernel}: ${name} has the size ${String(size)}`);
  return size;
}

/** Lays the buffers of one call out from `begin` on (a multiple of 16) and fills them. `alias` puts the buffer of the first name over that of the second. */
export function prepare(definition: Definition, trial: Trial, begin: number, alias?: readonly [string, string]): Call {
  const random = new Random(trial.seed);
  const segments: Segment[] = [];
  const addresses: Record<string, number> = {};
  let at = begin;
  const place = (name: string, begins: number, bytes: number, buffer: BufferParameter): void => {
    segments.push({ name: `the canaries before ${name}`, begin: at, end: begins });
    segments.push({ name, buffer, begin: begins, end: begins + bytes });
    addresses[name] = begins;
    at = begins + bytes;
  };
  for (const [name, buffer] of buffersOf(definition)) {
    if (alias?.[0] === name) continue;
    const size = elementsOf(definition, name, buffer, trial.words);
    const earliest = at + (at === begin ? MARGIN : GAP);
    const bytes = BYTES[buffer.type];
    place(name, align(earliest, bytes, trial.ragged, random), size * bytes, buffer);
  }
  if (alias) addresses[alias[0]] = addresses[alias[1]];
  const end = Math.ceil((at + MARGIN) / 16) * 16;
  segments.push({ name: 'the canaries behind the last buffer', begin: at, end });
  const first = new Uint8Array(end - begin);
  // NaN where an element read too far must spoil a sum, a large number where NaN would be hidden by a comparison.
  new Uint32Array(first.buffer).fill(random.below(2) === 0 ? 0x7fc5a5a5 : 0x4b5a5a5b);
  const second = first.slice();
  for (const { name, buffer, begin: from, end: to } of segments) {
    if (buffer === undefined) continue;
    const aliased = alias?.[1] === name;
    fill(
      buffer,
      trial,
      random,
      first.subarray(from - begin, to - begin),
      second.subarray(from - begin, to - begin),
      aliased,
    );
  }
  const words = Object.entries(definition.parameters).map(([name, { role }]) =>
    role === 'count' ? trial.words[name] : addresses[name],
  );
  return { words, begin, segments, images: [first, second] };
}

/** The next address: a multiple of 16, or ragged: f32 and u32 on 4 but never on 16 bytes, u8 on odd ones. */
function align(earliest: number, bytes: number, ragged: boolean, random: Random): number {
  const sixteen = Math.ceil(earliest / 16) * 16;
  if (!ragged) return sixteen;
  return sixteen + (bytes === 1 ? 2 * random.below(8) + 1 : 4 * (1 + random.below(3)));
}

function fill(
  buffer: BufferParameter,
  trial: Trial,
  random: Random,
  first: Uint8Array,
  second: Uint8Array,
  aliased: boolean,
): void {
  if (buffer.role === 'scratch' || (buffer.role === 'write' && !aliased)) {
    fillGarbage(buffer, random, first, second);
    return;
  }
  if (buffer.type === 'u8') {
    for (let i = 0; i < first.length; i++) first[i] = trial.fill === 'zeros' ? 0 : random.word();
  } else {
    const bits = new Uint32Array(first.buffer, first.byteOffset, first.length / 4);
    const bound = buffer.below?.(trial.words);
    const source = buffer.type === 'u32' ? wordSourceOf(trial.fill, random, bound) : sourceOf(trial.fill, random);
    for (let i = 0; i < bits.length; i++) bits[i] = source();
    for (const i of buffer.flags ?? []) bits[i] = random.below(2);
  }
  second.set(first);
}

/** Different in the two machines, so that an element that is left alone shows; finite, so that NaN = NaN does not hide it. */
function fillGarbage(buffer: BufferParameter, random: Random, first: Uint8Array, second: Uint8Array): void {
  if (buffer.type === 'u8') {
    for (let i = 0; i < first.length; i++) {
      first[i] = random.word();
      second[i] = first[i] ^ 0x5a;
    }
    return;
  }
  const [a, b] = [first, second].map(
    ({ buffer: bytes, byteOffset, length }) => new Uint32Array(bytes, byteOffset, length / 4),
  );
  for (let i = 0; i < a.length; i++) {
    a[i] = bitsOf(random.between(1, 2));
    b[i] = bitsOf(random.between(-4, -3));
  }
}

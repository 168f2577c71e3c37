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

/**
 * How buffers lie: all on multiples of 16 bytes; f32 and u32 on 4 but never on 16 bytes, u8 on odd ones; or like that with one of them
 * at the very end of memory, where a read behind it cannot be.
 */
export const places = ['aligned', 'ragged', 'end'] as const;
export type Place = (typeof places)[number];

/** How one call is set up; everything else follows from it. */
export interface Trial {
  readonly words: Words;
  readonly fill: FillName;
  readonly place: Place;
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

/**
 * Lays the buffers of one call out and fills them. `beginFor` says where that many bytes may begin, a multiple of 16; `alias` puts the
 * buffer of the first name over that of the second.
 */
export function prepare(
  definition: Definition,
  trial: Trial,
  beginFor: (bytes: number) => number,
  alias?: readonly [string, string],
): Call {
  const random = new Random(trial.seed);
  const buffers = buffersOf(definition).filter(([name]) => name !== alias?.[0]);
  // Every buffer comes to lie at the end in turn.
  const turned = trial.place === 'end' ? trial.seed % Math.max(buffers.length, 1) : 0;
  const order = [...buffers.slice(turned), ...buffers.slice(0, turned)];
  const { segments, bytes } = layOut(definition, trial, order, random);
  const begin = beginFor(bytes);
  const first = new Uint8Array(bytes);
  // NaN where an element read too far must spoil a sum, a large number where NaN would be hidden by a comparison.
  new Uint32Array(first.buffer).fill(random.below(2) === 0 ? 0x7fc5a5a5 : 0x4b5a5a5b);
  const second = first.slice();
  for (const { name, buffer, begin: from, end } of segments) {
    if (buffer === undefined) continue;
    fill(buffer, trial, random, first.subarray(from, end), second.subarray(from, end), alias?.[1] === name);
  }
  const addresses = new Map(segments.map(({ name, begin: from }) => [name, begin + from]));
  const words = Object.entries(definition.parameters).map(([name, { role }]) =>
    role === 'count' ? trial.words[name] : (addresses.get(name === alias?.[0] ? alias[1] : name) as number),
  );
  const placed = segments.map((segment) => ({ ...segment, begin: begin + segment.begin, end: begin + segment.end }));
  return { words, begin, segments: placed, images: [first, second] };
}

/** The buffers one behind the other with canaries around them, counted from 0. */
function layOut(
  definition: Definition,
  { words, place }: Trial,
  buffers: readonly [string, BufferParameter][],
  random: Random,
): { segments: Segment[]; bytes: number } {
  const segments: Segment[] = [];
  let at = 0;
  for (const [i, [name, buffer]] of buffers.entries()) {
    const element = BYTES[buffer.type];
    const size = elementsOf(definition, name, buffer, words) * element;
    const sixteen = Math.ceil((at + (at === 0 ? MARGIN : GAP)) / 16) * 16;
    const ragged = element === 1 ? 2 * random.below(8) + 1 : 4 * (1 + random.below(3));
    const last = place === 'end' && i === buffers.length - 1;
    // The last one ends on a multiple of 16, as memory does.
    const begin = sixteen + (place === 'aligned' ? 0 : last ? (16 - (size % 16)) % 16 : ragged);
    segments.push({ name: `the canaries before ${name}`, begin: at, end: begin });
    segments.push({ name, buffer, begin, end: begin + size });
    at = begin + size;
  }
  if (place === 'end') return { segments, bytes: at };
  const bytes = Math.ceil((at + MARGIN) / 16) * 16;
  segments.push({ name: 'the canaries behind the last buffer', begin: at, end: bytes });
  return { segments, bytes };
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

// What the parity test puts into buffers of f32: each fill is one kind of number that breaks one kind of mistake. A fill
// writes bits, not numbers, because a NaN's payload must survive.

import type { Random } from './random.ts';

const scalar = new Float32Array(1);
const scalarBits = new Uint32Array(scalar.buffer);

/** The bits of x rounded to f32. */
export function bitsOf(x: number): number {
  scalar[0] = x;
  return scalarBits[0];
}

/** The number that the bits stand for. */
export function numberOf(bits: number): number {
  scalarBits[0] = bits;
  return scalar[0];
}

/** Bits that stand for a NaN of any payload. */
export const isNaNBits = (bits: number): boolean => (bits & 0x7fffffff) > 0x7f800000;

/** Makes the bits of one element after another. */
type Source = () => number;

// About normal: the sum of four uniform numbers.
const normal = (r: Random): number => r.between(-1, 1) + r.between(-1, 1) + r.between(-1, 1) + r.between(-1, 1);

/** A number of random sign whose magnitude is between 2^low and 2^high, every binade alike. */
const spread = (r: Random, low: number, high: number): number =>
  (r.below(2) === 0 ? 1 : -1) * 2 ** r.between(low, high);

// biome-ignore format: a row a kind
const SPECIAL: readonly number[] = [
  0x00000000, 0x80000000, // zeros
  0x7f800000, 0xff800000, // infinities
  0x7fc00000, 0xffc00000, 0x7f800001, 0x7fffffff, // NaN: quiet, negative, signalling, full payload
  0x00000001, 0x80000001, 0x007fffff, 0x807fffff, // smallest and largest subnormals
  0x00800000, 0x80800000, 0x7f7fffff, 0xff7fffff, // smallest and largest normals
  0x0d800000, 0x8d800000, 0x0d7fffff, 0x0d800001, // ±2⁻¹⁰⁰, where fading moments are cleared, and its neighbours
  0x3f800000, 0xbf800000, 0x3f7fffff, 0x3f800001, // ±1 and its neighbours
  0x4b000000, 0x4b7fffff, 0xcb400000, 0x4f000000, // where f32 has no fraction; 2³¹
  0x4503ccb5, 0x45ad4d93, // almost halfway between two multiples of π/2
  0x460014ce, 0x4600083d, // a little above 8,192, where two ways to take turns off an angle differ, in sin and in cos
];

/** Where functions of exp, log, erf, tanh and sin change their course; the fill `edges` lands on them and beside them. */
// biome-ignore format: a row a kind
const EDGES: readonly number[] = [
  88.72284, 88.37626, 87.33655, 103.97208, 17.32868, 16.63553, 9.010913, // overflow, underflow, saturation of exp and tanh
  126, 127, 128, 149, 150, // the same in powers of two
  Math.LN2, 0.3465736, Math.SQRT2, Math.SQRT1_2, 0.4142135, 2.4142135, // ranges of exp, log, atan
  Math.PI, 1.5707964, 0.7853982, // quadrants
  0.5, 0.625, 1, 2, 3, 3.832507, 4, 5, 6, 8, 10, 20, // branches of erf and tanh, bounds of softplus
];

/** Every fill, in the order in which trials use them; `mixed` takes another one for every buffer. */
export const fillNames = [
  'ordinary',
  'positive',
  'specials',
  'mixed',
  'bits',
  'saturating',
  'wide',
  'edges',
  'extreme',
  'ties',
  'mixture',
  'zeros',
  'equal',
] as const;

export type FillName = (typeof fillNames)[number];
type Plain = Exclude<FillName, 'mixed'>;

/** The fills by name. A source is made once for a buffer. */
const FILLS: Readonly<Record<Plain, (r: Random) => Source>> = {
  ordinary: (r) => () => bitsOf(normal(r)),
  positive: (r) => () => bitsOf(Math.abs(normal(r)) + 0.001),
  bits: (r) => () => r.word(),
  specials: (r) => () => (r.below(4) === 0 ? r.of(SPECIAL) : bitsOf(normal(r))),
  mixture: (r) => () => r.of(SPECIAL),
  wide: (r) => () => bitsOf(spread(r, -30, 30)),
  extreme: (r) => () => bitsOf(r.below(2) === 0 ? spread(r, 100, 128) : spread(r, -149, -100)),
  saturating: (r) => () => bitsOf(r.between(-110, 110)),
  edges: (r) => () => bitsOf(r.of(EDGES) * (r.below(2) === 0 ? 1 : -1) * (1 + r.between(-1, 1) * 2 ** -r.below(24))),
  ties: (r) => () => bitsOf(r.below(9) / 2 - 2),
  zeros: (r) => () => (r.below(2) === 0 ? 0 : 0x80000000),
  equal: (r) => {
    const bits = r.below(4) === 0 ? r.of(SPECIAL) : bitsOf(normal(r));
    return () => bits;
  },
};

const plainNames = Object.keys(FILLS) as readonly Plain[];

/** A source of bits for one buffer of f32. */
export const sourceOf = (name: FillName, r: Random): Source => FILLS[name === 'mixed' ? r.of(plainNames) : name](r);

const SPECIAL_WORDS: readonly number[] = [0, 1, 0xffffffff, 0xfffffffe, 0xfffffff0, 0x80000000, 0x7fffffff];

/** A source of words for one buffer of u32; the words stay below `bound` when there is one. */
export function wordSourceOf(name: FillName, r: Random, bound: number | undefined): Source {
  if (bound !== undefined)
    return () => (name === 'zeros' ? 0 : name === 'extreme' ? Math.max(bound - 1, 0) : r.below(bound));
  if (name === 'zeros') return () => 0;
  if (name === 'specials' || name === 'mixture' || name === 'extreme') return () => r.of(SPECIAL_WORDS);
  return () => r.word();
}

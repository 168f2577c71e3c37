// Random numbers: Threefry-2×32 with 20 rounds (Salmon, Moraes, Dror & Shaw 2011), a function of a key and a counter that lie in
// memory, so that any number of a run can be had again.
//
// state: 4 words, key₀, key₁, counter low, counter high. Block j of a call encrypts counter + offset + j (64 bits) and gives
// two words; element i is word i & 1 of block i >> 1.

import type { Memory } from '../../machine.ts';
import {
  count,
  grid,
  type Kernel,
  kernel,
  type Parameter,
  reads,
  updates,
  type Words,
  writes,
} from '../../signature.ts';
import { cos, log, sin } from '../math.ts';

const f = Math.fround;

const parameters: Readonly<Record<string, Parameter>> = {
  out: writes('n'),
  n: count,
  state: reads(4, { type: 'u32' }),
  offset: count,
};
const withNumbers: Readonly<Record<string, Parameter>> = { ...parameters, numbers: reads(2) };
const cases: readonly Words[] = grid({
  n: [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 1001],
  offset: [0, 1, 4_294_967_295],
});

const TWO_32 = 4_294_967_296;

/** 2π */
const TAU: number = f(2 * Math.PI);

/** Whole numbers up to 2²⁴ in steps of 2⁻²⁴. */
const unit = (x: number): number => x / 16_777_216;

/** Bits by which the second word is rotated in round r: ROTATIONS[r & 7]. */
const ROTATIONS: readonly number[] = [13, 15, 26, 6, 17, 29, 16, 24];

/** Calls each(i, a, b) for i = 0, 2, 4 … below n with the two words of block i >> 1. */
function generate(
  u32: Uint32Array,
  n: number,
  state: number,
  offset: number,
  each: (i: number, a: number, b: number) => void,
): void {
  const [key0, key1, low, high] = [0, 1, 2, 3].map((k) => u32[(state >>> 2) + k]);
  const keys = [key0, key1, key0 ^ key1 ^ 0x1bd11bda];
  for (let i = 0; i < n; i += 2) {
    const counter = low + offset + i / 2;
    let a = (counter + key0) | 0;
    let b = (high + Math.floor(counter / TWO_32) + key1) | 0;
    for (let group = 0; group < 5; group++) {
      for (let round = 0; round < 4; round++) {
        const by = ROTATIONS[(4 * group + round) & 7];
        a = (a + b) | 0;
        b = ((b << by) | (b >>> (32 - by))) ^ a;
      }
      a = (a + keys[(group + 1) % 3]) | 0;
      b = (b + keys[(group + 2) % 3] + group + 1) | 0;
    }
    each(i, a >>> 0, b >>> 0);
  }
}

/** The random words of a call, each changed by f, into `to`. */
function fill<T extends Float32Array | Uint32Array>(
  u32: Uint32Array,
  [to, out]: readonly [T, number],
  n: number,
  state: number,
  offset: number,
  change: (bits: number) => number,
): void {
  const start = out >>> 2;
  generate(u32, n, state, offset, (i, a, b) => {
    to[start + i] = change(a);
    if (i + 1 < n) to[start + i + 1] = change(b);
  });
}

/** out[i] = bits */
export const random_bits: Kernel<'random_bits'> = kernel('random_bits', {
  parameters: { ...parameters, out: writes('n', { type: 'u32' }) },
  cases,
  twin: (memory) => (out, n, state, offset) => {
    fill(memory.u32, [memory.u32, out], n, state, offset, (bits) => bits);
  },
});

/** out[i] = low + span · u, u = (bits ≫ 8) · 2⁻²⁴ in [0, 1); numbers: 0 low, 1 span */
export const random_uniform: Kernel<'random_uniform'> = kernel('random_uniform', {
  parameters: withNumbers,
  cases,
  twin: (memory) => (out, n, state, offset, numbers) => {
    const { f32, u32 } = memory;
    const [low, span] = numbersAt(memory, numbers);
    fill(u32, [f32, out], n, state, offset, (bits) => low + f(span * unit(bits >>> 8)));
  },
});

/**
 * Box & Muller 1958 on the two words of a block: mean + deviation · r cos θ and mean + deviation · r sin θ,
 * r = √|2 log u₁|, θ = 2π u₂, u₁ = ((bits ≫ 8) + 1) · 2⁻²⁴ in (0, 1], u₂ = (bits ≫ 8) · 2⁻²⁴; numbers: 0 mean, 1 deviation
 */
export const random_normal: Kernel<'random_normal'> = kernel('random_normal', {
  parameters: withNumbers,
  cases,
  twin: (memory) => (out, n, state, offset, numbers) => {
    const { f32, u32 } = memory;
    const [mean, deviation] = numbersAt(memory, numbers);
    generate(u32, n, state, offset, (i, a, b) => {
      const radius = f(Math.sqrt(Math.abs(2 * log(unit((a >>> 8) + 1)))));
      const angle = f(TAU * unit(b >>> 8));
      f32[(out >>> 2) + i] = mean + f(deviation * f(radius * cos(angle)));
      if (i + 1 < n) f32[(out >>> 2) + i + 1] = mean + f(deviation * f(radius * sin(angle)));
    });
  },
});

/** out[i] = bits < threshold ? 0 : scale; numbers: 0 threshold (a word), 1 scale */
export const dropout_mask: Kernel<'dropout_mask'> = kernel('dropout_mask', {
  parameters: withNumbers,
  cases,
  twin: (memory) => (out, n, state, offset, numbers) => {
    const { u32 } = memory;
    const [threshold, scale] = [u32[numbers >>> 2], u32[(numbers >>> 2) + 1]];
    fill(u32, [u32, out], n, state, offset, (bits) => (bits < threshold ? 0 : scale));
  },
});

/** counter += blocks */
export const advance: Kernel<'advance'> = kernel('advance', {
  parameters: { state: updates(4, { type: 'u32' }), blocks: count },
  cases: grid({ blocks: [0, 1, 1000, 4_294_967_295] }),
  twin: (memory) => (state, blocks) => {
    const { u32 } = memory;
    const low = u32[(state >>> 2) + 2] + blocks;
    u32[(state >>> 2) + 2] = low;
    u32[(state >>> 2) + 3] += Math.floor(low / TWO_32);
  },
});

const numbersAt = ({ f32 }: Memory, numbers: number): readonly [number, number] => [
  f32[numbers >>> 2],
  f32[(numbers >>> 2) + 1],
];

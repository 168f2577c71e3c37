// FNV-1a of 64 bits (Fowler, Noll & Vo) over words, as one short text that is equal wherever the same run was made.

/** The 64-bit prime 2⁴⁰ + 0x1b3 is 256 in the high word and this in the low one. */
const PRIME_LOW = 0x1b3;
const CANONICAL_NAN = 0x7fc00000;

/** Words a call of {@link fold}: a short loop called often is compiled sooner and better than one long loop. */
const PIECE = 4096;

/** Hash of the words of several arrays, each word as four bytes, the lowest first; NaNs of any bits count as one. */
export function hashWords(arrays: Iterable<Uint32Array>): string {
  const state = Int32Array.of(0xcbf29ce4, 0x84222325);
  for (const words of arrays)
    for (let start = 0; start < words.length; start += PIECE)
      fold(state, words, start, Math.min(words.length, start + PIECE));
  return hex(state[0]) + hex(state[1]);
}

/** Goes on from `state`, the hash's high and low word. */
function fold(state: Int32Array, words: Uint32Array, start: number, end: number): void {
  let [high, low] = state;
  for (let i = start; i < end; i++) {
    let word = words[i] | 0;
    if ((word & 0x7fffffff) > 0x7f800000) word = CANONICAL_NAN;
    for (let bit = 0; bit < 32; bit += 8) {
      low ^= (word >> bit) & 0xff;
      // (high, low) · (256, PRIME_LOW) mod 2⁶⁴ in 32-bit integers alone, the carry of low · PRIME_LOW from its halves.
      const below = Math.imul(low & 0xffff, PRIME_LOW) >>> 16;
      const carry = (Math.imul(low >>> 16, PRIME_LOW) + below) >>> 16;
      high = (Math.imul(high, PRIME_LOW) + (low << 8) + carry) | 0;
      low = Math.imul(low, PRIME_LOW);
    }
  }
  state[0] = high;
  state[1] = low;
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

// FNV-1a of 64 bits (Fowler, Noll & Vo) over words, as one short text that is equal wherever the same run was made.

/** The 64-bit prime 2⁴⁰ + 0x1b3 is 256 in the high word and this in the low one. */
const PRIME_LOW = 0x1b3;
const CANONICAL_NAN = 0x7fc00000;

/** Hash of the words of several arrays, each word as four bytes, the lowest first; NaNs of any bits count as one. */
export function hashWords(arrays: Iterable<Uint32Array>): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const words of arrays) {
    for (let i = 0; i < words.length; i++) {
      let word = (words[i] & 0x7fffffff) > 0x7f800000 ? CANONICAL_NAN : words[i];
      for (let byte = 0; byte < 4; byte++) {
        low ^= word & 0xff;
        word >>>= 8;
        // (high, low) · (256, PRIME_LOW) mod 2⁶⁴; low · PRIME_LOW < 2⁴¹ is exact in f64.
        const product = (low >>> 0) * PRIME_LOW;
        high = (Math.imul(high, PRIME_LOW) + (low << 8) + Math.floor(product / 4_294_967_296)) | 0;
        low = product | 0;
      }
    }
  }
  return hex(high) + hex(low);
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

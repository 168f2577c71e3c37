// Comparing numbers by their bits.

/** The bit pattern of an f32 in hex. */
export function bits(x: number): string {
  return `0x${new Uint32Array(Float32Array.of(x).buffer)[0].toString(16).padStart(8, '0')}`;
}

/** The bits of an array, to be compared with toEqual: NaN equals only itself, and −0 is not +0. */
export function bitsOf(values: ArrayLike<number>): number[] {
  return [...new Uint32Array(Float32Array.from(values).buffer)];
}

// Types of the digits.

/** Images of 784 bytes and their labels. */
export interface Digits {
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}
export const PIXELS: number;
export function readDigits(): { readonly images: Uint8Array; readonly labels: Uint8Array };
export function splitDigits(
  digits: { readonly images: Uint8Array; readonly labels: Uint8Array },
  options?: { readonly training?: number; readonly seed?: number },
): { readonly training: Digits; readonly test: Digits };
export function turn(images: Uint8Array): Uint8Array;

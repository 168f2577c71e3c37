// The digits as the page gets them: one file with the training images, the test images and their labels, all bytes.

/** Images of 784 bytes and their labels. */
export interface Digits {
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

export const SIDE = 28;
const PIXELS = SIDE * SIDE;
const TRAINING = 8000;

/** Loads and cuts the file. Rejects when the server does not have it. */
export async function loadDigits(): Promise<{ readonly training: Digits; readonly test: Digits }> {
  const response = await fetch(`${import.meta.env.BASE_URL}digits.bin`);
  if (!response.ok) throw new Error(`the server answered ${response.status} for digits.bin`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const total = bytes.length / (PIXELS + 1);
  const labels = bytes.subarray(total * PIXELS);
  const part = (from: number, to: number): Digits => ({
    x: bytes.slice(from * PIXELS, to * PIXELS),
    y: labels.slice(from, to),
  });
  return { training: part(0, TRAINING), test: part(TRAINING, total) };
}

/** Every image turned by 90° clockwise. */
export function turn(images: Uint8Array): Uint8Array {
  const out = new Uint8Array(images.length);
  for (let start = 0; start < images.length; start += PIXELS) {
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        out[start + column * SIDE + (SIDE - 1 - row)] = images[start + row * SIDE + column];
      }
    }
  }
  return out;
}

/** Draws the first forty images, ten in a row. */
export function draw(canvas: HTMLCanvasElement, images: Uint8Array): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const picture = context.createImageData(10 * SIDE, 4 * SIDE);
  for (let k = 0; k < 40; k++) {
    for (let i = 0; i < PIXELS; i++) {
      const x = (k % 10) * SIDE + (i % SIDE);
      const y = Math.floor(k / 10) * SIDE + Math.floor(i / SIDE);
      picture.data.fill(images[k * PIXELS + i], (y * 10 * SIDE + x) * 4, (y * 10 * SIDE + x) * 4 + 3);
      picture.data[(y * 10 * SIDE + x) * 4 + 3] = 255;
    }
  }
  context.putImageData(picture, 0, 0);
}

// Moves between a contiguous tensor and a strided one of up to four axes: transpose, expand, slice, and the way back.
// Words move unchanged.

import { count, type Kernel, kernel, type Parameter, reads, updates, type Words, writes } from '../../signature.ts';

type Four = readonly [number, number, number, number];

const axes: Readonly<Record<string, Parameter>> = Object.fromEntries(
  ['n0', 'n1', 'n2', 'n3', 's0', 's1', 's2', 's3'].map((name) => [name, count]),
);

const product = (w: Words): number => w.n0 * w.n1 * w.n2 * w.n3;
/** Words from the first to the last that the strided side touches. */
const reach = (w: Words): number =>
  product(w) === 0 ? 0 : 1 + (w.n0 - 1) * w.s0 + (w.n1 - 1) * w.s1 + (w.n2 - 1) * w.s2 + (w.n3 - 1) * w.s3;

const words = (n: Four, s: Four): Words => ({
  n0: n[0],
  n1: n[1],
  n2: n[2],
  n3: n[3],
  s0: s[0],
  s1: s[1],
  s2: s[2],
  s3: s[3],
});

/** Strides that keep all positions apart: slices, and transposes of every pair of axes with the last. */
const apart: readonly Words[] = [
  words([0, 2, 3, 4], [24, 12, 4, 1]),
  words([1, 1, 1, 1], [0, 0, 0, 0]),
  words([1, 1, 1, 17], [0, 0, 0, 1]),
  words([1, 1, 17, 1], [0, 0, 3, 0]),
  words([2, 3, 4, 5], [60, 20, 5, 1]),
  words([2, 3, 4, 5], [200, 50, 7, 1]),
  words([2, 3, 4, 5], [200, 50, 12, 2]),
  words([1, 1, 4, 4], [0, 0, 1, 4]),
  words([1, 1, 33, 19], [0, 0, 1, 33]),
  words([1, 2, 18, 13], [0, 300, 1, 20]),
  words([2, 9, 3, 10], [270, 1, 90, 9]),
  words([9, 2, 3, 10], [1, 270, 90, 9]),
  words([2, 1, 3, 10], [90, 1, 30, 3]),
];

/** out[i0, i1, i2, i3] = x[i0·s0 + i1·s1 + i2·s2 + i3·s3]; out is contiguous [n0, n1, n2, n3], a stride 0 repeats. */
export const copy_strided: Kernel<'copy_strided'> = kernel('copy_strided', {
  parameters: { x: reads(reach, { type: 'u32' }), out: writes(product, { type: 'u32' }), ...axes },
  cases: [
    ...apart,
    words([2, 3, 4, 5], [0, 5, 0, 1]),
    words([2, 3, 4, 17], [12, 4, 1, 0]),
    words([1, 1, 5, 6], [0, 0, 0, 0]),
    words([1, 1, 8, 8], [0, 0, 1, 1]),
  ],
  twin: (memory) => (x, out, n0, n1, n2, n3, s0, s1, s2, s3) => {
    const { u32 } = memory;
    each([n0, n1, n2, n3], [s0, s1, s2, s3], (i, at) => {
      u32[(out >>> 2) + i] = u32[(x >>> 2) + at];
    });
  },
});

/**
 * out[i0·s0 + i1·s1 + i2·s2 + i3·s3] = x[i0, i1, i2, i3]; x is contiguous, other words of out stay. The strides keep the positions
 * apart.
 */
export const scatter_strided: Kernel<'scatter_strided'> = kernel('scatter_strided', {
  parameters: { x: reads(product, { type: 'u32' }), out: updates(reach, { type: 'u32' }), ...axes },
  cases: apart,
  twin: (memory) => (x, out, n0, n1, n2, n3, s0, s1, s2, s3) => {
    const { u32 } = memory;
    each([n0, n1, n2, n3], [s0, s1, s2, s3], (i, at) => {
      u32[(out >>> 2) + at] = u32[(x >>> 2) + i];
    });
  },
});

/** Calls move(i, at) for each element: its number in row-major order and its strided position. */
function each([n0, n1, n2, n3]: Four, [s0, s1, s2, s3]: Four, move: (i: number, at: number) => void): void {
  let i = 0;
  for (let i0 = 0; i0 < n0; i0++) {
    for (let i1 = 0; i1 < n1; i1++) {
      for (let i2 = 0; i2 < n2; i2++) {
        const start = i0 * s0 + i1 * s1 + i2 * s2;
        for (let i3 = 0; i3 < n3; i3++) move(i++, start + i3 * s3);
      }
    }
  }
}

// Moving and filling words. Bits move unchanged, through the u32 view, because a Float32Array may change the bits of a NaN.

import { count, type Kernel, kernel, reads, writes } from '../../signature.ts';

/** out[i] = x[i] */
export const copy: Kernel<'copy'> = kernel('copy', {
  parameters: { x: reads('n', { type: 'u32' }), out: writes('n', { type: 'u32' }), n: count },
  twin: (memory) => (x, out, n) => {
    memory.u32.copyWithin(out >>> 2, x >>> 2, (x >>> 2) + n);
  },
});

/** out[i] = value[0] */
export const fill: Kernel<'fill'> = kernel('fill', {
  parameters: { out: writes('n', { type: 'u32' }), n: count, value: reads(1, { type: 'u32' }) },
  twin: (memory) => (out, n, value) => {
    const { u32 } = memory;
    u32.fill(u32[value >>> 2], out >>> 2, (out >>> 2) + n);
  },
});

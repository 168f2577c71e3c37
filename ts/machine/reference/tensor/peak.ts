// What the arithmetic units can do: the measure against which the matrix product's speed is given.

import { count, type Kernel, kernel, updates } from '../../signature.ts';

const f = Math.fround;

/** Elements, and products and sums of each in one round: the constants of peak.rs. */
const [ELEMENTS, STEPS] = [52, 2];

/** Floating-point operations of `peak` in one round. */
export const PEAK_FLOPS: number = ELEMENTS * STEPS * 2;

/** out[i] = out[i] · ¾ + ¼, 2·rounds times, for the 52 elements of out, which stay in registers meanwhile */
export const peak: Kernel<'peak'> = kernel('peak', {
  parameters: { out: updates(ELEMENTS), rounds: count },
  twin: (memory) => (out, rounds) => {
    const { f32 } = memory;
    for (let i = out >>> 2; i < (out >>> 2) + ELEMENTS; i++) {
      let x = f32[i];
      for (let step = 0; step < STEPS * rounds; step++) x = f(f(x * 0.75) + 0.25);
      f32[i] = x;
    }
  },
});

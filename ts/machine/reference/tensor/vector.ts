// Vectors as a search over all parameters at once needs them (L-BFGS): their product, and a move of one along another.

import { count, type Kernel, kernel, reads, type Words, writes } from '../../signature.ts';
import { sumWith } from '../walk.ts';

const f = Math.fround;

/** Round the vector, the sixteen lanes and the block of the plain sum. */
const sizes = [0, 1, 3, 4, 5, 15, 16, 17, 1000, 4095, 4096, 4097, 4099, 10_000];
const cases: readonly Words[] = sizes.map((n) => ({ n }));

/** out = Σ x·y, each product rounded, by the rule of the plain sum */
export const dot: Kernel<'dot'> = kernel('dot', {
  parameters: { x: reads('n'), y: reads('n'), out: writes(1), n: count },
  cases,
  twin: (memory) => (x, y, out, n) => {
    const { f32 } = memory;
    const [xs, ys] = [x >>> 2, y >>> 2];
    f32[out >>> 2] = sumWith(n, (i) => f(f32[xs + i] * f32[ys + i]));
  },
});

/** out = x + a·y; numbers: 0 a */
export const add_scaled: Kernel<'add_scaled'> = kernel('add_scaled', {
  parameters: { x: reads('n'), y: reads('n'), out: writes('n'), n: count, numbers: reads(1) },
  inPlace: true,
  twin: (memory) => (x, y, out, n, numbers) => {
    const { f32 } = memory;
    const [xs, ys, outs] = [x >>> 2, y >>> 2, out >>> 2];
    const a = f32[numbers >>> 2];
    for (let i = 0; i < n; i++) f32[outs + i] = f(f32[xs + i] + f(a * f32[ys + i]));
  },
});

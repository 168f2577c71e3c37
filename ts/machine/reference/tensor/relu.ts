// relu(x) = max(x, 0), written so that NaN and −0 stay.

import { count, type Kernel, kernel, reads, writes } from '../../signature.ts';

/** out = x < 0 ? 0 : x */
export const relu: Kernel<'relu'> = kernel('relu', {
  parameters: { x: reads('n'), out: writes('n'), n: count },
  twin: (memory) => (x, out, n) => {
    const { f32 } = memory;
    const [xs, outs] = [x >>> 2, out >>> 2];
    for (let i = 0; i < n; i++) f32[outs + i] = f32[xs + i] < 0 ? 0 : f32[xs + i];
  },
});

/** dx = x ≤ 0 ? 0 : dy, so that the gradient at 0 is 0 (PyTorch's choice) */
export const relu_grad: Kernel<'relu_grad'> = kernel('relu_grad', {
  parameters: { x: reads('n'), dy: reads('n'), dx: writes('n'), n: count },
  twin: (memory) => (x, dy, dx, n) => {
    const { f32 } = memory;
    const [xs, dys, dxs] = [x >>> 2, dy >>> 2, dx >>> 2];
    for (let i = 0; i < n; i++) f32[dxs + i] = f32[xs + i] <= 0 ? 0 : f32[dys + i];
  },
});

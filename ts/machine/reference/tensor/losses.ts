// Cross-entropies of logits and the squared error, one loss a row or an element, with their gradients. A mean loss is `mean` of
// these; dy, the gradient that comes back, is then one number: step 0.

import { count, grid, type Kernel, kernel, type Parameter, reads, type Words, writes } from '../../signature.ts';
import { exp, log1p } from '../math.ts';
import { sum, sumWith } from '../walk.ts';
import { exponentials, logSumExp } from './softmax.ts';

const f = Math.fround;

const all = (w: Words): number => w.rows * w.cols;
const labels = reads('rows', { type: 'u32', below: 'cols' });
const shape = { rows: count, cols: count } as const;
const cases: readonly Words[] = grid({ rows: [0, 1, 5], cols: [1, 2, 3, 4, 5, 8, 10, 15, 16, 17, 100] });
const rowGradient = (target: Readonly<Record<string, Parameter>>): Readonly<Record<string, Parameter>> => ({
  logits: reads(all),
  ...target,
  dy: reads((w) => (w.rows === 0 ? 0 : (w.rows - 1) * w.dy_step + 1)),
  dx: writes(all),
  ...shape,
  dy_step: count,
});
const gradientCases: readonly Words[] = grid({
  rows: [0, 1, 5],
  cols: [1, 2, 3, 4, 5, 8, 10, 15, 16, 17, 100],
  dy_step: [0, 1],
});

/** losses[i] = log Σ exp(x − m) + (m − x[label]), x row i of logits, m its maximum; labels are words below cols */
export const cross_entropy: Kernel<'cross_entropy'> = kernel('cross_entropy', {
  parameters: { logits: reads(all), labels, losses: writes('rows'), ...shape },
  cases,
  twin: (memory) => (logits, labels, losses, rows, cols) => {
    const { f32, u32 } = memory;
    for (let i = 0; i < rows; i++) {
      const x = (logits >>> 2) + i * cols;
      const [most, logSum] = logSumExp(f32, x, cols);
      f32[(losses >>> 2) + i] = logSum + f(most - f32[x + u32[(labels >>> 2) + i]]);
    }
  },
});

/** dx[i, j] = (softmax(x)[j] − (j = label ? 1 : 0)) · dy[i·dy_step] */
export const cross_entropy_grad: Kernel<'cross_entropy_grad'> = kernel('cross_entropy_grad', {
  parameters: rowGradient({ labels }),
  cases: gradientCases,
  inPlace: false,
  twin: (memory) => (logits, labels, dy, dx, rows, cols, dy_step) => {
    const { f32, u32 } = memory;
    for (let i = 0; i < rows; i++) {
      const out = (dx >>> 2) + i * cols;
      const total = exponentials(f32, (logits >>> 2) + i * cols, out, cols);
      const [dyi, label] = [f32[(dy >>> 2) + i * dy_step], u32[(labels >>> 2) + i]];
      for (let j = 0; j < cols; j++) f32[out + j] = f(f(f32[out + j] / total) - (j === label ? 1 : 0)) * dyi;
    }
  },
});

/** losses[i] = Σⱼ t[j] · (log Σ exp(x − m) − (x[j] − m)), x and t rows i of logits and targets: −Σ t log softmax(x) */
export const cross_entropy_rows: Kernel<'cross_entropy_rows'> = kernel('cross_entropy_rows', {
  parameters: { logits: reads(all), targets: reads(all), losses: writes('rows'), ...shape },
  cases,
  twin: (memory) => (logits, targets, losses, rows, cols) => {
    const { f32 } = memory;
    for (let i = 0; i < rows; i++) {
      const [x, t] = [(logits >>> 2) + i * cols, (targets >>> 2) + i * cols];
      const [most, logSum] = logSumExp(f32, x, cols);
      f32[(losses >>> 2) + i] = sumWith(cols, (j) => f(f32[t + j] * f(logSum - f(f32[x + j] - most))));
    }
  },
});

/** dx[i, j] = (softmax(x)[j] · Σ t − t[j]) · dy[i·dy_step] */
export const cross_entropy_rows_grad: Kernel<'cross_entropy_rows_grad'> = kernel('cross_entropy_rows_grad', {
  parameters: rowGradient({ targets: reads(all) }),
  cases: gradientCases,
  inPlace: false,
  twin: (memory) => (logits, targets, dy, dx, rows, cols, dy_step) => {
    const { f32 } = memory;
    for (let i = 0; i < rows; i++) {
      const [t, out] = [(targets >>> 2) + i * cols, (dx >>> 2) + i * cols];
      const whole = sum(f32, t, cols);
      const total = exponentials(f32, (logits >>> 2) + i * cols, out, cols);
      const dyi = f32[(dy >>> 2) + i * dy_step];
      for (let j = 0; j < cols; j++) f32[out + j] = f(f(f(f32[out + j] / total) * whole) - f32[t + j]) * dyi;
    }
  },
});

const elementwise: Readonly<Record<string, Parameter>> = { x: reads('n'), t: reads('n'), out: writes('n'), n: count };
const elementGradient: Readonly<Record<string, Parameter>> = {
  x: reads('n'),
  t: reads('n'),
  dy: reads((w) => (w.n === 0 ? 0 : (w.n - 1) * w.dy_step + 1)),
  dx: writes('n'),
  n: count,
  dy_step: count,
};
const elementCases: readonly Words[] = grid({ n: [0, 1, 3, 4, 5, 15, 16, 17, 1000], dy_step: [0, 1] });

/** out[i] = (max(x, 0) − x·t) + log(1 + e), e = exp(−|x|): binary cross-entropy of sigmoid(x) with the target t */
export const sigmoid_cross_entropy: Kernel<'sigmoid_cross_entropy'> = kernel('sigmoid_cross_entropy', {
  parameters: elementwise,
  inPlace: false,
  twin: (memory) => (x, t, out, n) => {
    const { f32 } = memory;
    for (let i = 0; i < n; i++) {
      const xi = f32[(x >>> 2) + i];
      const linear = f(Math.max(xi, 0) - f(xi * f32[(t >>> 2) + i]));
      f32[(out >>> 2) + i] = linear + log1p(exp(-Math.abs(xi)));
    }
  },
});

/** dx[i] = (sigmoid(x) − t) · dy[i·dy_step], sigmoid(x) = 1 / (1 + e⁻ˣ) */
export const sigmoid_cross_entropy_grad: Kernel<'sigmoid_cross_entropy_grad'> = kernel('sigmoid_cross_entropy_grad', {
  parameters: elementGradient,
  inPlace: false,
  cases: elementCases,
  twin: (memory) => (x, t, dy, dx, n, dy_step) => {
    const { f32 } = memory;
    for (let i = 0; i < n; i++) {
      const sigmoid = f(1 / f(1 + exp(-f32[(x >>> 2) + i])));
      f32[(dx >>> 2) + i] = f(sigmoid - f32[(t >>> 2) + i]) * f32[(dy >>> 2) + i * dy_step];
    }
  },
});

/** out[i] = (x − t)² */
export const squared_error: Kernel<'squared_error'> = kernel('squared_error', {
  parameters: elementwise,
  twin: (memory) => (x, t, out, n) => {
    const { f32 } = memory;
    for (let i = 0; i < n; i++) {
      const difference = f(f32[(x >>> 2) + i] - f32[(t >>> 2) + i]);
      f32[(out >>> 2) + i] = difference * difference;
    }
  },
});

/** dx[i] = 2 · (x − t) · dy[i·dy_step]; with x and t exchanged it is the gradient of t */
export const squared_error_grad: Kernel<'squared_error_grad'> = kernel('squared_error_grad', {
  parameters: elementGradient,
  cases: elementCases,
  twin: (memory) => (x, t, dy, dx, n, dy_step) => {
    const { f32 } = memory;
    for (let i = 0; i < n; i++) {
      const difference = f32[(x >>> 2) + i] - f32[(t >>> 2) + i];
      f32[(dx >>> 2) + i] = f(2 * difference) * f32[(dy >>> 2) + i * dy_step];
    }
  },
});

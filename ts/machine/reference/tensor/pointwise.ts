// The shapes that activations share: out[i] = f(x[i]) and dx[i] = f(x[i], dy[i]), with or without numbers in memory.
// A function may leave its last operation unrounded: storing the result rounds it.

import type { Memory } from '../../machine.ts';
import { count, type Parameter, reads, writes } from '../../signature.ts';

/** What `kernel` takes for a kernel whose only count is n. */
export interface Pointwise<T> {
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly twin: (memory: Memory) => T;
}

type Map = (x: number, out: number, n: number) => void;
type MapWithNumbers = (x: number, out: number, n: number, numbers: number) => void;
type Gradient = (x: number, dy: number, dx: number, n: number) => void;
type GradientWithNumbers = (x: number, dy: number, dx: number, n: number, numbers: number) => void;

const mapped = { x: reads('n'), out: writes('n'), n: count };
const gradient = { dy: reads('n'), dx: writes('n'), n: count };

/** Kernel (x, out, n): out[i] = g(x[i]) */
export const map = (g: (x: number) => number): Pointwise<Map> => ({
  parameters: mapped,
  twin: (memory) => (x, out, n) => {
    const { f32 } = memory;
    const [xs, outs] = [x >>> 2, out >>> 2];
    for (let i = 0; i < n; i++) f32[outs + i] = g(f32[xs + i]);
  },
});

/** Kernel (x, out, n, numbers): out[i] = g(numbers)(x[i]), with `size` numbers. */
export const mapWithNumbers = (
  size: number,
  g: (...numbers: number[]) => (x: number) => number,
): Pointwise<MapWithNumbers> => ({
  parameters: { ...mapped, numbers: reads(size) },
  twin: (memory) => (x, out, n, numbers) =>
    map(g(...memory.f32.subarray(numbers >>> 2, (numbers >>> 2) + size))).twin(memory)(x, out, n),
});

const gradientTwin =
  (g: (x: number, dy: number) => number): Pointwise<Gradient>['twin'] =>
  (memory) =>
  (x, dy, dx, n) => {
    const { f32 } = memory;
    const [xs, dys, dxs] = [x >>> 2, dy >>> 2, dx >>> 2];
    for (let i = 0; i < n; i++) f32[dxs + i] = g(f32[xs + i], f32[dys + i]);
  };

/** Kernel (x, dy, dx, n): dx[i] = g(x[i], dy[i]) */
export const gradientOfInput = (g: (x: number, dy: number) => number): Pointwise<Gradient> => ({
  parameters: { x: reads('n'), ...gradient },
  twin: gradientTwin(g),
});

/** Kernel (y, dy, dx, n): dx[i] = g(y[i], dy[i]) with y = the function's result */
export const gradientOfOutput = (g: (y: number, dy: number) => number): Pointwise<Gradient> => ({
  parameters: { y: reads('n'), ...gradient },
  twin: gradientTwin(g),
});

/** Kernel (x, dy, dx, n, numbers): dx[i] = g(numbers)(x[i], dy[i]), with `size` numbers. */
export const gradientWithNumbers = (
  size: number,
  g: (...numbers: number[]) => (x: number, dy: number) => number,
): Pointwise<GradientWithNumbers> => ({
  parameters: { x: reads('n'), ...gradient, numbers: reads(size) },
  twin: (memory) => (x, dy, dx, n, numbers) =>
    gradientTwin(g(...memory.f32.subarray(numbers >>> 2, (numbers >>> 2) + size)))(memory)(x, dy, dx, n),
});

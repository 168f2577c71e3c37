// The best plain JavaScript its authors can write, for honest comparison: register-blocked matrix products with a packed panel, divisions and
// reads hoisted out of the loops. Doubles inside, because V8 turns Math.fround into conversions that cost more than they save.

import * as data from './data.mjs';
import type { Contestant, Net } from './js-plain.d.mts';

const { lr, beta1, beta2, eps, momentum } = data.HYPER;

/** Adam with every number of the step hoisted and each array element read once. */
export function adam(p: Float32Array, g: Float32Array, m: Float32Array, v: Float32Array, t: number): void {
  const root = Math.sqrt(1 - beta2 ** t);
  const step = (lr * root) / (1 - beta1 ** t);
  const e = eps * root;
  const c1 = 1 - beta1;
  const c2 = 1 - beta2;
  const n = p.length;
  for (let i = 0; i < n; i++) {
    const gi = g[i];
    const mi = m[i] + c1 * (gi - m[i]);
    const vi = beta2 * v[i] + c2 * gi * gi;
    m[i] = mi;
    v[i] = vi;
    p[i] -= (step * mi) / (Math.sqrt(vi) + e);
  }
}

/** SGD with momentum, four elements a turn. */
export function sgdMomentum(p: Float32Array, g: Float32Array, b: Float32Array): void {
  const n = p.length;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const b0 = momentum * b[i] + g[i];
    const b1 = momentum * b[i + 1] + g[i + 1];
    const b2 = momentum * b[i + 2] + g[i + 2];
    const b3 = momentum * b[i + 3] + g[i + 3];
    b[i] = b0;
    b[i + 1] = b1;
    b[i + 2] = b2;
    b[i + 3] = b3;
    p[i] -= lr * b0;
    p[i + 1] -= lr * b1;
    p[i + 2] -= lr * b2;
    p[i + 3] -= lr * b3;
  }
  for (; i < n; i++) {
    b[i] = momentum * b[i] + g[i];
    p[i] -= lr * b[i];
  }
}

/** How an operand lies in memory: element (i, j) at i·row + j·col. */
interface Layout {
  readonly row: number;
  readonly col: number;
}

/** c[m,n] = a·b with a 2×4 block of c in local variables; either side may be transposed. */
export function matmul(
  a: Float32Array,
  la: Layout,
  b: Float32Array,
  lb: Layout,
  c: Float32Array,
  m: number,
  k: number,
  n: number,
): void {
  const packed = new Float32Array(4 * k);
  for (let j = 0; j < n; j += 4) {
    const columns = Math.min(4, n - j);
    packed.fill(0);
    for (let q = 0; q < k; q++) for (let x = 0; x < columns; x++) packed[q * 4 + x] = b[q * lb.row + (j + x) * lb.col];
    for (let i = 0; i < m; i += 2) {
      const next = i + 1 < m ? la.row : 0;
      let c00 = 0,
        c01 = 0,
        c02 = 0,
        c03 = 0,
        c10 = 0,
        c11 = 0,
        c12 = 0,
        c13 = 0;
      for (let q = 0, at = i * la.row; q < k; q++, at += la.col) {
        const x = a[at],
          y = a[at + next];
        const b0 = packed[q * 4],
          b1 = packed[q * 4 + 1],
          b2 = packed[q * 4 + 2],
          b3 = packed[q * 4 + 3];
        c00 += x * b0;
        c01 += x * b1;
        c02 += x * b2;
        c03 += x * b3;
        c10 += y * b0;
        c11 += y * b1;
        c12 += y * b2;
        c13 += y * b3;
      }
      const rows = [
        [c00, c01, c02, c03],
        [c10, c11, c12, c13],
      ];
      for (let r = 0; r < Math.min(2, m - i); r++)
        for (let x = 0; x < columns; x++) c[(i + r) * n + j + x] = rows[r][x];
    }
  }
}

const parameter = (p: Float32Array): { p: Float32Array; g: Float32Array; m: Float32Array; v: Float32Array } => ({
  p,
  g: new Float32Array(p.length),
  m: new Float32Array(p.length),
  v: new Float32Array(p.length),
});

/** The training step of a dense net: forward, loss, backward, Adam. Weights lie as [in, out]. */
export function mlp({ sizes, activation, batch: n }: Net): Contestant {
  const layers = data.denseParams(sizes).map(([w, b], l) => ({
    w: parameter(w),
    b: parameter(b),
    k: sizes[l],
    m: sizes[l + 1],
    x: new Float32Array(0) as Float32Array,
    z: new Float32Array(n * sizes[l + 1]),
    dx: new Float32Array(n * sizes[l]),
  }));
  const classes = sizes[sizes.length - 1];
  const input = data.inputs(n, sizes[0]);
  const [ids, targets] = [data.labels(n, classes), data.targets(n)];
  let loss = 0;
  let t = 0;
  const forward = (): Float32Array => {
    let x: Float32Array = input;
    layers.forEach((layer, l) => {
      const { z, m, k } = layer;
      layer.x = x;
      matmul(x, { row: k, col: 1 }, layer.w.p, { row: m, col: 1 }, z, n, k, m);
      for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) z[i * m + j] += layer.b.p[j];
      if (l < layers.length - 1) {
        if (activation === 'relu') for (let i = 0; i < z.length; i++) z[i] = Math.max(z[i], 0);
        else for (let i = 0; i < z.length; i++) z[i] = Math.tanh(z[i]);
      }
      x = z;
    });
    return x;
  };
  const backward = (out: Float32Array): void => {
    let d = out;
    for (let l = layers.length - 1; l >= 0; l--) {
      const { w, b, x, dx, k, m } = layers[l];
      matmul(x, { row: 1, col: k }, d, { row: m, col: 1 }, w.g, k, n, m);
      b.g.fill(0);
      for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) b.g[j] += d[i * m + j];
      if (l === 0) continue;
      matmul(d, { row: m, col: 1 }, w.p, { row: 1, col: m }, dx, n, m, k);
      if (activation === 'relu') for (let i = 0; i < dx.length; i++) dx[i] = x[i] === 0 ? 0 : dx[i];
      else for (let i = 0; i < dx.length; i++) dx[i] *= 1 - x[i] * x[i];
      d = dx;
    }
  };
  const step = (): void => {
    const out = forward();
    loss = classes > 1 ? softmaxCrossEntropy(out, ids, n, classes) : squaredError(out, targets);
    backward(out);
    t++;
    for (const { w, b } of layers) for (const q of [w, b]) adam(q.p, q.g, q.m, q.v, t);
  };
  return { step, value: () => loss };
}

/** Replaces the logits by their gradient and returns the mean loss. */
function softmaxCrossEntropy(z: Float32Array, ids: Int32Array, n: number, m: number): number {
  let loss = 0;
  for (let i = 0; i < n; i++) {
    let max = Number.NEGATIVE_INFINITY;
    for (let j = i * m; j < (i + 1) * m; j++) max = Math.max(max, z[j]);
    let sum = 0;
    const target = z[i * m + ids[i]];
    for (let j = i * m; j < (i + 1) * m; j++) {
      z[j] = Math.exp(z[j] - max);
      sum += z[j];
    }
    loss += Math.log(sum) + max - target;
    const scale = 1 / (sum * n);
    for (let j = i * m; j < (i + 1) * m; j++) z[j] *= scale;
    z[i * m + ids[i]] -= 1 / n;
  }
  return loss / n;
}

function squaredError(z: Float32Array, y: Float32Array): number {
  let loss = 0;
  for (let i = 0; i < z.length; i++) {
    const d = z[i] - y[i];
    loss += d * d;
    z[i] = (2 * d) / z.length;
  }
  return loss / z.length;
}

// The rules that js-plain.mjs lacks, as the same careful author would write them: doubles inside, one rounding at the store, no unrolling.

/** One step of a rule over parameters, gradient and as many state arrays as it names. */
export interface PlainRule {
  readonly slots: number;
  step(p: Float32Array, g: Float32Array, slots: readonly Float32Array[], t: number): void;
}

/** Nadam's running product of its momenta. */
let nadamProduct = 1;

/** By the name of the workload; options are PyTorch's defaults. */
export const plainRules: Readonly<Record<string, PlainRule>> = {
  sgd: {
    slots: 0,
    step(p, g) {
      for (let i = 0; i < p.length; i++) p[i] -= 1e-3 * g[i];
    },
  },
  nesterov: {
    slots: 1,
    step(p, g, [b]) {
      for (let i = 0; i < p.length; i++) {
        b[i] = 0.9 * b[i] + g[i];
        p[i] -= 1e-3 * (g[i] + 0.9 * b[i]);
      }
    },
  },
  adagrad: {
    slots: 1,
    step(p, g, [s]) {
      for (let i = 0; i < p.length; i++) {
        s[i] += g[i] * g[i];
        p[i] -= (1e-2 * g[i]) / (Math.sqrt(s[i]) + 1e-10);
      }
    },
  },
  rmsprop: {
    slots: 1,
    step(p, g, [v]) {
      for (let i = 0; i < p.length; i++) {
        v[i] = 0.99 * v[i] + 0.01 * g[i] * g[i];
        p[i] -= (1e-2 * g[i]) / (Math.sqrt(v[i]) + 1e-8);
      }
    },
  },
  adadelta: {
    slots: 2,
    step(p, g, [v, u]) {
      for (let i = 0; i < p.length; i++) {
        v[i] = 0.9 * v[i] + 0.1 * g[i] * g[i];
        const delta = (Math.sqrt(u[i] + 1e-6) / Math.sqrt(v[i] + 1e-6)) * g[i];
        u[i] = 0.9 * u[i] + 0.1 * delta * delta;
        p[i] -= delta;
      }
    },
  },
  adamw: {
    slots: 2,
    step(p, g, [m, v], t) {
      const step = (1e-3 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
      const e = 1e-8 * Math.sqrt(1 - 0.999 ** t);
      for (let i = 0; i < p.length; i++) {
        const gi = g[i];
        m[i] = 0.9 * m[i] + (1 - 0.9) * gi;
        v[i] = 0.999 * v[i] + (1 - 0.999) * gi * gi;
        p[i] = p[i] * (1 - 1e-3 * 1e-2) - (step * m[i]) / (Math.sqrt(v[i]) + e);
      }
    },
  },
  nadam: {
    slots: 2,
    step(p, g, [m, v], t) {
      if (t === 1) nadamProduct = 1;
      const mu = 0.9 * (1 - 0.5 * 0.96 ** (t * 4e-3));
      const next = 0.9 * (1 - 0.5 * 0.96 ** ((t + 1) * 4e-3));
      nadamProduct *= mu;
      const a = (2e-3 * (1 - mu)) / (1 - nadamProduct);
      const b = (2e-3 * next) / (1 - nadamProduct * next);
      const root = Math.sqrt(1 - 0.999 ** t);
      for (let i = 0; i < p.length; i++) {
        const gi = g[i];
        m[i] = 0.9 * m[i] + (1 - 0.9) * gi;
        v[i] = 0.999 * v[i] + (1 - 0.999) * gi * gi;
        p[i] -= (a * gi + b * m[i]) / (Math.sqrt(v[i]) / root + 1e-8);
      }
    },
  },
  adamax: {
    slots: 2,
    step(p, g, [m, u], t) {
      const step = 2e-3 / (1 - 0.9 ** t);
      for (let i = 0; i < p.length; i++) {
        m[i] = 0.9 * m[i] + (1 - 0.9) * g[i];
        u[i] = Math.max(0.999 * u[i], Math.abs(g[i]) + 1e-8);
        p[i] -= (step * m[i]) / u[i];
      }
    },
  },
  radam: {
    slots: 2,
    step(p, g, [m, v], t) {
      const power = 0.999 ** t;
      const longest = 2 / (1 - 0.999) - 1;
      const length = longest - (2 * t * power) / (1 - power);
      const step = 1e-3 / (1 - 0.9 ** t);
      const rect =
        step *
        Math.sqrt((1 - power) * (((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length)));
      for (let i = 0; i < p.length; i++) {
        const gi = g[i];
        m[i] = 0.9 * m[i] + (1 - 0.9) * gi;
        v[i] = 0.999 * v[i] + (1 - 0.999) * gi * gi;
        p[i] -= length > 5 ? (rect * m[i]) / (Math.sqrt(v[i]) + 1e-8) : step * m[i];
      }
    },
  },
  lion: {
    slots: 1,
    step(p, g, [m]) {
      for (let i = 0; i < p.length; i++) {
        p[i] = p[i] * (1 - 1e-4 * 1e-3) - 1e-4 * Math.sign(0.9 * m[i] + (1 - 0.9) * g[i]);
        m[i] = 0.99 * m[i] + (1 - 0.99) * g[i];
      }
    },
  },
};

// Rules in the wake of Adam, as a careful author would write them.

import type { PlainRules } from './rule.ts';

export const adaptive: PlainRules = {
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

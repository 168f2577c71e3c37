// The classic rules as a careful author would write them; the two that were given are those of js-plain.mjs.

import { sgd } from '../../optimizers/index.ts';
import * as plain from '../js-plain.mjs';
import type { PlainRules } from './rule.ts';

/** Nadam's running product of its momenta. */
let nadamProduct = 1;

export const classic: PlainRules = {
  sgd: {
    slots: 0,
    step(p, g) {
      for (let i = 0; i < p.length; i++) p[i] -= 1e-3 * g[i];
    },
  },
  'sgd-momentum': {
    of: sgd({ momentum: 0.9 }),
    slots: 1,
    step: (p, g, [b]) => plain.sgdm(p, g, b),
  },
  nesterov: {
    of: sgd({ momentum: 0.9, nesterov: true }),
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
  adam: {
    slots: 2,
    step: (p, g, [m, v], t) => plain.adam(p, g, m, v, t),
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
};

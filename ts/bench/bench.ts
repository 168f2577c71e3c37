// What `npx downhill bench`, `npm run bench` and a bench page run: the list of matches, played one after another, and their rows.

import type { Engine } from '../engine.ts';
import { type Effort, type Match, play, QUICK, type Row, THOROUGH } from './harness.ts';
import { plainDescriptions } from './js-rules.ts';
import { type Kind, productMatch } from './products.ts';
import { fadedMatch, ruleMatch, sizes as ruleSizes } from './rules.ts';
import { nets, stepMatch } from './steps.ts';

/** Options of {@link bench}. */
export interface BenchOptions {
  /** Only these workloads, or the groups `optimizers`, `products`, `steps`. */
  readonly only?: readonly string[];
  /** Fewer rounds and no size beyond 100,000 parameters or 256 rows: a first impression in about a minute. */
  readonly quick?: boolean;
  /** Hears the rows of each match as it ends. */
  readonly onRows?: (rows: readonly Row[]) => void;
  /** Awaited between rounds: draw, or throw to cancel. */
  readonly pause?: () => Promise<void>;
}

const products: readonly Kind[] = ['matmul', 'matmul-tn', 'matmul-nt'];
const productSizes: readonly number[] = [64, 128, 256, 512, 1024];

/** Names of all workloads, by group. */
export const workloads: Readonly<Record<'optimizers' | 'products' | 'steps', readonly string[]>> = {
  optimizers: [...Object.keys(plainDescriptions), 'adam-faded'],
  products,
  steps: Object.keys(nets),
};

/** Plays the matches on the engines `simd` and `reference`; resolves to every row. */
export async function bench(simd: Engine, reference: Engine, options: BenchOptions = {}): Promise<Row[]> {
  const { only, quick = false, onRows, pause } = options;
  const wanted = (workload: string, group: string): boolean =>
    only === undefined || only.includes(workload) || only.includes(group);
  const effort: Effort = quick ? QUICK : THOROUGH;
  const all: Row[] = [];
  const run = async (make: () => Match): Promise<void> => {
    const match = make();
    try {
      const rows = await play(match, effort, pause);
      all.push(...rows);
      onRows?.(rows);
    } finally {
      match.dispose();
    }
  };
  for (const [workload, description] of Object.entries(plainDescriptions)) {
    if (!wanted(workload, 'optimizers')) continue;
    for (const n of ruleSizes) {
      if (quick && n > 100_000) continue;
      await run(() => ruleMatch(workload, description, n, simd, reference));
    }
  }
  if (wanted('adam-faded', 'optimizers')) await run(() => fadedMatch(plainDescriptions.adam, 10_000, simd));
  for (const workload of products) {
    if (!wanted(workload, 'products')) continue;
    for (const n of productSizes) {
      if (quick && n > 256) continue;
      await run(() => productMatch(workload, n, simd, reference));
    }
  }
  for (const workload of workloads.steps) {
    if (wanted(workload, 'steps')) await run(() => stepMatch(workload, simd, reference));
  }
  return all;
}

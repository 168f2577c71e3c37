// Matrix products: square, plain and with either side transposed, beside the peak that multiplication and addition reach without memory.

import type { Engine } from '../engine.ts';
import { PEAK_FLOPS } from '../machine/reference/tensor/peak.ts';
import * as data from './data.mjs';
import type { Contender, Match } from './harness.ts';
import { matmul as blocked } from './js-blocked.ts';
import { make } from './js-plain.mjs';

/** Rounds of the kernel `peak` in one run. */
const PEAK_ROUNDS = 10_000;

/** Which operand is transposed: none, the left, the right. */
export type Kind = 'matmul' | 'matmul-tn' | 'matmul-nt';
const plain = { matmul: make.matmul, 'matmul-tn': make.matmul_ta, 'matmul-nt': make.matmul_tb };

/** A contender with what it leaves behind. */
interface Held {
  readonly contender: Contender;
  readonly dispose: () => void;
}

function onEngine(name: string, engine: Engine, kind: Kind, n: number): Held {
  const a = engine.tensor(data.uniform(n * n, 1, -1, 1), { shape: [n, n] });
  const b = engine.tensor(data.uniform(n * n, 2, -1, 1), { shape: [n, n] });
  const product = engine.compile(() => {
    if (kind === 'matmul-tn') return a.transpose().matmul(b);
    return kind === 'matmul-nt' ? a.matmul(b.transpose()) : a.matmul(b);
  });
  const dispose = (): void => {
    product.dispose();
    a.dispose();
    b.dispose();
  };
  return { contender: { name, run: (times) => void product.run(times) }, dispose };
}

function onArrays(kind: Kind, n: number): Contender {
  const [a, b] = [data.uniform(n * n, 1, -1, 1), data.uniform(n * n, 2, -1, 1)];
  const c = new Float32Array(n * n);
  const straight = { row: n, col: 1 };
  const turned = { row: 1, col: n };
  const [la, lb] = [kind === 'matmul-tn' ? turned : straight, kind === 'matmul-nt' ? turned : straight];
  return {
    name: 'js-blocked',
    run: (times) => {
      for (let i = 0; i < times; i++) blocked(a, la, b, lb, c, n, n, n);
    },
  };
}

/** The kernel `peak` alone: what the arithmetic units do when nothing has to be fetched. */
function peak(engine: Engine): Held {
  const out = engine.tensor(new Float32Array(64));
  const { kernels } = engine.runtime.machine;
  const run = (times: number): void => {
    for (let i = 0; i < times; i++) kernels.peak(out.address, PEAK_ROUNDS);
  };
  return { contender: { name: 'peak', run }, dispose: () => out.dispose() };
}

/** The match of one kind at one size. `reference` is an engine on the reference machine. */
export function productMatch(workload: Kind, n: number, engine: Engine, reference: Engine): Match {
  const flops = 2 * n * n * n;
  const peakFlops = PEAK_ROUNDS * PEAK_FLOPS;
  const repeatPlain = plain[workload](n);
  const held = [onEngine('simd', engine, workload, n), peak(engine), onEngine('reference', reference, workload, n)];
  const [simd, top, twin] = held.map(({ contender }) => contender);
  const contenders: Contender[] = [
    simd,
    top,
    {
      name: 'js',
      run: (times) => {
        for (let i = 0; i < times; i++) repeatPlain.step();
      },
    },
    onArrays(workload, n),
    twin,
  ];
  return {
    workload,
    size: n,
    unit: 'GFLOP/s',
    measure: (seconds, contender) => (contender === 'peak' ? peakFlops : flops) / seconds / 1e9,
    contenders,
    dispose: () => {
      for (const { dispose } of held) dispose();
    },
  };
}

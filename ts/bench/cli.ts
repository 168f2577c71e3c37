// The command `downhill`: `downhill bench` measures the Rust machine against JavaScript on the reader's own computer.

import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { DownhillError } from '../errors.ts';
import { createEngine } from '../index.ts';
import { bench, workloads } from './bench.ts';
import type { Row } from './harness.ts';
import { headline, table } from './table.ts';

const USAGE = `Usage: downhill bench [--quick] [--only WORKLOAD[,WORKLOAD…]] [--json]

Measures the optimizers, matrix products and training steps of downhill against plain JavaScript and against its own
TypeScript reference, in alternating rounds of one process. A ratio is the median of the rounds' ratios.

  --quick   fewer rounds and only small sizes, about a minute
  --only    optimizers, products, steps, or any of:
            ${[...workloads.optimizers, ...workloads.products].join(', ')},
            ${workloads.steps.join(', ')}
  --json    one array of rows { workload, size, contender, unit, median, p25, p75, ratio } on standard output
`;

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function parse(): { readonly only: string[] | undefined; readonly quick: boolean; readonly json: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help === true || positionals.length === 0) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    if (positionals.length !== 1 || positionals[0] !== 'bench')
      fail(`downhill has no command "${positionals.join(' ')}"`);
    const only = values.only?.flatMap((names) => names.split(','));
    const known: readonly string[] = [...Object.keys(workloads), ...Object.values(workloads).flat()];
    for (const name of only ?? []) if (!known.includes(name)) fail(`there is no workload "${name}"`);
    return { only, quick: values.quick === true, json: values.json === true };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { only, quick, json } = parse();
const run = async (): Promise<void> => {
  const simd = await createEngine({ machine: 'simd' });
  const reference = await createEngine({ machine: 'reference' });
  if (!json)
    process.stdout.write(`${headline(cpus()[0]?.model ?? 'unknown processor', `Node ${process.versions.node}`)}\n`);
  const onRows = (rows: readonly Row[]): void => {
    if (!json) process.stdout.write(`${table(rows)}\n`);
  };
  const rows = await bench(simd, reference, { quick, onRows, ...(only === undefined ? {} : { only }) });
  if (json) process.stdout.write(`${JSON.stringify(rows)}\n`);
};
run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof DownhillError ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

// `npm run mutate`: changes one operation in each kernel of either machine, one at a time, and lists the changes that the
// parity test does not notice. `--all` takes every operation, `--only NAME` one kernel, function or file, `--seed N` other ones.

import { parseArgs } from 'node:util';
import { Failure, main, say } from './build/common.mjs';
import { bundleReference, compileCrate, takeSnapshot } from './mutate/build.mjs';
import { Judge } from './mutate/judge.mjs';
import { mutateCrate, mutateReference } from './mutate/lanes.mjs';
import { Plan } from './mutate/plan.mjs';
import { readCrate, readReference } from './mutate/reach.mjs';

const { values: options } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    machine: { type: 'string' },
  },
});

await main(async () => {
  if (options.machine !== undefined && !['simd', 'reference'].includes(options.machine)) {
    throw new Failure(`--machine takes simd or reference, not ${options.machine}`);
  }
  const { root, dispose } = takeSnapshot();
  const judges = { reference: new Judge(), simd: new Judge() };
  try {
    const programs = { reference: readReference(root), simd: readCrate(root) };
    const plan = new Plan(programs, { ...options, seed: Number(options.seed) });
    const baseline = await compareUnchanged(root, judges.reference, plan.kernels);
    judges.reference.limit = judges.simd.limit = 5000 + 10 * judges.reference.longest;
    say(`${plan.size} changes to try; a kernel that takes ${(judges.simd.limit / 1000).toFixed(0)} s does not end.`);
    const survivors = (
      await Promise.all([
        mutateReference(root, plan, judges.reference, baseline),
        mutateCrate(root, plan, judges.simd, baseline),
      ])
    ).flat();
    return report(plan, survivors);
  } finally {
    await Promise.all([judges.reference.dispose(), judges.simd.dispose()]);
    dispose();
  }
});

/** The machines as they are must agree, or nothing can be said about changed ones. */
async function compareUnchanged(root, judge, kernels) {
  say('Building the machines as they are …');
  const [bundle, compiled] = await Promise.all([bundleReference(root), compileCrate(root, new Map())]);
  if (compiled.path === undefined) throw new Failure(`The crate does not compile:\n${compiled.errors}`);
  const failures = await judge.failures({ bundle, wasm: compiled.path, kernels, all: true });
  if (failures.length > 0) throw new Failure(`The machines differ before any change:\n${failures.join('\n')}`);
  return { bundle, wasm: compiled.path };
}

function report(plan, survivors) {
  say('');
  for (const machine of ['reference', 'simd']) {
    const { tried, noticed, coarse, invalid, equivalent } = plan.counts[machine];
    if (tried === 0) continue;
    say(
      `${machine}: ${tried} changes, ${noticed} noticed${coarse ? ` (${coarse} constants only beyond the last bit)` : ''}, ` +
        `${equivalent} left out as equivalent, ${invalid} did not compile`,
    );
  }
  for (const name of plan.untouched) say(`no change reaches ${name}`);
  say(survivors.length === 0 ? 'No survivor.' : `${survivors.length} survived:\n\n${survivors.join('\n\n')}`);
  return survivors.length === 0 && plan.untouched.length === 0 ? 0 : 1;
}

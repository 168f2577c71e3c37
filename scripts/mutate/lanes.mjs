// The two ways a mutant comes to judgement: a twin is bundled anew, which takes a tenth of a second; the crate is compiled,
// which takes seconds, so that changes which no kernel can reach both go into one build. Both run side by side.

import { say } from '../build/common.mjs';
import { bundleReference, compileCrate } from './build.mjs';
import { lineOf, mutated } from './sites.mjs';

/** Tries the changes of the twins. @returns {Promise<string[]>} the survivors */
export async function mutateReference(root, { queues, counts }, judge, { wasm }) {
  const survivors = [];
  const count = counts.reference;
  for (const [i, [mutant]] of queues.reference.entries()) {
    const { unit, site, source, kernels } = mutant;
    const failuresOf = async (change) => {
      const bundle = await bundleReference(root, unit.file, mutated(source, change));
      return await judge.failures({ bundle, wasm, kernels });
    };
    count.tried++;
    let failures = await failuresOf(site);
    if (failures.length === 0 && site.coarser !== undefined) {
      failures = await failuresOf({ ...site, text: site.coarser });
      if (failures.length > 0) count.coarse++;
    }
    conclude('reference', mutant, failures, count, survivors, `${i + 1}/${queues.reference.length}`);
  }
  return survivors;
}

/** Tries the changes of the crate. @returns {Promise<string[]>} the survivors */
export async function mutateCrate(root, { queues, counts }, judge, { bundle }) {
  const survivors = [];
  const count = counts.simd;
  const total = queues.simd.length;
  // A job is one queue at one of its mutants, with the text that the change puts there.
  let waiting = queues.simd.map((queue) => ({ queue, at: 0, text: queue[0].site.text }));
  let done = 0;
  const finish = (job, failures) => {
    count.tried++;
    conclude('simd', job.queue[job.at], failures, count, survivors, `${++done}/${total}`);
  };
  while (waiting.length > 0) {
    const batch = takeBatch(waiting);
    waiting = waiting.filter((job) => !batch.includes(job));
    const compiled = await compileCrate(root, sourcesOf(batch));
    if (compiled.path === undefined) {
      const found = batch.length === 1 ? [...batch] : blamed(batch, compiled.errors);
      for (const job of found) {
        count.invalid++;
        batch.splice(batch.indexOf(job), 1);
        const next = job.queue[job.at + 1];
        if (next !== undefined) waiting.push({ queue: job.queue, at: job.at + 1, text: next.site.text });
        else done++;
      }
      waiting.push(...batch.map((job) => (found.length > 0 ? job : { ...job, alone: true })));
      continue;
    }
    for (const job of batch) {
      const { site, kernels } = job.queue[job.at];
      const failures = await judge.failures({ bundle, wasm: compiled.path, kernels });
      if (failures.length === 0 && site.coarser !== undefined && job.text !== site.coarser) {
        waiting.push({ ...job, text: site.coarser });
        continue;
      }
      if (failures.length > 0 && job.text === site.coarser) count.coarse++;
      finish(job, failures);
    }
  }
  return survivors;
}

/** As many jobs as have no kernel in common; a job that may have broken a build goes alone. */
function takeBatch(waiting) {
  const suspect = waiting.find(({ alone }) => alone);
  if (suspect !== undefined) return [suspect];
  const taken = new Set();
  const batch = [];
  for (const job of waiting) {
    const { kernels } = job.queue[job.at];
    if (kernels.some((kernel) => taken.has(kernel))) continue;
    for (const kernel of kernels) taken.add(kernel);
    batch.push(job);
  }
  return batch;
}

/** The changed files; changes in one file are made from its end to its beginning. */
function sourcesOf(batch) {
  const changed = new Map();
  const jobs = batch.map(({ queue, at, text }) => ({ ...queue[at], text }));
  for (const { unit, site, source, text } of jobs.sort((a, b) => b.site.begin - a.site.begin)) {
    changed.set(unit.file, mutated(changed.get(unit.file) ?? source, { ...site, text }));
  }
  return changed;
}

/** The jobs whose lines the compiler complains about. */
function blamed(batch, errors) {
  const places = [...errors.matchAll(/^(\S+?\.rs):(\d+):\d+: error/gm)].map(([, file, line]) => ({
    file,
    line: Number(line),
  }));
  return batch.filter(({ queue, at }) => {
    const { unit, site, source } = queue[at];
    const [first, last] = [lineOf(source, unit.begin), lineOf(source, unit.end)];
    const own = places.filter(
      ({ file, line }) => unit.file.endsWith(file.replace(/^.*crate\//, 'crate/')) && line >= first && line <= last,
    );
    return (
      own.length > 0 && (own.some(({ line }) => line === lineOf(source, site.begin)) || own.length === places.length)
    );
  });
}

function conclude(machine, { unit, site, source, kernels }, failures, count, survivors, progress) {
  const where = `${unit.file}:${lineOf(source, site.begin)}`;
  const noticed = failures.length > 0;
  if (noticed) count.noticed++;
  const how = noticed
    ? failures[0].split('\n')[0].slice(0, 100)
    : kernels.length === 0
      ? 'NO KERNEL REACHES IT'
      : 'SURVIVES';
  say(`[${machine} ${progress}] ${where} ${unit.name}: ${site.what} — ${how}`);
  if (noticed) return;
  survivors.push(
    `${where} in ${unit.name} (${machine}): ${site.what}, turn ${site.turn}${kernels.length === 0 ? ', and no kernel reaches it' : ''}\n${differenceOf(source, site)}`,
  );
}

/** The changed lines, before and after. */
function differenceOf(source, { begin, end, text }) {
  const from = source.lastIndexOf('\n', begin - 1) + 1;
  const newline = source.indexOf('\n', end);
  const to = newline < 0 ? source.length : newline;
  const before = source.slice(from, to);
  const after = source.slice(from, begin) + text + source.slice(end, to);
  const marked = (lines, mark) =>
    lines
      .split('\n')
      .map((line) => `${mark} ${line}`)
      .join('\n');
  return `${marked(before, '-')}\n${marked(after, '+')}`;
}

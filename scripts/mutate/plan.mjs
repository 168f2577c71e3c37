// Chooses the changes: one in each item of either machine (or every one), never one that is listed as equivalent; and keeps the count.

import { Failure } from '../build/common.mjs';
import { equivalent } from './equivalent.mjs';
import { lineOf, lineTextOf } from './sites.mjs';

export class Plan {
  /** Every kernel's name that the run is about. */
  kernels;
  /** Kernels that no change reaches, as `machine: kernel`. */
  untouched;
  counts = { reference: counters(), simd: counters() };
  /** @type {{ reference: Queue[], simd: Queue[] }} */
  queues;

  /**
   * @param {{ reference: import('./reach.mjs').Program, simd: import('./reach.mjs').Program }} programs
   * @param {{ all: boolean, only?: string, seed: number, machine?: string }} options
   */
  constructor(programs, { all, only, seed, machine }) {
    const used = new Set();
    this.queues = { reference: [], simd: [] };
    const lists = Object.values(programs).map(({ kernelsOf }) => new Set([...kernelsOf.values()].flat()));
    const common = new Set([...lists[0]].filter((name) => lists[1].has(name)));
    const missing = [...lists[0], ...lists[1]].filter((name) => !common.has(name));
    this.untouched = missing.map((name) => `${name}, which is in one machine only`);
    const judges = new Set();
    for (const [name, program] of Object.entries(programs)) {
      const touched = new Set();
      const meant = chooser(program, only);
      for (const unit of program.units) {
        const source = program.sources.get(unit.file);
        const sites = sitesOf(unit, source, used, this.counts[name]);
        if ((machine ?? name) !== name || sites.length === 0 || !meant(unit)) continue;
        const kernels = (program.kernelsOf.get(unit) ?? []).filter((kernel) => common.has(kernel));
        if (kernels.length === 0 && unit.isConstant) continue; // a bound or count that only tests and benches read
        for (const kernel of kernels) touched.add(kernel);
        const mutants = arrange(sites, seed, `${unit.file} ${unit.name}`).map((site) => ({
          unit,
          site,
          source,
          kernels,
        }));
        this.queues[name].push(...(all ? mutants.map((mutant) => [mutant]) : [mutants]));
      }
      for (const kernel of touched) judges.add(kernel);
      if (only !== undefined || (machine ?? name) !== name) continue;
      this.untouched.push(
        ...[...common].filter((kernel) => !touched.has(kernel)).map((kernel) => `${kernel} of ${name}`),
      );
    }
    this.kernels = [...judges];
    const stale = equivalent.filter((entry) => !used.has(entry));
    if (stale.length > 0) {
      const lines = stale.map(({ file, line, what }) => `${file}: ${what} in ${line}`);
      throw new Failure(`scripts/mutate/equivalent.mjs speaks of what is no longer there:\n${lines.join('\n')}`);
    }
    if (this.size === 0) throw new Failure(`Nothing to change${only === undefined ? '' : ` in ${only}`}.`);
  }

  get size() {
    return this.queues.reference.length + this.queues.simd.length;
  }
}

/** @typedef {import('./sites.mjs').Mutant[]} Queue the changes of one unit: the first that compiles is the one */

const counters = () => ({ tried: 0, noticed: 0, coarse: 0, invalid: 0, equivalent: 0 });

/** What `--only` names: a function; a kernel, with what it reaches in its own file; or a file by its path or name. */
function chooser({ units, kernelsOf }, only) {
  if (only === undefined) return () => true;
  const homes = new Set(units.filter(({ names }) => names.includes(only)).map(({ file }) => file));
  return (unit) =>
    unit.names.includes(only) ||
    unit.file.replace(/\.\w+$/, '').endsWith(`/${only.replace(/\.\w+$/, '')}`) ||
    (homes.has(unit.file) && kernelsOf.get(unit).includes(only));
}

/** The unit's sites without the equivalent ones; entries of the table that are met go into `used`. */
function sitesOf(unit, source, used, counts) {
  const turns = new Map();
  return unit.sites.filter((site) => {
    const line = lineTextOf(source, site.begin);
    const key = `${lineOf(source, site.begin)} ${site.what}`;
    const turn = (turns.get(key) ?? 0) + 1;
    turns.set(key, turn);
    site.turn = turn;
    const entry = equivalent.find(
      (one) => one.file === unit.file && one.line === line && one.what === site.what && (one.turn ?? 1) === turn,
    );
    if (entry === undefined) return true;
    used.add(entry);
    counts.equivalent++;
    return false;
  });
}

/** The sites in an order of their own for every unit and seed, those of addresses behind all others. */
function arrange(sites, seed, name) {
  let state = seed >>> 0;
  const random = () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return state >>> 0;
  };
  for (const letter of name) state = (random() ^ letter.codePointAt(0)) >>> 0;
  return sites
    .map((site) => ({ site, key: random() }))
    .sort((a, b) => Number(a.site.minor) - Number(b.site.minor) || a.key - b.key)
    .map(({ site }) => site);
}

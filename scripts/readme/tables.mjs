// The tables of README.md, made from what they speak of: the list of optimizers, the files in dist/, the rows of a benchmark. Each function
// returns Markdown and reads nothing else.

const table = (head, rows, numbers = []) =>
  [head, head.map((_, i) => (numbers.includes(i) ? '--:' : '---')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const count = (value) => value.toLocaleString('en');
const figure = (value) => count(Number(value.toPrecision(value < 10 ? 2 : 3)));
const times = (ratio) => (ratio === null ? '' : `${ratio.toFixed(1)} ×`);

/** The optimizers by name: what they are, their options with defaults, bytes of state for each parameter, whose numbers they give, and where they come from. */
export function optimizerTable(rules) {
  const rows = Object.values(rules).map((rule) => {
    const defaults = Object.entries(rule.options).map(([name, spec]) => [name, spec.default]);
    const options = defaults.map(([name, value]) => `${name}\u00a0${written(value)}`);
    const least = rule.layout(Object.fromEntries(defaults), [1]).slots.length;
    const most = Object.keys(rule.slots).length;
    const state = least === most ? `${4 * most}` : `${4 * least} to ${4 * most}`;
    const dialects = Object.keys(rule.dialects).join(', ');
    return [`\`${rule.name}\``, rule.summary, options.join(', '), state, dialects, rule.source];
  });
  return table(
    ['', 'what it is', 'options and defaults', 'bytes of state a parameter', 'dialects', 'source'],
    rows,
    [3],
  );
}

/** A default as one would write it: `1e-6`, `[0.9, 0.999]`. */
function written(value) {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  return typeof value === 'number' && value > 0 && value < 1e-3 ? value.toExponential() : String(value);
}

/** What a reader downloads: `parts` are `{ name, raw, gzip, brotli }` in bytes. */
export function sizeTable(parts) {
  const rows = parts.map(({ name, raw, gzip, brotli }) => [name, ...[raw, gzip, brotli].map(kilobytes)]);
  return table(['', 'raw', 'gzip', 'brotli'], rows, [1, 2, 3]);
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** What `npm run bench -- --json` measured, as three tables; those without rows are left out. */
export function speedTables(rows) {
  const find = ({ workload, size }, contender) =>
    rows.find((row) => row.workload === workload && row.size === size && row.contender === contender);
  const cell = (row, show) => (row === undefined ? '' : show(row));
  const median = (row) => cell(row, (found) => figure(found.median));
  const ratio = (row) => cell(row, (found) => times(found.ratio));
  const measured = rows.filter(({ contender }) => contender === 'simd');

  const steps = measured
    .filter(({ workload }) => workload === 'adam' || workload === 'sgd-momentum')
    .map((row) => {
      const own = find(row, 'simd-own-arrays');
      const best = find(row, 'js-blocked');
      return [row.workload, count(row.size), median(row), ratio(row), median(own), ratio(own), ratio(best)];
    });
  const products = measured
    .filter(({ workload }) => workload.startsWith('matmul'))
    .map((row) => {
      const share = `${(row.share * 100).toFixed(0)} %`;
      return [row.workload, count(row.size), median(row), share, ratio(row), ratio(find(row, 'js-blocked'))];
    });
  const trainings = measured
    .filter(({ workload }) => workload.startsWith('step-'))
    .map((row) => {
      const eager = find(row, 'simd-eager');
      const net = `${row.workload.replace('step-', '')}, ${row.size}`;
      return [net, median(row), ratio(row), median(eager), ratio(eager), ratio(find(row, 'js-blocked'))];
    });

  return [
    [
      ['optimizer step', 'parameters', 'engine array', '× JS', 'own array', '× JS', 'best JS'],
      steps,
      [1, 2, 3, 4, 5, 6],
    ],
    [['matrix product', 'size', 'GFLOP/s', 'of the peak', '× JS', 'best JS'], products, [1, 2, 3, 4, 5]],
    [['training step', 'compiled', '× JS', 'eager', '× JS', 'best JS'], trainings, [1, 2, 3, 4, 5]],
  ]
    .filter(([, body]) => body.length > 0)
    .map(([head, body, numbers]) => table(head, body, numbers))
    .join('\n\n');
}

// What a mutation is, whatever the language: a place in a file, what stands there instead, and the table of changes that
// both languages share.

/**
 * @typedef {object} Site one possible change
 * @property {number} begin first character that is replaced
 * @property {number} end the character behind the last one
 * @property {string} text what stands there instead
 * @property {string} what the change in a few characters, for the report
 * @property {boolean} minor a change of addresses or order that any test notices: taken only when a unit has nothing better
 * @property {string} [coarser] a larger change, tried when the first is not noticed: the last bit of a constant may not matter
 *
 * @typedef {object} Unit one top-level item of a file: a kernel, a function, a constant
 * @property {string} file relative to the repository
 * @property {string} name for the report
 * @property {readonly string[]} names what others mention to reach it
 * @property {number} begin
 * @property {number} end
 * @property {ReadonlySet<string>} mentions every name in it
 * @property {readonly Site[]} sites
 *
 * @typedef {object} Mutant
 * @property {Unit} unit
 * @property {Site} site
 * @property {string} source the whole file, unchanged
 * @property {readonly string[]} kernels the kernels that can notice it
 */

/** Each operator and the one that takes its place. */
export const OPERATORS = new Map([
  ['+', '-'],
  ['-', '+'],
  ['*', '/'],
  ['/', '*'],
  ['%', '*'],
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['==', '!='],
  ['!=', '=='],
  ['===', '!=='],
  ['!==', '==='],
  ['&', '|'],
  ['|', '&'],
  ['^', '|'],
  ['<<', '>>'],
  ['>>', '<<'],
  ['>>>', '<<'],
  ['&&', '||'],
  ['||', '&&'],
  ['+=', '-='],
  ['-=', '+='],
  ['*=', '/='],
  ['/=', '*='],
  ['|=', '&='],
  ['&=', '|='],
  ['^=', '|='],
]);

/** The site that replaces begin…end of `source` by `text`. @returns {Site} */
export function site(source, begin, end, text, what, minor = false) {
  return { begin, end, text, what: what ?? `${source.slice(begin, end)} → ${text}`, minor };
}

/**
 * The site that changes a constant: a whole number by one, any other by its last bit and, if that goes unnoticed, by a
 * thousandth. `write` gives the constant back its form in the language.
 * @returns {Site}
 */
export function constantSite(source, begin, end, value, write, minor = false) {
  if (Number.isInteger(value)) return site(source, begin, end, write(value + 1), undefined, minor);
  const next = nextFloat(value);
  return {
    ...site(source, begin, end, write(next), undefined, minor),
    coarser: write(Math.fround(value * (1 + 2 ** -10))),
  };
}

/** The f32 behind x, away from zero. */
function nextFloat(x) {
  const float = new Float32Array([x]);
  new Uint32Array(float.buffer)[0]++;
  return float[0];
}

/** The source with the mutant's change in it. */
export const mutated = (source, { begin, end, text }) => source.slice(0, begin) + text + source.slice(end);

/** The number of the line, from 1, in which the character stands. */
export const lineOf = (source, at) => source.slice(0, at).split('\n').length;

/** The whole line in which the character stands, trimmed. */
export function lineTextOf(source, at) {
  const begin = source.lastIndexOf('\n', at - 1) + 1;
  const end = source.indexOf('\n', at);
  return source.slice(begin, end < 0 ? source.length : end).trim();
}

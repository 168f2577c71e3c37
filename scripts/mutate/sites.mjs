// What a mutation is, whatever the language: a place in a file, what stands there instead, and the table of changes that
// both languages share.

/**
 * @typedef {object} Site one possible change
 * @property {number} begin first character that is replaced
 * @property {number} end the character behind the last one
 * @property {string} text what stands there instead
 * @property {string} what the change in a few characters, for the report
 * @property {boolean} minor a change of addresses or order that any test notices: taken only when a unit has nothing better
 * @property {number} [turn] which of the equal changes in its line it is, from 1
 * @property {string} [coarser] a larger change, tried when the first is not noticed: the last bit of a constant may not matter
 *
 * @typedef {object} Unit one top-level item of a file: a kernel, a function, a constant
 * @property {string} file relative to the repository
 * @property {string} name for the report
 * @property {readonly string[]} names what others mention to reach it
 * @property {number} begin
 * @property {number} end
 * @property {boolean} isConstant whether it is one number
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
 * The site that changes a constant: a whole number by one, any other by its last bit. If that goes unnoticed a larger change is
 * tried: a thousandth, a quarter of a large whole number, the highest bit of a word. `write` gives the constant its form.
 * @returns {Site}
 */
export function constantSite(source, begin, end, value, write, minor = false) {
  const whole = Number.isInteger(value) && value < 2 ** 32;
  const small = site(source, begin, end, write(whole ? value + 1 : nextFloat(value)), undefined, minor);
  if (!whole) return { ...small, coarser: write(Math.fround(value * (1 + 2 ** -10))) };
  if (value >= 2 ** 24) return { ...small, coarser: write(value - 2 ** Math.floor(Math.log2(value))) };
  return value > 64 ? { ...small, coarser: write(Math.round(value * 1.25)) } : small;
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

// Finds what can be changed in a Rust source without a parser: tokens, cut into the file's items as units, and in each the
// operators, constants, lane methods and arguments. It relies on rustfmt: a binary operator has white space on both sides.

import { constantSite, OPERATORS, site } from './sites.mjs';

const TOKEN =
  /(?<space>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>"(?:\\.|[^"\\])*"|'(?:\\.[^']*|[^'\\])'|'\w+)|(?<number>0x[\da-fA-F_]+(?:u32|usize)?|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?(?:_?(?:f32|u32|usize|u64|i32|u8))?)|(?<name>[A-Za-z_]\w*)|(?<mark><<=|>>=|\.\.=|::|->|=>|==|!=|<=|>=|&&|\|\||<<|>>|[-+*/%&|^]=|\.\.|[^\s])/g;
const EXCHANGED_METHODS = new Map(
  ['lt le', 'gt ge', 'max min', 'wrapping_add wrapping_sub', 'shl shr']
    .map((pair) => pair.split(' '))
    .flatMap(([a, b]) => [
      [a, b],
      [b, a],
    ]),
);
const DROPPED_METHODS = new Set(['abs', 'sqrt']);
/** Intrinsics whose two arguments may be exchanged. */
const SYMMETRIC = /x\d+_(add|mul|min|max|eq|ne)$|^v128_(and|or|xor)$/;
const SELECTS = new Set(['select', 'select_u32']);
const OPEN = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const CLOSE = new Set([')', ']', '}']);

/**
 * The units of one file.
 * @returns {{ units: import('./sites.mjs').Unit[], names: Set<string> }}
 */
export function scanRust(file, source) {
  const tokens = tokensOf(source);
  const units = [...items(tokens)].map((item) => unitOf(file, source, item)).filter((unit) => unit !== undefined);
  return { units, names: new Set(tokens.filter(({ kind }) => kind === 'name').map(({ text }) => text)) };
}

function tokensOf(source) {
  const tokens = [];
  for (const match of source.matchAll(TOKEN)) {
    const kind = Object.keys(match.groups).find((key) => match.groups[key] !== undefined);
    if (kind !== 'space') tokens.push({ kind, text: match[0], begin: match.index, end: match.index + match[0].length });
  }
  return tokens;
}

/** The items of a file or block: up to a `;` or `}` at depth 0. Blocks of impl, trait and mod are opened; attributes and tests go. */
function* items(tokens) {
  let item = [];
  for (let i = 0; i < tokens.length; i++) {
    if (item.length === 0 && tokens[i].text === '#') {
      const end = closing(tokens, tokens[i + 1].text === '!' ? i + 2 : i + 1);
      if (tokens.slice(i, end).some(({ text }) => text === 'test')) item.push({ kind: 'mark', text: '#test' });
      i = end;
      continue;
    }
    item.push(tokens[i]);
    if (tokens[i].text === ';') {
      yield item;
      item = [];
    } else if (OPEN.has(tokens[i].text)) {
      const end = closing(tokens, i);
      const inner = tokens.slice(i + 1, end);
      if (tokens[i].text === '{') {
        if (item.some(({ text }) => text === '#test')) item = [];
        else if (opens(item)) yield* items(inner);
        else yield [...item, ...inner, tokens[end]];
        item = [];
      } else item.push(...inner, tokens[end]);
      i = end;
    }
  }
}

const opens = (head) =>
  ['impl', 'trait', 'mod'].includes(head.find(({ text }) => !['pub', 'unsafe'].includes(text))?.text);

function closing(tokens, open) {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (OPEN.has(tokens[i].text)) depth++;
    if (CLOSE.has(tokens[i].text) && --depth === 0) return i;
  }
  throw new Error(`no end for ${tokens[open].text}`);
}

function unitOf(file, source, tokens) {
  const head = tokens.filter(({ text }) => !['pub', 'unsafe', 'extern', '"C"'].includes(text)).slice(0, 3);
  const [first, second] = head.map(({ text }) => text);
  let names;
  let body = 0;
  if (first === 'fn' || second === 'fn') {
    names = [tokens[tokens.findIndex(({ text }) => text === 'fn') + 1].text];
    body = tokens.findIndex(({ text }) => text === '{');
    if (body < 0) return undefined;
  } else if (first === 'macro_rules') names = [head[2].text];
  else if (first === 'const' || first === 'static') {
    names = [second];
    body = tokens.findIndex(({ text }) => text === '=');
  } else if (second === '!') names = tokens.filter(({ kind }) => kind === 'name').map(({ text }) => text);
  else return undefined;
  const name = second === '!' && first !== 'macro_rules' ? `${first}!(${names[1]} …)` : names[0];
  const mentions = new Set(tokens.filter(({ kind }) => kind === 'name').map(({ text }) => text));
  const sites = [...sitesIn(tokens.slice(body), source)];
  const [begin, end] = [tokens[0].begin, tokens[tokens.length - 1].end];
  const isConstant = first === 'const' && second !== 'fn';
  return { file, name, names, begin, end, isConstant, mentions, sites };
}

function* sitesIn(tokens, source) {
  for (const [i, token] of tokens.entries()) {
    const [before, after] = [tokens[i - 1], tokens[i + 1]];
    if (before === undefined || after === undefined) continue;
    const { kind, text, begin, end } = token;
    if (kind === 'mark' && isBinary(source, token, before)) yield site(source, begin, end, OPERATORS.get(text));
    else if (text === '-' && after.begin === end && !isOperand(before))
      yield site(source, begin, end, '', '- → nothing');
    else if (kind === 'number' && before.text !== '.' && !isLength(tokens, i)) yield numberSite(source, token);
    else if (kind === 'name') yield* nameSites(tokens, i, source);
  }
}

const isOperand = ({ kind, text }) =>
  kind === 'number' ||
  (kind === 'name' && !['return', 'in', 'if', 'as', 'else', 'match'].includes(text)) ||
  CLOSE.has(text);

const isBinary = (source, { text, begin, end }, before) =>
  OPERATORS.has(text) && /\s/.test(source[begin - 1]) && /\s/.test(source[end]) && isOperand(before);

/** The 16 of `[f32; 16]`: a type, which the compiler guards. */
const isLength = (tokens, i) => tokens[i - 1].text === ';' && tokens[i + 1].text === ']';

function numberSite(source, { text, begin, end }) {
  const [, digits, suffix] =
    text.match(/^(0x[\da-fA-F_]+?|[\d_.]+(?:[eE][+-]?\d+)?)(_?(?:f32|u32|usize|u64|i32|u8))?$/) ?? [];
  const value = Number(digits.replaceAll('_', ''));
  const isFloat = suffix?.endsWith('f32') || (!digits.startsWith('0x') && /[.eE]/.test(digits));
  const write = (number) => {
    const shown = String(number);
    return (isFloat && /^\d+$/.test(shown) ? `${shown}.0` : shown) + (suffix ?? '');
  };
  return constantSite(source, begin, end, value, write);
}

function* nameSites(tokens, i, source) {
  const { text, begin, end } = tokens[i];
  if (tokens[i + 1].text !== '(') return;
  const last = closing(tokens, i + 1);
  if (tokens[i - 1].text === '.') {
    if (EXCHANGED_METHODS.has(text)) yield site(source, begin, end, EXCHANGED_METHODS.get(text));
    if (DROPPED_METHODS.has(text))
      yield site(source, tokens[i - 1].begin, tokens[last].end, '', `.${text}() → nothing`);
    if (SELECTS.has(text)) yield* exchange(tokens.slice(i + 2, last), source, `.${text}: branches exchanged`, false);
  } else if (!['fn', '!', '::'].includes(tokens[i - 1].text) && text !== 'let' && !SYMMETRIC.test(text)) {
    yield* exchange(tokens.slice(i + 2, last), source, `${text}: arguments exchanged`, true);
  }
}

function* exchange(inside, source, what, minor) {
  /** @type {any[][]} */
  const parts = [[]];
  let depth = 0;
  for (const token of inside) {
    if (OPEN.has(token.text)) depth++;
    if (CLOSE.has(token.text)) depth--;
    if (token.text === '|') depth = depth === 0.5 ? 0 : depth === 0 ? 0.5 : depth; // the parameters of a closure
    if (token.text === ',' && depth === 0) parts.push([]);
    else parts[parts.length - 1].push(token);
  }
  if (parts.length < 2 || parts[1].length === 0) return;
  const [[a, b], [c, d]] = parts.slice(0, 2).map((part) => [part[0].begin, part.at(-1).end]);
  if (source.slice(a, b) === source.slice(c, d)) return;
  yield site(source, a, d, source.slice(c, d) + source.slice(b, c) + source.slice(a, b), what, minor);
}

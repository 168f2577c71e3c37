// Finds what can be changed in a TypeScript twin: its top-level items as units, and in each the operators, constants,
// roundings, branches and arguments. What only describes a kernel (parameters, cases) is left alone.

import { parseAst } from 'rolldown/parseAst';
import { constantSite, OPERATORS, site } from './sites.mjs';

/** Properties of a definition, and calls within one, that no machine runs. */
const DESCRIPTION = new Set(['parameters', 'cases', 'inPlace']);
const DESCRIBING_CALLS = new Set(['reads', 'writes', 'updates', 'scratch', 'grid']);
/** Calls whose arguments may be exchanged, or make no machine when they are. */
const EXCHANGEABLE = new Set(['is', 'kernel']);
const EXCHANGED_MATH = new Map([
  ['max', 'min'],
  ['min', 'max'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
]);
/** What makes a view to be taken apart: one element more changes nothing. */
const isViewEnd = (node, parent) =>
  parent?.type === 'CallExpression' && parent.callee.property?.name === 'subarray' && parent.arguments[1] === node;
const DROPPED_MATH = new Set(['fround', 'abs', 'sqrt']);

/**
 * The units of one file, what it imports and exports again, and the names that its descriptions use.
 * @returns {{ units: import('./sites.mjs').Unit[], imports: string[], passesOn: string[], described: Set<string> }}
 */
export function scanTypeScript(file, source) {
  const units = [];
  const imports = [];
  const passesOn = [];
  const described = new Set();
  /** @type {any[]} */
  const statements = parseAst(source, { lang: 'ts' }).body;
  for (const statement of statements) {
    if (statement.source) (statement.type === 'ImportDeclaration' ? imports : passesOn).push(statement.source.value);
    const declaration = statement.declaration ?? statement;
    const items = declaration.type === 'VariableDeclaration' ? declaration.declarations : [declaration];
    for (const item of items) {
      const body = item.type === 'VariableDeclarator' ? item.init : item.body;
      if (!body || !/^(VariableDeclarator|FunctionDeclaration|ClassDeclaration)$/.test(item.type)) continue;
      const names = namesIn(item.id);
      const isConstant = !/Function|Class|CallExpression/.test(body.type);
      const { start: begin, end } = item;
      units.push({ file, name: names.join(), names, begin, end, isConstant, ...scan(item, source, described) });
    }
  }
  return { units, imports, passesOn, described };
}

function namesIn(tree) {
  const names = [];
  visit(tree, undefined, (node) => {
    if (node.type === 'Identifier') names.push(node.name);
    return true;
  });
  return names;
}

function scan(item, source, described) {
  const mentions = new Set();
  const sites = [];
  visit(item, undefined, (node, parent, context) => {
    if (isDescription(node)) {
      for (const name of namesIn(node)) described.add(name);
      return false;
    }
    if (node.type === 'Identifier') mentions.add(node.name);
    sites.push(...sitesAt(node, parent, source, context));
    return true;
  });
  return { mentions, sites };
}

const isDescription = (node) =>
  (node.type === 'Property' && DESCRIPTION.has(node.key.name)) ||
  (node.type === 'CallExpression' && DESCRIBING_CALLS.has(node.callee.name));

/**
 * Calls back for every node that is no type, and for the nodes in it if the answer is true. `context.index` is true inside
 * of an index, where only addresses are made.
 */
function visit(node, parent, act, context = { index: false }) {
  if ((node.type.startsWith('TS') && node.expression === undefined) || isViewEnd(node, parent)) return;
  if (!act(node, parent, context)) return;
  for (const [key, value] of Object.entries(node)) {
    const inside = node.type === 'MemberExpression' && node.computed && key === 'property' ? { index: true } : context;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') visit(child, node, act, inside);
    }
  }
}

function* sitesAt(node, parent, source, { index }) {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression':
      yield* operatorSites(node, source, index);
      break;
    case 'Literal':
      if (typeof node.value === 'number' && !/^(Property|NewExpression)$/.test(parent.type)) {
        const address = index || (parent.type === 'BinaryExpression' && /^>>>?$/.test(parent.operator));
        yield constantSite(source, node.start, node.end, node.value, String, address);
      }
      break;
    case 'UnaryExpression':
      if (node.operator === '-') yield site(source, node.start, node.argument.start, '', '- → nothing');
      break;
    case 'ConditionalExpression':
      yield exchange(source, node.consequent, node.alternate, '? : branches exchanged');
      break;
    case 'CallExpression':
      yield* callSites(node, parent, source);
  }
}

function* operatorSites(node, source, index) {
  const other = OPERATORS.get(node.operator);
  if (other === undefined || (node.operator === '>>>' && node.right.value === 0)) return; // x >>> 0 only writes a word unsigned
  const begin = node.left.end + source.slice(node.left.end, node.right.start).indexOf(node.operator);
  const address = index || (node.operator === '>>>' && node.right.value === 2);
  yield site(source, begin, begin + node.operator.length, other, undefined, address);
}

function* callSites(node, parent, source) {
  const { callee, arguments: given } = node;
  const math = callee.type === 'MemberExpression' && callee.object.name === 'Math' ? callee.property.name : undefined;
  const name = math ?? callee.name ?? callee.property?.name;
  if (callee.name === 'f' || DROPPED_MATH.has(math)) {
    const rounds = name === 'f' || name === 'fround';
    const [argument] = given;
    if (!(rounds && (isStored(parent) || isNumber(argument)))) {
      yield site(source, node.start, node.end, `(${source.slice(argument.start, argument.end)})`, `${name}(x) → x`);
    }
  } else if (EXCHANGED_MATH.has(math)) {
    yield site(source, callee.property.start, callee.property.end, EXCHANGED_MATH.get(math));
  } else if (math === undefined && given.length >= 2 && !EXCHANGEABLE.has(name)) {
    yield { ...exchange(source, given[0], given[1], `${name ?? 'call'}: arguments exchanged`), minor: true };
  }
}

/** Whether the value goes straight into a Float32Array, which rounds as `f` does. */
const isStored = (parent) =>
  parent.type === 'AssignmentExpression' &&
  parent.left.type === 'MemberExpression' &&
  parent.left.object.name === 'f32';

/** A constant's last bit is changed as such; without its rounding it would change by less. */
const isNumber = (node) => node.type === 'Literal' || (node.type === 'UnaryExpression' && isNumber(node.argument));

function exchange(source, first, second, what) {
  const [a, b] = [source.slice(first.start, first.end), source.slice(second.start, second.end)];
  return site(source, first.start, second.end, b + source.slice(first.end, second.start) + a, what);
}

// A state that is to be taken over: checked as a whole, by names and sizes, before anything changes.

import { DownhillError, show } from '../errors.ts';
import { unknownName } from '../options.ts';
import type { Rule } from './rule.ts';
import type { OptimizerState, SlotEntry } from './state.ts';
import type { Piece } from './target.ts';

/** Throws `file` unless the state is one of this rule, with as many groups. */
export function expectState(rule: Rule, state: OptimizerState, groupCount: number): void {
  if (!isObject(state)) throw wrong(rule, 'the state', 'name, step, options, groups and slots', show(state));
  const { name, step, options, groups, slots } = state;
  if (name !== rule.name) throw wrong(rule, 'name', rule.name, show(name));
  if (!Number.isSafeInteger(step) || step < 0) throw wrong(rule, 'step', 'a whole number ≥ 0', show(step));
  if (!isObject(options)) throw wrong(rule, 'options', 'an object', show(options));
  if (!isObject(slots)) throw wrong(rule, 'slots', 'arrays by name, or a list of entries', show(slots));
  if (!Array.isArray(groups)) throw wrong(rule, 'groups', `${groupCount}`, show(groups));
  groups.forEach((own: unknown, i) => {
    if (!isObject(own)) throw wrong(rule, `groups[${i}]`, 'an object', show(own));
  });
  if (groups.length !== groupCount) throw wrong(rule, 'groups', `${groupCount}`, `${groups.length}`);
}

/** The slots of a state as flat arrays, checked by name and size. `needed` must be among them. */
export function flatSlots(
  rule: Rule,
  given: OptimizerState['slots'],
  pieces: readonly Piece[],
  length: number,
  needed: readonly string[],
): Map<string, Float32Array> {
  const flat = isEntries(given) ? flatten(rule, given, pieces, length) : new Map(Object.entries(given));
  for (const slot of needed)
    if (!flat.has(slot))
      throw wrong(rule, `slots.${slot}`, `the slot ${slot}`, `only ${[...flat.keys()].join(', ') || 'none'}`);
  for (const [slot, values] of flat) {
    if (!Object.hasOwn(rule.slots, slot))
      throw unknownName(`state of ${rule.name}`, 'slot', slot, Object.keys(rule.slots), `slots.${slot}`);
    if (!(values instanceof Float32Array)) throw wrong(rule, `slots.${slot}`, 'a Float32Array', show(values));
    if (values.length !== length) throw wrong(rule, `slots.${slot}`, `${length} elements`, `${values.length}`);
  }
  return flat;
}

const isObject = (x: unknown): boolean => typeof x === 'object' && x !== null;

const isEntries = (slots: OptimizerState['slots']): slots is readonly SlotEntry[] => Array.isArray(slots);

function flatten(
  rule: Rule,
  entries: readonly SlotEntry[],
  pieces: readonly Piece[],
  length: number,
): Map<string, Float32Array> {
  const flat = new Map<string, Float32Array>();
  const found = new Map<string, Set<string>>();
  for (const [i, entry] of entries.entries()) {
    const good = isObject(entry) && typeof entry.slot === 'string' && typeof entry.parameter === 'string';
    if (!good || !(entry.values instanceof Float32Array))
      throw wrong(rule, `slots[${i}]`, 'slot, parameter and values (a Float32Array)', show(entry));
    const { slot, parameter, values } = entry;
    const path = `${slot}.${parameter}`;
    const piece = pieces.find(({ name }) => name === parameter);
    if (piece === undefined)
      throw unknownName(
        `state of ${rule.name}`,
        'parameter',
        parameter,
        pieces.map(({ name }) => name),
        path,
      );
    if (values.length !== piece.size) throw wrong(rule, path, `${piece.size} elements`, `${values.length}`);
    const whole = flat.get(slot) ?? new Float32Array(length);
    whole.set(values, piece.offset);
    flat.set(slot, whole);
    found.set(slot, (found.get(slot) ?? new Set<string>()).add(parameter));
  }
  for (const [slot, names] of found) {
    const missing = pieces.find(({ name }) => !names.has(name));
    if (missing !== undefined)
      throw wrong(rule, `${slot}.${missing.name}`, `the slot ${slot} of every parameter`, `none for ${missing.name}`);
  }
  return flat;
}

/** The error for a state that does not fit. */
function wrong(rule: Rule, path: string, expected: string, received: string): DownhillError {
  return new DownhillError(
    'file',
    `this state does not fit this optimizer (${rule.name}): ${path} must have ${expected}: got ${received}`,
    {
      path,
      expected,
      received,
    },
  );
}

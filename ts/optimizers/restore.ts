// A state that is to be taken over: checked as a whole, by names and sizes, before anything changes.

import { DownhillError, show } from '../errors.ts';
import { unknownName } from '../options.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Rule } from './rule.ts';
import type { OptimizerState, SlotEntry } from './state.ts';
import type { Piece } from './target.ts';

/** Throws `file` unless the state is one of this rule, with as many groups. */
export function expectState(rule: Rule, state: OptimizerState, groupCount: number): void {
  if (!isObject(state)) throw wrong(rule, 'the state', 'name, step, options, groups and slots', show(state));
  const { name, step, options, groups, slots, memory } = state;
  if (name !== rule.name) throw wrong(rule, 'name', rule.name, show(name));
  if (!Number.isSafeInteger(step) || step < 0) throw wrong(rule, 'step', 'a whole number ≥ 0', show(step));
  if (!isObject(options)) throw wrong(rule, 'options', 'an object', show(options));
  if (!isObject(slots)) throw wrong(rule, 'slots', 'arrays by name, or a list of entries', show(slots));
  if (!Array.isArray(groups)) throw wrong(rule, 'groups', `${groupCount}`, show(groups));
  groups.forEach((own: unknown, i) => {
    if (!isObject(own)) throw wrong(rule, `groups[${i}]`, 'an object', show(own));
  });
  const numbers = (x: unknown): boolean =>
    typeof x === 'object' && x !== null && Object.values(x).every((value) => Number.isFinite(value));
  if (memory !== undefined && !(Array.isArray(memory) && memory.length === groupCount && memory.every(numbers)))
    throw wrong(rule, 'memory', `numbers by name for ${groupCount} groups`, show(memory));
  if (groups.length !== groupCount) throw wrong(rule, 'groups', `${groupCount}`, `${groups.length}`);
}

/** A slot that is to be taken over: the pieces that have it, and its numbers in their order. */
export interface RestoredSlot {
  readonly pieces: readonly Piece[];
  readonly values: Float32Array;
}

/** The slots of a state, checked by name and size. `needed` says which pieces must have which. */
export function restoredSlots(
  rule: Rule,
  given: OptimizerState['slots'],
  pieces: readonly Piece[],
  needed: ReadonlyMap<string, ReadonlySet<Piece>>,
): Map<string, RestoredSlot> {
  const restored = isEntries(given) ? fromEntries(rule, given, pieces, needed) : fromFlat(rule, given, pieces, needed);
  for (const [slot, wanted] of needed) {
    const there = restored.get(slot);
    if (there === undefined)
      throw wrong(rule, `slots.${slot}`, `the slot ${slot}`, `only ${[...restored.keys()].join(', ') || 'none'}`);
    const missing = [...wanted].find((piece) => !there.pieces.includes(piece));
    if (missing !== undefined)
      throw wrong(rule, `${slot}.${missing.name}`, `the slot ${slot} of every parameter`, `none for ${missing.name}`);
  }
  return restored;
}

const isObject = (x: unknown): boolean => typeof x === 'object' && x !== null;

const isEntries = (slots: OptimizerState['slots']): slots is readonly SlotEntry[] => Array.isArray(slots);

const slotSize = (rule: Rule, slot: string, { shape, size }: Piece): number =>
  rule.slotShape === undefined ? size : sizeOf(rule.slotShape(slot, shape));

function expectSlot(rule: Rule, slot: string): void {
  if (!Object.hasOwn(rule.slots, slot))
    throw unknownName(`state of ${rule.name}`, 'slot', slot, Object.keys(rule.slots), `slots.${slot}`);
}

function fromFlat(
  rule: Rule,
  given: Readonly<Record<string, Float32Array>>,
  all: readonly Piece[],
  needed: ReadonlyMap<string, ReadonlySet<Piece>>,
): Map<string, RestoredSlot> {
  const total = (slot: string, pieces: readonly Piece[]): number =>
    pieces.reduce((sum, piece) => sum + slotSize(rule, slot, piece), 0);
  return new Map(
    Object.entries(given).map(([slot, values]) => {
      expectSlot(rule, slot);
      if (!(values instanceof Float32Array)) throw wrong(rule, `slots.${slot}`, 'a Float32Array', show(values));
      const wanted = all.filter((piece) => needed.get(slot)?.has(piece));
      const pieces = values.length === total(slot, wanted) && wanted.length > 0 ? wanted : all;
      if (values.length !== total(slot, pieces)) {
        const expected = total(slot, wanted.length > 0 ? wanted : all);
        throw wrong(rule, `slots.${slot}`, `${expected} elements`, `${values.length}`);
      }
      return [slot, { pieces, values }];
    }),
  );
}

function fromEntries(
  rule: Rule,
  entries: readonly SlotEntry[],
  all: readonly Piece[],
  needed: ReadonlyMap<string, ReadonlySet<Piece>>,
): Map<string, RestoredSlot> {
  const found = new Map<string, Map<Piece, Float32Array>>();
  for (const [i, entry] of entries.entries()) {
    const good = isObject(entry) && typeof entry.slot === 'string' && typeof entry.parameter === 'string';
    if (!good || !(entry.values instanceof Float32Array))
      throw wrong(rule, `slots[${i}]`, 'slot, parameter and values (a Float32Array)', show(entry));
    const { slot, parameter, values } = entry;
    const path = `${slot}.${parameter}`;
    const piece = all.find(({ name }) => name === parameter);
    if (piece === undefined) {
      const names = all.map(({ name }) => name);
      throw unknownName(`state of ${rule.name}`, 'parameter', parameter, names, path);
    }
    expectSlot(rule, slot);
    const size = slotSize(rule, slot, piece);
    if (values.length !== size) throw wrong(rule, path, `${size} elements`, `${values.length}`);
    const parts = found.get(slot) ?? new Map<Piece, Float32Array>();
    found.set(slot, parts.set(piece, values));
  }
  return new Map(
    [...found].map(([slot, parts]) => {
      const pieces = all.filter((piece) => parts.has(piece));
      const missing = needed.has(slot) ? undefined : all.find((piece) => !parts.has(piece));
      if (missing !== undefined && rule.slotShape === undefined && rule.laws.elementwise)
        throw wrong(rule, `${slot}.${missing.name}`, `the slot ${slot} of every parameter`, `none for ${missing.name}`);
      const values = new Float32Array(pieces.reduce((sum, piece) => sum + slotSize(rule, slot, piece), 0));
      let at = 0;
      for (const piece of pieces) {
        const part = parts.get(piece) ?? new Float32Array(0);
        values.set(part, at);
        at += part.length;
      }
      return [slot, { pieces, values }];
    }),
  );
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

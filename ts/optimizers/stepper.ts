// Takes the steps: the numbers of step t go to a fixed place, then the rule's kernel runs once for each contiguous run of a group. In a
// compiled function the calls come behind the guard, and the numbers come from the program's table of steps.

import type { Block } from '../engine/heap.ts';
import type { Recorder, StepField } from '../engine/recorder.ts';
import type { Life, Runtime } from '../engine/runtime.ts';
import { DownhillError } from '../errors.ts';
import type { Parameter } from '../tensor/parameter.ts';
import { type Call, callsOf, gradientsOf, livesOf, movingParameters, runCalls, shrinkCalls } from './calls.ts';
import { fits, keptOf } from './common.ts';
import type { OptimizerGroup } from './group.ts';
import type { Resolved } from './options.ts';
import type { Complete, Layout, Rule } from './rule.ts';
import { optionsAt } from './scheduled.ts';
import type { SlotPlan, Slots } from './state.ts';
import type { Bound, Piece } from './target.ts';

/** The longest row of numbers that a rule may have. */
const LONGEST_ROW = 32;

/** f64 numbers that a rule keeps from step to step. */
export type Memory = Record<string, number>;

/** Pieces of one group that share kernel and numbers. */
interface Part {
  readonly group: number;
  readonly layout: Layout;
  /** Whether weight decay reaches them, and whether the rule or the runner sees to it. */
  readonly decay: 'none' | 'rule' | 'runner';
  readonly pieces: readonly Piece[];
}

/** Whether two divisions use the same kernels and rows. */
const sameParts = (a: readonly Part[], b: readonly Part[]): boolean =>
  a.length === b.length &&
  a.every(
    ({ layout, decay, pieces }, i) =>
      layout === b[i].layout &&
      decay === b[i].decay &&
      pieces.length === b[i].pieces.length &&
      pieces.every((piece, j) => piece === b[i].pieces[j]),
  );

/** Words of a part's row: numbers, flags, and the share that decay keeps where the runner sees to it. */
const wordsOf = ({ layout: { numbers, flags }, decay }: Part): number => numbers + flags + (decay === 'runner' ? 1 : 0);

/** The share of the parameters that decay beside the gradient keeps. Without a rate, decoupled decay is independent of it. */
const keptBy = ({ decayMode, weightDecay, lr }: Complete): number =>
  typeof weightDecay === 'number' ? keptOf({ decayMode, weightDecay, lr: typeof lr === 'number' ? lr : 1 }) : 1;

function spared({ noDecay }: Resolved, { name, shape }: Piece): boolean {
  if (noDecay === 'none') return false;
  if (noDecay === 'vectors') return shape.length < 2;
  return noDecay.some((pattern) => fits(name, pattern));
}

/** The part of an optimizer that runs. */
export class Stepper {
  /** Steps taken. */
  step = 0;
  readonly #runtime: Runtime;
  readonly #rule: Rule;
  readonly #slots: Slots;
  readonly #row = new Float64Array(LONGEST_ROW);
  #bound: Bound;
  #groups: readonly OptimizerGroup[];
  #parts: readonly Part[] = [];
  /** What the rule keeps from step to step, for each group. */
  #memories: readonly Memory[];
  /** The same behind each of the steps whose rows were filled last. */
  #ahead: (readonly Memory[])[] = [];
  /** Room that holds nothing between two steps, in the order in which it was asked for. */
  #scratch: Block[] = [];
  #gradients: readonly { readonly address: number; readonly size: number }[] = [];
  /** One row of numbers a group, and the same for recorded programs. */
  #numbers: Block;
  #field: StepField;
  #calls: readonly Call[] = [];
  #parameters: readonly Parameter[] = [];
  #lives: readonly Life[] = [];
  #structure = -1;

  constructor(runtime: Runtime, rule: Rule, slots: Slots, bound: Bound, groups: readonly OptimizerGroup[]) {
    this.#runtime = runtime;
    this.#rule = rule;
    this.#slots = slots;
    this.#bound = bound;
    this.#groups = groups;
    this.#memories = groups.map(() => ({ ...rule.memory }));
    this.#parts = this.#newParts();
    this.#makeSlots(this.#parts);
    [this.#numbers, this.#field] = this.#makeRows(this.#parts);
    this.#arrange();
  }

  /** What the rule keeps from step to step, for each group. */
  get memories(): readonly Memory[] {
    return this.#memories;
  }

  set memories(value: readonly Readonly<Memory>[]) {
    this.#memories = value.map((memory) => ({ ...this.#rule.memory, ...memory }));
  }

  /** Which pieces must have which slots, were these the groups' options. */
  needed(resolved: readonly Resolved[]): Map<string, Set<Piece>> {
    const needed = new Map<string, Set<Piece>>();
    for (const { layout, pieces } of this.#newParts(resolved))
      for (const slot of layout.slots) {
        const set = needed.get(slot) ?? new Set<Piece>();
        needed.set(slot, set);
        for (const piece of pieces) set.add(piece);
      }
    return needed;
  }

  /**
   * Follows the groups' options. Where they ask for another kernel, missing slots are made and programs record again. Throws `memory`, and then
   * nothing has changed here.
   */
  adapt(): void {
    const parts = this.#newParts();
    if (sameParts(parts, this.#parts)) return;
    this.#makeSlots(parts);
    const rows = this.#makeRows(parts);
    this.#runtime.heap.free(this.#numbers);
    [this.#numbers, this.#field] = rows;
    this.#parts = parts;
    this.#runtime.structure++;
    this.#arrange();
  }

  /** Other memory or length of what is moved. */
  rebind(bound: Bound): void {
    this.#bound = bound;
    this.#parts = this.#newParts();
    this.#runtime.structure++;
    this.#arrange();
  }

  /** Follows parameters that were frozen or thawed since the last step. Throws `disposed` when something that it moves is gone. */
  check(): void {
    if (this.#structure !== this.#runtime.structure) {
      this.#arrange();
      return;
    }
    for (let i = 0; i < this.#lives.length; i++) if (!this.#lives[i].alive) this.#arrange(); // throws, naming it
  }

  /** Takes one step; `check` comes first. Throws `not-finite` before anything changed, while a compiled function is recorded. */
  take(): void {
    const { recorder, kernels, random } = this.#runtime;
    if (recorder !== undefined) this.#guard(recorder);
    const memories = this.#write(this.step + 1, this.#numbers.address >>> 2, this.#memories);
    if (recorder === undefined) runCalls(this.#calls);
    else {
      runCalls(this.#calls, kernels);
      random.commit();
    }
    this.step++;
    this.#memories = memories;
    this.#runtime.writes++;
    for (let i = 0; i < this.#parameters.length; i++) this.#parameters[i].fresh = false;
  }

  dispose(): void {
    this.#runtime.heap.free(this.#numbers);
    for (const block of this.#scratch) this.#runtime.heap.free(block);
    this.#scratch = [];
  }

  /** Writes the rows of step t at word `at`; returns what the rule keeps from then on. */
  #write(t: number, at: number, before: readonly Memory[]): readonly Memory[] {
    const { f32, u32 } = this.#runtime.machine.memory;
    const row = this.#row;
    const keeps = this.#rule.memory !== undefined;
    const after = keeps ? [...before] : before;
    let word = at;
    for (let i = 0; i < this.#parts.length; i++) {
      const { group, layout, decay } = this.#parts[i];
      const options = optionsAt(this.#rule, this.#groups[group].resolved, t);
      const memory = keeps ? { ...before[group] } : before[group];
      this.#rule.numbers(decay === 'rule' ? options : { ...options, weightDecay: 0 }, t, row, memory, layout);
      if (keeps && Array.isArray(after)) after[group] = memory;
      const { numbers, flags } = layout;
      for (let j = 0; j < numbers; j++) f32[word + j] = row[j];
      for (let j = numbers; j < numbers + flags; j++) u32[word + j] = row[j];
      word += numbers + flags;
      if (decay === 'runner') f32[word++] = keptBy(options);
    }
    return after;
  }

  /** Nothing lasting may be written before loss and gradients are known to be finite. */
  #guard(recorder: Recorder): void {
    const { kernels, machine, flag } = this.#runtime;
    if (recorder.has(this.#field))
      throw new DownhillError(
        'compile',
        `optimizer.step() of ${this.#rule.name} was called twice in one compiled function: compile one step and call that as often as you like`,
        { path: this.#rule.name, expected: 'one step', received: 'two' },
      );
    const word = flag.address >>> 2;
    machine.memory.u32[word] = 0;
    if (recorder.loss !== undefined) kernels.check_finite(recorder.loss.address, flag.address, recorder.loss.size);
    for (const { address, size } of this.#gradients) kernels.check_finite(address, flag.address, size);
    recorder.guard(this.#field);
    if (machine.memory.u32[word] === 0) return;
    throw new DownhillError(
      'not-finite',
      'the loss or a gradient is NaN or infinite; parameters and optimizer state are those before this step',
      {
        path: this.#rule.name,
        expected: 'finite numbers',
      },
    );
  }

  /** The pieces of each group by layout and decay, in their order. Throws for a shape that the rule cannot move. */
  #newParts(resolved: readonly Resolved[] = this.#groups.map((group) => group.resolved)): Part[] {
    return this.#groups.flatMap(({ pieces }, group) => {
      const { fixed } = resolved[group];
      const { ownDecay = ['coupled'] } = this.#rule;
      const decaying = ownDecay.includes(fixed.decayMode) ? 'rule' : fixed.weightDecay === 0 ? 'none' : 'runner';
      const parts: { group: number; layout: Layout; decay: Part['decay']; pieces: Piece[] }[] = [];
      for (const piece of pieces) {
        const layout = this.#rule.layout(fixed, piece.shape);
        const decay = spared(resolved[group], piece) ? 'none' : decaying;
        const part = parts.find((one) => one.layout === layout && one.decay === decay);
        if (part === undefined) parts.push({ group, layout, decay, pieces: [piece] });
        else part.pieces.push(piece);
      }
      return parts;
    });
  }

  #makeSlots(parts: readonly Part[]): void {
    const all = this.#groups.flatMap(({ pieces }) => pieces);
    const plans = new Map<string, SlotPlan[]>();
    for (const { group, layout, pieces } of parts)
      for (const slot of layout.slots) {
        const list = plans.get(slot) ?? [];
        plans.set(slot, list);
        list.push(...pieces.map((piece) => this.#planOf(slot, piece, this.#groups[group].resolved.fixed)));
      }
    for (const [slot, list] of plans) this.#slots.ensure(slot, list, all);
  }

  #planOf(slot: string, piece: Piece, options: Complete): SlotPlan {
    const shape = this.#rule.slotShape?.(slot, piece.shape) ?? piece.shape;
    return { piece, shape, initial: this.#rule.initial?.(slot, options) ?? 0 };
  }

  /** Makes a slot for pieces that their layout does not ask for: a state that is restored has it. */
  ensureSlot(slot: string, pieces: readonly Piece[]): void {
    const all = this.#groups.flatMap((group) => group.pieces);
    const plans = this.#groups.flatMap((group) =>
      group.pieces
        .filter((piece) => pieces.includes(piece))
        .map((piece) => this.#planOf(slot, piece, group.resolved.fixed)),
    );
    if (!this.#slots.ensure(slot, plans, all)) return;
    this.#runtime.structure++; // programs name the memory that it had
    this.#arrange();
  }

  #makeRows(parts: readonly Part[]): [Block, StepField] {
    const words = parts.reduce((total, part) => total + wordsOf(part), 0);
    const block = this.#runtime.heap.allocate(words * 4, `numbers of ${this.#rule.name}`);
    const field: StepField = {
      slot: block.address,
      words,
      fill: (ahead, at) => {
        const before = ahead === 0 ? this.#memories : this.#ahead[ahead - 1];
        this.#ahead[ahead] = this.#write(this.step + 1 + ahead, at, before);
      },
      advance: (steps) => {
        this.step += steps;
        this.#memories = this.#ahead[steps - 1];
      },
    };
    return [block, field];
  }

  #arrange(): void {
    const { structure } = this.#runtime;
    let row = this.#numbers.address;
    const pieces = this.#groups.flatMap((group) => group.pieces);
    this.#parameters = movingParameters(pieces);
    let asked = 0;
    const scratch = (bytes: number): number => this.#room(asked++, bytes);
    this.#calls = this.#parts.flatMap((part) => {
      const { layout } = part;
      const { kernels } = this.#runtime.machine;
      const calls = callsOf(kernels, this.#bound, part.pieces, layout, this.#slots, row, scratch);
      row += wordsOf(part) * 4;
      return part.decay === 'runner'
        ? [...shrinkCalls(kernels, this.#bound, part.pieces, this.#slots, row - 4), ...calls]
        : calls;
    });
    this.#gradients = gradientsOf(this.#bound, pieces, this.#slots);
    this.#lives = livesOf(this.#bound, this.#parameters);
    this.#structure = structure;
  }

  /** Address of the scratch that is asked for as number `index`: the same as before while it is large enough. */
  #room(index: number, bytes: number): number {
    const there = this.#scratch[index];
    if (there !== undefined && there.bytes >= bytes) return there.address;
    if (there !== undefined) this.#runtime.heap.free(there);
    const block = this.#runtime.heap.allocate(bytes, `scratch of ${this.#rule.name}`);
    this.#scratch[index] = block;
    return block.address;
  }
}

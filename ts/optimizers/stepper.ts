// Takes the steps: the numbers of step t go to a fixed place, then the rule's kernel runs once for each contiguous run of a group. In a
// compiled function the calls come behind the guard, and the numbers come from the program's table of steps.

import type { Block } from '../engine/heap.ts';
import type { Recorder, StepField } from '../engine/recorder.ts';
import type { Life, Runtime } from '../engine/runtime.ts';
import { DownhillError } from '../errors.ts';
import type { Parameter } from '../tensor/parameter.ts';
import { type Call, callsOf, livesOf, movingParameters, runCalls } from './calls.ts';
import type { OptimizerGroup } from './group.ts';
import type { Layout, Rule } from './rule.ts';
import type { Filled, Slots } from './state.ts';
import type { Bound } from './target.ts';

/** The longest row of numbers that a rule may have. */
const LONGEST_ROW = 32;

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
  #layouts: readonly Layout[] = [];
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
    this.#layouts = this.#newLayouts();
    this.#makeSlots(this.#layouts);
    [this.#numbers, this.#field] = this.#makeRows(this.#layouts);
    this.#arrange();
  }

  /**
   * Follows the groups' options. Where they ask for another kernel, missing slots are made and programs record again. Throws `memory`, and then
   * nothing has changed here.
   */
  adapt(): void {
    const layouts = this.#newLayouts();
    if (layouts.every((layout, i) => layout === this.#layouts[i])) return;
    this.#makeSlots(layouts);
    const rows = this.#makeRows(layouts);
    this.#runtime.heap.free(this.#numbers);
    [this.#numbers, this.#field] = rows;
    this.#layouts = layouts;
    this.#runtime.structure++;
    this.#arrange();
  }

  /** Other memory or length of what is moved. */
  rebind(bound: Bound): void {
    this.#bound = bound;
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
    this.#write(this.step + 1, this.#numbers.address >>> 2);
    if (recorder === undefined) runCalls(this.#calls);
    else {
      runCalls(this.#calls, kernels);
      random.commit();
    }
    this.step++;
    this.#runtime.writes++;
    for (let i = 0; i < this.#parameters.length; i++) this.#parameters[i].fresh = false;
  }

  dispose(): void {
    this.#runtime.heap.free(this.#numbers);
  }

  /** Writes the rows of step t at word `at`. */
  #write(t: number, at: number): void {
    const { f32, u32 } = this.#runtime.machine.memory;
    const row = this.#row;
    let word = at;
    for (let i = 0; i < this.#groups.length; i++) {
      const { numbers, flags } = this.#layouts[i];
      this.#rule.numbers(this.#groups[i].resolved, t, row);
      for (let j = 0; j < numbers; j++) f32[word + j] = row[j];
      for (let j = numbers; j < numbers + flags; j++) u32[word + j] = row[j];
      word += numbers + flags;
    }
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
    for (const { gradient, size } of this.#calls) kernels.check_finite(gradient, flag.address, size);
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

  #newLayouts(): Layout[] {
    return this.#groups.map(({ resolved }) => this.#rule.layout(resolved));
  }

  #filled(): Filled[] {
    return this.#groups.map(({ resolved, pieces }) => ({ options: resolved, pieces }));
  }

  #makeSlots(layouts: readonly Layout[]): void {
    const filled = this.#filled();
    for (const { slots } of layouts) for (const slot of slots) this.#slots.address(slot, filled);
  }

  #makeRows(layouts: readonly Layout[]): [Block, StepField] {
    const words = layouts.reduce((total, { numbers, flags }) => total + numbers + flags, 0);
    const block = this.#runtime.heap.allocate(words * 4, `numbers of ${this.#rule.name}`);
    const field: StepField = {
      slot: block.address,
      words,
      fill: (ahead, at) => this.#write(this.step + 1 + ahead, at),
      advance: (steps) => {
        this.step += steps;
      },
    };
    return [block, field];
  }

  #arrange(): void {
    const { structure } = this.#runtime;
    const filled = this.#filled();
    let row = this.#numbers.address;
    const pieces = this.#groups.flatMap((group) => group.pieces);
    this.#parameters = movingParameters(pieces);
    this.#calls = this.#groups.flatMap((group, i) => {
      const layout = this.#layouts[i];
      const slots = layout.slots.map((slot) => this.#slots.address(slot, filled));
      const calls = callsOf(this.#runtime.machine.kernels, this.#bound, group.pieces, layout, slots, row);
      row += (layout.numbers + layout.flags) * 4;
      return calls;
    });
    this.#lives = livesOf(this.#bound, this.#parameters);
    this.#structure = structure;
  }
}

// The groups of an optimizer: elements that share options. What a group does not set itself it takes from the optimizer, also when that
// changes later; every change is checked as a whole before anything follows it.

import { DownhillError } from '../errors.ts';
import { expectNames } from '../options.ts';
import { type Resolved, resolveRule } from './options.ts';
import type { GroupSource } from './ranges.ts';
import type { OptionValues, Rule } from './rule.ts';
import { optionsAt } from './scheduled.ts';
import type { Piece } from './target.ts';

/** Options by name before they are checked. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** Elements that share options: `optimizer.groups[i]`. `O` are the options by name. */
export class OptimizerGroup<O extends object = Partial<OptionValues>> {
  /** The elements that it has, when it is a range of an array. */
  readonly range: readonly [number, number] | undefined;
  /** @internal */
  pieces: readonly Piece[];
  /** @internal What the group has of its own. */
  given: GivenOptions;
  /** @internal */
  resolved: Resolved;
  readonly #change: (given: GivenOptions) => void;

  readonly #rate: (resolved: Resolved) => number;

  /** @internal `change` makes other options the group's own, or throws; `rate` is the learning rate of the next step. */
  constructor(
    source: GroupSource,
    resolved: Resolved,
    change: (given: GivenOptions) => void,
    rate: (resolved: Resolved) => number,
  ) {
    this.range = source.range;
    this.pieces = source.pieces;
    this.given = { ...source.options };
    this.resolved = resolved;
    this.#change = change;
    this.#rate = rate;
  }

  /** Number of elements, frozen ones included. */
  get size(): number {
    return this.pieces.reduce((total, { size }) => total + size, 0);
  }

  /** Names of its parameters. */
  get parameters(): string[] {
    return this.pieces.map(({ name }) => name);
  }

  /** All options that its next step uses; a number that has a schedule is the schedule. */
  get options(): Resolved['options'] {
    return this.resolved.options;
  }

  /** Sets options of this group alone; the next step uses them, in compiled functions too. Throws `option`. */
  set(options: O): void {
    this.#change({ ...this.given, ...options });
  }

  /** The learning rate of its next step. */
  get lr(): number {
    return this.#rate(this.resolved);
  }

  set lr(value: number) {
    this.#change({ ...this.given, lr: value });
  }
}

/** What an optimizer does around a change of options. */
export interface ChangeHooks {
  /** Number of the next step. */
  next(): number;
  /** Throws when nothing may change now. */
  before(): void;
  /** Follows the new options; when it throws they are taken back. */
  after(): void;
}

/** All groups of an optimizer and the options that they share. */
export class GroupSet<O extends object> {
  readonly list: readonly OptimizerGroup<O>[];
  /** The shared options, complete. */
  shared: Resolved;
  readonly #rule: Rule;
  readonly #hooks: ChangeHooks;
  #given: GivenOptions;

  /** Throws `option`. */
  constructor(rule: Rule, given: GivenOptions, sources: readonly GroupSource[], hooks: ChangeHooks) {
    this.#rule = rule;
    this.#hooks = hooks;
    this.#given = given;
    this.shared = resolveRule(rule, given, rule.name);
    const resolved = this.resolve(
      given,
      sources.map(({ options }): GivenOptions => ({ ...options })),
    );
    this.list = sources.map(
      (source, i) =>
        new OptimizerGroup<O>(
          source,
          resolved[i],
          (changed) => {
            this.configure(
              this.#given,
              this.list.map((group, j) => (j === i ? changed : group.given)),
            );
          },
          (of) => this.rateOf(of),
        ),
    );
  }

  /** What each group has of its own. */
  get own(): GivenOptions[] {
    return this.list.map(({ given }) => ({ ...given }));
  }

  /** Pieces of all groups, in order. */
  get pieces(): Piece[] {
    return this.list.flatMap(({ pieces }) => pieces);
  }

  /** Sets options that the groups share. Throws `option`, and then nothing has changed. */
  set(options: object): void {
    expectNames(this.#rule.name, options, [...Object.keys(this.#rule.options), 'dialect', 'decayMode', 'noDecay']);
    this.configure({ ...this.#given, ...options }, this.own);
  }

  /** Every group's options, complete. Throws `option`. */
  resolve(given: GivenOptions, groups: readonly GivenOptions[]): Resolved[] {
    const { name } = this.#rule;
    return groups.map((own, i) =>
      resolveRule(this.#rule, { ...given, ...own }, groups.length > 1 ? `${name}.groups[${i}]` : name),
    );
  }

  /** Makes these the shared options and those of the groups. Throws, and then nothing has changed. */
  configure(given: GivenOptions, groups: readonly GivenOptions[]): void {
    this.#hooks.before();
    const shared = resolveRule(this.#rule, given, this.#rule.name);
    const resolved = this.resolve(given, groups);
    const before = this.list.map((group) => [group.given, group.resolved] as const);
    for (const [i, group] of this.list.entries()) [group.given, group.resolved] = [groups[i], resolved[i]];
    try {
      this.#hooks.after();
    } catch (error) {
      for (const [i, group] of this.list.entries()) [group.given, group.resolved] = before[i];
      throw error;
    }
    this.#given = given;
    this.shared = shared;
  }

  /** The learning rate of the next step. Throws `option` for a rule that has none. */
  rateOf(resolved: Resolved): number {
    const { lr } = optionsAt(this.#rule, resolved, this.#hooks.next());
    if (typeof lr === 'number') return lr;
    throw new DownhillError('option', 'this optimizer has no learning rate', { path: 'lr' });
  }
}

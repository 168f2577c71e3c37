// The groups of an optimizer: elements that share options. What a group does not set itself it takes from the optimizer, also when that
// changes later; every change is checked as a whole before anything follows it.

import { DownhillError } from '../errors.ts';
import { expectNames } from '../options.ts';
import { resolveRule } from './options.ts';
import type { GroupSource } from './ranges.ts';
import type { OptionValues, Rule } from './rule.ts';
import type { Piece } from './target.ts';

/** Elements that share options: `optimizer.groups[i]`. `O` are the options by name. */
export class OptimizerGroup<O extends object = Partial<OptionValues>> {
  /** The elements that it has, when it is a range of an array. */
  readonly range: readonly [number, number] | undefined;
  /** @internal */
  pieces: readonly Piece[];
  /** @internal What the group has of its own. */
  given: Partial<OptionValues>;
  /** @internal */
  resolved: OptionValues;
  readonly #change: (given: Partial<OptionValues>) => void;

  /** @internal `change` makes other options the group's own, or throws. */
  constructor(source: GroupSource, resolved: OptionValues, change: (given: Partial<OptionValues>) => void) {
    this.range = source.range;
    this.pieces = source.pieces;
    this.given = { ...source.options };
    this.resolved = resolved;
    this.#change = change;
  }

  /** Number of elements, frozen ones included. */
  get size(): number {
    return this.pieces.reduce((total, { size }) => total + size, 0);
  }

  /** Names of its parameters. */
  get parameters(): string[] {
    return this.pieces.map(({ name }) => name);
  }

  /** All options that its next step uses. */
  get options(): OptionValues {
    return this.resolved;
  }

  /** Sets options of this group alone; the next step uses them, in compiled functions too. Throws `option`. */
  set(options: O): void {
    this.#change({ ...this.given, ...options });
  }

  get lr(): number {
    return rateOf(this.resolved);
  }

  set lr(value: number) {
    this.#change({ ...this.given, lr: value });
  }
}

/** What an optimizer does around a change of options. */
export interface ChangeHooks {
  /** Throws when nothing may change now. */
  before(): void;
  /** Follows the new options; when it throws they are taken back. */
  after(): void;
}

/** All groups of an optimizer and the options that they share. */
export class GroupSet<O extends object> {
  readonly list: readonly OptimizerGroup<O>[];
  /** The shared options, complete. */
  options: OptionValues;
  readonly #rule: Rule;
  readonly #hooks: ChangeHooks;
  #given: Partial<OptionValues>;

  /** Throws `option`. */
  constructor(rule: Rule, given: Partial<OptionValues>, sources: readonly GroupSource[], hooks: ChangeHooks) {
    this.#rule = rule;
    this.#hooks = hooks;
    this.#given = given;
    this.options = resolveRule(rule, given, rule.name);
    const resolved = this.resolve(
      given,
      sources.map(({ options }): Partial<OptionValues> => ({ ...options })),
    );
    this.list = sources.map(
      (source, i) =>
        new OptimizerGroup<O>(source, resolved[i], (changed) => {
          this.configure(
            this.#given,
            this.list.map((group, j) => (j === i ? changed : group.given)),
          );
        }),
    );
  }

  /** What each group has of its own. */
  get own(): Partial<OptionValues>[] {
    return this.list.map(({ given }) => ({ ...given }));
  }

  /** Pieces of all groups, in order. */
  get pieces(): Piece[] {
    return this.list.flatMap(({ pieces }) => pieces);
  }

  /** Sets options that the groups share. Throws `option`, and then nothing has changed. */
  set(options: object): void {
    expectNames(this.#rule.name, options, Object.keys(this.#rule.options));
    this.configure({ ...this.#given, ...options }, this.own);
  }

  /** Every group's options, complete. Throws `option`. */
  resolve(given: Partial<OptionValues>, groups: readonly Partial<OptionValues>[]): OptionValues[] {
    const { name } = this.#rule;
    return groups.map((own, i) =>
      resolveRule(this.#rule, { ...given, ...own }, groups.length > 1 ? `${name}.groups[${i}]` : name),
    );
  }

  /** Makes these the shared options and those of the groups. Throws, and then nothing has changed. */
  configure(given: Partial<OptionValues>, groups: readonly Partial<OptionValues>[]): void {
    this.#hooks.before();
    const options = resolveRule(this.#rule, given, this.#rule.name);
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
    this.options = options;
  }
}

/** The option `lr`. */
export function rateOf({ lr }: OptionValues): number {
  if (typeof lr === 'number') return lr;
  throw new DownhillError('option', 'this optimizer has no learning rate', { path: 'lr' });
}

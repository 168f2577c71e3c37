// What a loss is: what targets it takes for a model's outputs, how it is computed, and how an output is read as a decision.

import { DownhillError } from '../errors.ts';
import type { OptionSpecs } from '../options.ts';
import { format, type Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** What the targets of one example may be. */
export interface TargetRule {
  /** Whole numbers from 0 to classes − 1, one an example, kept as i32. */
  readonly classes?: number;
  /** Numbers, kept as f32. */
  readonly values?: {
    readonly shape: Shape;
    /** Bounds that belong to it. */
    readonly min?: number;
    readonly max?: number;
    /** The numbers of an example must sum to 1. */
    readonly distribution?: true;
  };
}

/** How `accuracy` turns outputs into answers: the largest of a row, or each number above a threshold. */
export type Decision = 'largest' | { readonly above: number };

/** One loss of the list. */
export interface LossDefinition<D extends { readonly kind: string }> {
  readonly kind: D['kind'];
  readonly options: OptionSpecs<D>;
  /** What targets must be for outputs of this shape. Throws `shape` when the loss cannot take such outputs. */
  targets(loss: Required<D>, output: Shape): TargetRule;
  decision(loss: Required<D>, output: Shape): Decision;
  /** Activations that must not end the model, because the loss contains them: `softmax` for crossEntropy. */
  readonly contains: readonly string[];
  /** The mean over the batch: one number. */
  forward(outputs: Tensor, targets: Tensor, loss: Required<D>): Tensor;
}

/** The error of a loss that cannot take a model's outputs. */
export function cannotTake(loss: string, expected: string, output: Shape): DownhillError {
  const received = format(output);
  return new DownhillError('shape', `${loss} needs ${expected}: the model's outputs are ${received}`, {
    path: 'loss',
    expected,
    received,
  });
}

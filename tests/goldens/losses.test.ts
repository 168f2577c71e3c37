// Losses, norms and clipping against PyTorch's float64 numbers, on both machines.

import { expect, it } from 'vitest';
import { constantOf, errorOf, goldenCases, newRuntime, testGoldens, toNumber } from './support/forward-backward.ts';

const later = 'no operation yet: it is none of the losses of this version';
const weighted = 'class weights, smoothing and ignored indices come with the next losses';

testGoldens(
  'losses',
  {
    mse: ({ input }, { reduction }, { target }) => input.meanSquaredError(target, { reduction }),
    bce_with_logits: ({ input }, { reduction }, { target }) => input.sigmoidCrossEntropy(target, { reduction }),
    cross_entropy: ({ input }, { reduction }, { target }) => input.crossEntropy(target, { reduction }),
  },
  {
    mae: later,
    huber: later,
    smooth_l1: later,
    bce: later,
    kl_div: later,
    hinge_embedding: later,
    nll: 'of logits that need not be normalised: crossEntropy() normalises, so the gradients differ',
    clip_grad_norm: 'no operation of one tensor: its norms are tested below',
    'bce_with_logits/pos_weight': later,
    'cross_entropy/smoothing': weighted,
    'cross_entropy/smoothing_probabilities': weighted,
    'cross_entropy/weights': weighted,
    'cross_entropy/ignore_index': weighted,
    'cross_entropy/weights_smoothing_ignore': weighted,
  },
  2e-6,
);

const norms = goldenCases('losses').filter(({ op, options }) => op === 'clip_grad_norm' && options.norm_type === 2);

it.each(['simd', 'reference'] as const)(
  'norm() is the total norm of the gradients that are clipped, on %s',
  (machine) => {
    expect(norms.length).toBeGreaterThan(2);
    for (const { fixed = {}, output } of norms) {
      const runtime = newRuntime(machine);
      runtime.openScope();
      const all = Object.values(fixed).flatMap(({ data }) => data.map(toNumber));
      expect(errorOf(constantOf(runtime, [all.length], all).norm().read(), output.data)).toBeLessThanOrEqual(2e-6);
    }
  },
);

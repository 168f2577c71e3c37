// The operations that layers are made of, against PyTorch's float64 numbers, on both machines: linear and embedding.

import { testGoldens } from './support/forward-backward.ts';

const later = 'no operation yet: it is none of the layers of this version';

testGoldens(
  'layers',
  {
    linear: ({ x, weight, bias }) => x.linear(weight, bias),
    embedding: ({ weight }, _, { indices }) => weight.gather(indices),
  },
  {
    'embedding/padding_idx': 'a row without a gradient is no option of gather()',
    dropout_mask: 'the mask is drawn, not given: tests/tensor/dropout.test.ts',
    conv2d: later,
    batch_norm: later,
    max_pool2d: later,
    avg_pool2d: later,
    global_avg_pool2d: later,
    layer_norm: later,
    group_norm: later,
    attention: later,
    scaled_dot_product: later,
  },
  1e-5,
);

// Activations, softmax and their gradients against PyTorch's float64 numbers, kinks and far ends included, on both machines.

import { testGoldens } from './support/forward-backward.ts';

const later = 'no operation yet: it is none of the layers of this version';

testGoldens(
  'activations',
  {
    relu: ({ x }) => x.relu(),
    leaky_relu: ({ x }, { negative_slope }) => x.leakyRelu(negative_slope),
    elu: ({ x }, { alpha }) => x.elu(alpha),
    selu: ({ x }) => x.selu(),
    gelu: ({ x }, { approximate }) => x.gelu({ approximate }),
    sigmoid: ({ x }) => x.sigmoid(),
    tanh: ({ x }) => x.tanh(),
    softplus: ({ x }, { beta, threshold }) => x.softplus({ beta, threshold }),
    silu: ({ x }) => x.silu(),
    softmax: ({ x }, { axis }) => x.softmax(axis),
    log_softmax: ({ x }, { axis }) => x.logSoftmax(axis),
  },
  {
    mish: later,
    hardsigmoid: later,
    hardswish: later,
    softsign: later,
    relu6: later,
    logsigmoid: later,
    hardtanh: later,
    celu: later,
    tanhshrink: later,
    softshrink: later,
  },
  2e-6,
);

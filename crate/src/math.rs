//! exp, log, tanh, erf, sin, cos over lanes.

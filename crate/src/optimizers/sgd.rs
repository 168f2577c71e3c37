//! Stochastic gradient descent, plain and with momentum (Polyak 1964; Nesterov 1983 as Sutskever et al. 2013 rewrite it), with
//! dampening and coupled weight decay, as PyTorch computes it.
//!
//! sgd:           p ← p − step·(g + pull·p),  step = sign·lr, pull = sign·weightDecay
//! sgd_momentum:  g ← g + pull·p;  b ← μ·b + gain·g,  gain = sign·(1 − dampening), in the first step sign
//!                p ← p − lr·b;  Nesterov: p ← p − lr·(sign·g + μ·b)
use super::update;
use crate::lane::F32x4;
use crate::walk::Address;

/// numbers: 0 step, 1 pull, 2 decayed (a word, 0 or 1; 0 leaves pull·p out)
#[inline(always)]
pub fn sgd(p: u32, g: u32, n: u32, numbers: u32) {
    let row = Address::from(numbers);
    let (step, pull) = (row.splat::<F32x4>(0), row.splat::<F32x4>(1));
    if row.u32(2) == 0 {
        update(p, g, [], n, false, |p, g, []| (p - step * g, []));
    } else {
        update(p, g, [], n, false, |p, g, []| (p - step * (g + pull * p), []));
    }
}

/// numbers: 0 lr, 1 pull, 2 μ, 3 gain, 4 sign; words, 0 or 1: 5 decayed, 6 Nesterov, 7 flush
#[inline(always)]
pub fn sgd_momentum(p: u32, g: u32, b: u32, n: u32, numbers: u32) {
    let row = Address::from(numbers);
    let pull = row.splat::<F32x4>(1);
    if row.u32(5) == 0 {
        with_gradient(p, g, b, n, row, |_, g| g);
    } else {
        with_gradient(p, g, b, n, row, |p, g| g + pull * p);
    }
}

#[inline(always)]
fn with_gradient(p: u32, g: u32, b: u32, n: u32, row: Address, gradient: impl Fn(F32x4, F32x4) -> F32x4) {
    let (momentum, sign) = (row.splat::<F32x4>(2), row.splat::<F32x4>(4));
    if row.u32(6) == 0 {
        momentum_rule(p, g, b, n, row, gradient, |_, b| b);
    } else {
        momentum_rule(p, g, b, n, row, gradient, |g, b| sign * g + momentum * b);
    }
}

#[inline(never)]
fn momentum_rule(
    p: u32,
    g: u32,
    b: u32,
    n: u32,
    row: Address,
    gradient: impl Fn(F32x4, F32x4) -> F32x4,
    direction: impl Fn(F32x4, F32x4) -> F32x4,
) {
    let (lr, momentum, gain) = (row.splat::<F32x4>(0), row.splat::<F32x4>(2), row.splat::<F32x4>(3));
    update(p, g, [b], n, row.u32(7) != 0, |p, g, [b]| {
        let g = gradient(p, g);
        let b = momentum * b + gain * g;
        (p - lr * direction(g, b), [b])
    });
}

//! RMSprop, plain or centered, with or without momentum, with coupled weight decay: Tieleman & Hinton 2012, Graves 2013, with eps outside
//! the root and the rate outside the buffer (PyTorch) or inside (Keras, Optax). v − a² is held at 0 or above before the root, because rounding can take it below.
//!
//! g ← sign·g + l2·p
//! v ← α·v + (1−α)·g·g;  centered: a ← a + (1−α)(g − a)
//! d = g / (√(v + inside) + outside);  centered: d = g / (√(max(v − a·a, 0) + inside) + outside)
//! p ← p − lr·d;  with momentum: b ← μ·b + gain·d, p ← p − lr·b
use super::update;
use crate::lane::F32x4;
use crate::walk::Address;

/// One row for the four kernels: 0 sign, 1 l2, 2 lr, 3 α, 4 1−α, 5 inside, 6 outside, 7 μ, 8 gain, 9 flush (a word, 0 or 1).
struct Rule {
    sign: F32x4,
    l2: F32x4,
    lr: F32x4,
    alpha: F32x4,
    one_minus_alpha: F32x4,
    inside: F32x4,
    outside: F32x4,
    momentum: F32x4,
    gain: F32x4,
    fading: bool,
}

impl Rule {
    #[inline(always)]
    fn new(numbers: u32) -> Self {
        let row = Address::from(numbers);
        let number = |k| row.splat(k);
        Self {
            sign: number(0),
            l2: number(1),
            lr: number(2),
            alpha: number(3),
            one_minus_alpha: number(4),
            inside: number(5),
            outside: number(6),
            momentum: number(7),
            gain: number(8),
            fading: row.u32(9) != 0,
        }
    }
    #[inline(always)]
    fn gradient(&self, p: F32x4, g: F32x4) -> F32x4 {
        self.sign * g + self.l2 * p
    }
    #[inline(always)]
    fn square(&self, v: F32x4, g: F32x4) -> F32x4 {
        self.alpha * v + self.one_minus_alpha * g * g
    }
    #[inline(always)]
    fn average(&self, a: F32x4, g: F32x4) -> F32x4 {
        a + self.one_minus_alpha * (g - a)
    }
    #[inline(always)]
    fn direction(&self, g: F32x4, v: F32x4) -> F32x4 {
        g / ((v + self.inside).sqrt() + self.outside)
    }
    #[inline(always)]
    fn centered(&self, g: F32x4, v: F32x4, a: F32x4) -> F32x4 {
        self.direction(g, (v - a * a).max(F32x4::zero()))
    }
    #[inline(always)]
    fn buffer(&self, b: F32x4, d: F32x4) -> F32x4 {
        self.momentum * b + self.gain * d
    }
}

/// Defines a kernel over its state arrays.
macro_rules! rmsprop {
    ($name:ident($($state:ident),+), |$rule:ident, $p:ident, $g:ident| $body:expr) => {
        #[inline(always)]
        pub fn $name(p: u32, g: u32, $($state: u32,)+ n: u32, numbers: u32) {
            let $rule = Rule::new(numbers);
            update(p, g, [$($state),+], n, $rule.fading, |$p, $g, [$($state),+]| $body);
        }
    };
}

rmsprop!(rmsprop(v), |rule, p, g| {
    let g = rule.gradient(p, g);
    let v = rule.square(v, g);
    (p - rule.lr * rule.direction(g, v), [v])
});
rmsprop!(rmsprop_momentum(v, b), |rule, p, g| {
    let g = rule.gradient(p, g);
    let v = rule.square(v, g);
    let b = rule.buffer(b, rule.direction(g, v));
    (p - rule.lr * b, [v, b])
});
rmsprop!(rmsprop_centered(v, a), |rule, p, g| {
    let g = rule.gradient(p, g);
    let v = rule.square(v, g);
    let a = rule.average(a, g);
    (p - rule.lr * rule.centered(g, v, a), [v, a])
});
rmsprop!(rmsprop_centered_momentum(v, a, b), |rule, p, g| {
    let g = rule.gradient(p, g);
    let v = rule.square(v, g);
    let a = rule.average(a, g);
    let b = rule.buffer(b, rule.centered(g, v, a));
    (p - rule.lr * b, [v, a, b])
});

//! RMSprop, plain or centered, with or without momentum, with coupled weight decay: Tieleman & Hinton 2012, Graves 2013. The numbers say
//! whose: eps outside the root (PyTorch) or inside, the rate outside the buffer (PyTorch) or inside, and Nesterov's look ahead. A sign
//! that is −1 stands in them too. v − a² is held at 0 or above before the root, because rounding can take it below.
//!
//! g ← g + pull·p,  pull = sign·weightDecay
//! v ← α·v + (1−α)·g·g;  centered: a ← a + (1−α)(g − a)
//! d = g / (√(v + inside) + outside);  centered: max(v − a·a, 0) in the place of v
//! p ← p − carry·d;  with momentum: b ← μ·b + gain·d, p ← p − (ahead·d + carry·b)
//! PyTorch: gain = 1, ahead = 0, carry = lr;  Keras, Optax: gain = lr, ahead = 0, carry = 1;  Nesterov: ahead = lr, carry times μ
use super::update;
use crate::lane::F32x4;
use crate::walk::Address;

/// One row for the four kernels: 0 pull, 1 α, 2 1−α, 3 inside, 4 outside, 5 carry, 6 μ, 7 gain, 8 ahead, 9 flush (a word, 0 or 1).
struct Rule {
    pull: F32x4,
    alpha: F32x4,
    one_minus_alpha: F32x4,
    inside: F32x4,
    outside: F32x4,
    carry: F32x4,
    momentum: F32x4,
    gain: F32x4,
    ahead: F32x4,
    fading: bool,
}

impl Rule {
    #[inline(always)]
    fn new(numbers: u32) -> Self {
        let row = Address::from(numbers);
        let number = |k| row.splat(k);
        Self {
            pull: number(0),
            alpha: number(1),
            one_minus_alpha: number(2),
            inside: number(3),
            outside: number(4),
            carry: number(5),
            momentum: number(6),
            gain: number(7),
            ahead: number(8),
            fading: row.u32(9) != 0,
        }
    }
    #[inline(always)]
    fn gradient(&self, p: F32x4, g: F32x4) -> F32x4 {
        g + self.pull * p
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
    #[inline(always)]
    fn moved(&self, p: F32x4, b: F32x4, d: F32x4) -> F32x4 {
        p - (self.ahead * d + self.carry * b)
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
    (p - rule.carry * rule.direction(g, v), [v])
});
rmsprop!(rmsprop_momentum(v, b), |rule, p, g| {
    let g = rule.gradient(p, g);
    let v = rule.square(v, g);
    let d = rule.direction(g, v);
    let b = rule.buffer(b, d);
    (rule.moved(p, b, d), [v, b])
});
rmsprop!(rmsprop_centered(v, a), |rule, p, g| {
    let g = rule.gradient(p, g);
    let v = rule.square(v, g);
    let a = rule.average(a, g);
    (p - rule.carry * rule.centered(g, v, a), [v, a])
});
rmsprop!(rmsprop_centered_momentum(v, a, b), |rule, p, g| {
    let g = rule.gradient(p, g);
    let v = rule.square(v, g);
    let a = rule.average(a, g);
    let d = rule.centered(g, v, a);
    let b = rule.buffer(b, d);
    (rule.moved(p, b, d), [v, a, b])
});

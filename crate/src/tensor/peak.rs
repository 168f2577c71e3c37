//! What the arithmetic units can do: the measure against which the matrix product's speed is given.

use crate::lane::{F32x4, LANES};
use crate::walk::Address;

/// Independent chains: enough to hide the latency of a product and a sum; with the two constants they fill the 15 registers
/// that engines have on x64.
const CHAINS: usize = 13;

/// Steps in a round: two, so that the loop's own instructions take no turns from the arithmetic.
const STEPS: usize = 2;

/// out[i] = out[i] · ¾ + ¼, 2·rounds times, for the 52 elements of out, which stay in registers meanwhile
#[inline(always)]
pub fn peak(out: u32, rounds: u32) {
    let out = Address::from(out);
    let (factor, addend) = (F32x4::splat(0.75), F32x4::splat(0.25));
    let mut x = [factor; CHAINS];
    for (i, x) in x.iter_mut().enumerate() {
        *x = out.load(i * LANES);
    }
    for _ in 0..rounds {
        for _ in 0..STEPS {
            for x in &mut x {
                *x = *x * factor + addend;
            }
        }
    }
    for (i, x) in x.into_iter().enumerate() {
        out.store(i * LANES, x);
    }
}

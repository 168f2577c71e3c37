//! Optimizer rules, one file each: the rule once over lanes, with its formula on top. A kernel takes the parameters, the gradient,
//! the state arrays, the count and a row of numbers; words at the end of the row choose between variants of the loop.
pub mod adadelta;
pub mod adagrad;
pub mod adam;
pub mod adamax;
pub mod amsgrad;
pub mod lion;
pub mod nadam;
pub mod rmsprop;
pub mod sgd;

use core::mem::MaybeUninit;

use crate::lane::{F32x4, LANES};
use crate::walk::{Address, flush};

/// State arrays that a rule may have.
const MOST_STATE: usize = 6;

/// Elements between two flushes: few enough that what was just written is still in the first cache.
const FLUSH_BLOCK: usize = 1024;

/// Moves parameters and state in place: (p, g, s₀ … s₍K₋₁₎) → (p, s₀ … s₍K₋₁₎). With `fading` the new state is flushed once the
/// parameters have moved: what is below 2⁻¹⁰⁰ becomes 0. The last one to three elements are copied to one vector an array,
/// which the same loop takes in a last turn, so that the rule stands in the module once.
#[inline(always)]
fn update<const K: usize>(
    p: u32,
    g: u32,
    state: [u32; K],
    n: u32,
    fading: bool,
    rule: impl Fn(F32x4, F32x4, [F32x4; K]) -> (F32x4, [F32x4; K]),
) {
    let whole = n as usize & !(LANES - 1);
    let rest = n as usize - whole;
    let block = if fading { FLUSH_BLOCK } else { whole };
    let mut vectors = MaybeUninit::<[[u32; LANES]; MOST_STATE + 2]>::uninit();
    let vector = Address::from(vectors.as_mut_ptr() as u32);
    let (arrays_p, arrays_g, arrays): (Address, Address, [Address; K]) = (p.into(), g.into(), state.map(Address::from));
    let (mut p, mut g, mut state, mut i, mut last) = (arrays_p, arrays_g, arrays, 0, false);
    let mut end = block.min(whole);
    loop {
        let begin = i;
        while i < end {
            let (new_p, new_state) = rule(p.load(i), g.load(i), state.map(|s| s.load(i)));
            p.store(i, new_p);
            for k in 0..K {
                state[k].store(i, new_state[k]);
            }
            i += LANES;
        }
        if fading {
            for s in state {
                flush_words(s, begin, end);
            }
        }
        if last {
            break;
        }
        if i < whole {
            end = (i + block).min(whole);
            continue;
        }
        if rest == 0 {
            return;
        }
        (p, g) = (vector, vector.offset(LANES));
        for k in 0..K + 2 {
            vector.store(k * LANES, F32x4::zero());
        }
        move_words(arrays_p.offset(whole), p, rest);
        move_words(arrays_g.offset(whole), g, rest);
        for k in 0..K {
            state[k] = vector.offset((k + 2) * LANES);
            move_words(arrays[k].offset(whole), state[k], rest);
        }
        (i, end, last) = (0, LANES, true);
    }
    move_words(p, arrays_p.offset(whole), rest);
    for k in 0..K {
        move_words(state[k], arrays[k].offset(whole), rest);
    }
}

#[inline(never)]
fn flush_words(x: Address, begin: usize, end: usize) {
    let mut i = begin;
    while i < end {
        x.store(i, flush(x.load(i)));
        i += LANES;
    }
}

/// One to three words.
#[inline(never)]
fn move_words(from: Address, to: Address, count: usize) {
    for i in 0..count {
        to.set_u32(i, from.u32(i));
    }
}

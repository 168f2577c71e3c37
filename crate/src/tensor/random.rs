//! Random numbers: Threefry-2×32 with 20 rounds (Salmon, Moraes, Dror & Shaw 2011), a function of a key and a counter that lie in
//! memory, so that any number of a run can be had again.
//!
//! state: 4 words, key₀, key₁, counter low, counter high. Block j of a call encrypts counter + offset + j (64 bits) and gives
//! two words; element i is word i & 1 of block i >> 1.
use super::zip::{Loop, NUMBERS, formula, zip};
use crate::lane::{F32x4, LANES, U32x4};
use crate::math;
use crate::walk::Address;

/// out[i] = bits
#[inline(never)]
pub fn random_bits(out: u32, n: u32, state: u32, offset: u32) {
    generate(out, n, state, offset, |a, b| [a, b]);
}

/// out[i] = low + span · u, u = (bits ≫ 8) · 2⁻²⁴ in [0, 1); numbers: 0 low, 1 span
#[inline(always)]
pub fn random_uniform(out: u32, n: u32, state: u32, offset: u32, numbers: u32) {
    let code = formula!(|low, span, word| low + span * unit(word.bits().shr(8)));
    change_bits(code, out, n, state, offset, numbers);
}

/// out[i] = bits < threshold ? 0 : scale; numbers: 0 threshold (a word), 1 scale
#[inline(always)]
pub fn dropout_mask(out: u32, n: u32, state: u32, offset: u32, numbers: u32) {
    let code = formula!(|threshold, scale, word| word.bits().lt(threshold.bits()).select(F32x4::zero(), scale));
    change_bits(code, out, n, state, offset, numbers);
}

/// Random words in `out`, each changed by a formula of two numbers and the word.
#[inline(never)]
fn change_bits(code: Loop, out: u32, n: u32, state: u32, offset: u32, numbers: u32) {
    random_bits(out, n, state, offset);
    let (out, numbers) = (Address::from(out), Address::from(numbers));
    zip(code, [numbers, numbers.offset(1), out, out], 1, n, NUMBERS);
}

/// Box & Muller 1958 on the two words of a block: mean + deviation · r cos θ and mean + deviation · r sin θ,
/// r = √|2 log u₁|, θ = 2π u₂, u₁ = ((bits ≫ 8) + 1) · 2⁻²⁴ in (0, 1], u₂ = (bits ≫ 8) · 2⁻²⁴; numbers: 0 mean, 1 deviation
#[inline(always)]
pub fn random_normal(out: u32, n: u32, state: u32, offset: u32, numbers: u32) {
    let numbers = Address::from(numbers);
    let (mean, deviation) = (numbers.splat::<F32x4>(0), numbers.splat::<F32x4>(1));
    generate(out, n, state, offset, |a, b| {
        let u = unit(a.shr(8).wrapping_add(U32x4::splat(1)));
        let radius = (F32x4::splat(2.0) * math::log(u)).abs().sqrt();
        let angle = F32x4::splat(core::f32::consts::TAU) * unit(b.shr(8));
        [math::cos(angle), math::sin(angle)].map(|side| (mean + deviation * (radius * side)).bits())
    });
}

/// counter += blocks
#[inline(always)]
pub fn advance(state: u32, blocks: u32) {
    let state = Address::from(state);
    let counter = counter(state).wrapping_add(blocks as u64);
    state.set_u32(2, counter as u32);
    state.set_u32(3, (counter >> 32) as u32);
}

#[inline(always)]
fn counter(state: Address) -> u64 {
    state.u32(2) as u64 | (state.u32(3) as u64) << 32
}

/// Whole numbers up to 2²⁴ in steps of 2⁻²⁴.
#[inline(always)]
fn unit(x: U32x4) -> F32x4 {
    x.to_f32() * F32x4::splat(1.0 / 16_777_216.0)
}

/// Eight elements at a time: four blocks, changed by f, their words interleaved.
#[inline(always)]
fn generate(out: u32, n: u32, state: u32, offset: u32, f: impl Fn(U32x4, U32x4) -> [U32x4; 2]) {
    let (out, state, n) = (Address::from(out), Address::from(state), n as usize);
    let (key, mut counter) = ([state.u32(0), state.u32(1)], counter(state).wrapping_add(offset as u64));
    let mut i = 0;
    while i < n {
        let [a, b] = threefry(key, counter);
        let [a, b] = f(a, b);
        let (low, high) = (a.shuffle::<0, 4, 1, 5>(b), a.shuffle::<2, 6, 3, 7>(b));
        out.store_first(i, low, (n - i).min(LANES));
        if i + LANES < n {
            out.store_first(i + LANES, high, (n - i - LANES).min(LANES));
        }
        counter = counter.wrapping_add(LANES as u64);
        i += 2 * LANES;
    }
}

/// The words of blocks counter … counter + 3.
#[inline(never)]
fn threefry(key: [u32; 2], counter: u64) -> [U32x4; 2] {
    let [k0, k1, k2] = [key[0], key[1], key[0] ^ key[1] ^ 0x1bd1_1bda].map(U32x4::splat);
    let low = U32x4::splat(counter as u32);
    let mut a = low.wrapping_add(U32x4::new(0, 1, 2, 3));
    // A lane that came round carries one into the high word: minus a mask of all ones.
    let mut b = U32x4::splat((counter >> 32) as u32).wrapping_sub(a.lt(low).bits());
    a = a.wrapping_add(k0);
    b = b.wrapping_add(k1);
    let mut four_rounds = |rotations: [u32; 4], key_a: U32x4, key_b: U32x4, group: u32| {
        for by in rotations {
            a = a.wrapping_add(b);
            b = b.rotate_left(by) ^ a;
        }
        a = a.wrapping_add(key_a);
        b = b.wrapping_add(key_b).wrapping_add(U32x4::splat(group));
    };
    four_rounds([13, 15, 26, 6], k1, k2, 1);
    four_rounds([17, 29, 16, 24], k2, k0, 2);
    four_rounds([13, 15, 26, 6], k0, k1, 3);
    four_rounds([17, 29, 16, 24], k1, k2, 4);
    four_rounds([13, 15, 26, 6], k2, k0, 5);
    [a, b]
}

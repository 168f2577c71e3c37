//! How activations walk. The tail is copied into vectors of its own and goes through the same loop as whole vectors, and all kernels
//! share the code around their loops, because there are many of them and the long ones shall stand in the module once.
use crate::lane::{F32x4, LANES};
use crate::walk::Address;

/// The loop of one kernel over n elements, a multiple of four: first input, second input, output, n, numbers.
pub type Loop = fn(Address, Address, Address, usize, Address);

/// Runs the loop over the whole vectors and then, on copies, over the tail.
#[inline(never)]
pub fn run(code: Loop, first: Address, second: Address, out: Address, n: usize, numbers: Address) {
    let (whole, tail) = (n & !(LANES - 1), n & (LANES - 1));
    code(first, second, out, whole, numbers);
    if tail > 0 {
        let mut spare = [0u32; 3 * LANES];
        let spare = Address::from(&raw mut spare as u32);
        let (a, b, result) = (spare, spare.offset(LANES), spare.offset(2 * LANES));
        copy_tail(first.offset(whole), a, tail);
        copy_tail(second.offset(whole), b, tail);
        code(a, b, result, LANES, numbers);
        copy_tail(result, out.offset(whole), tail);
    }
}

#[inline(never)]
fn copy_tail(from: Address, to: Address, count: usize) {
    to.store_first::<F32x4>(0, from.load_first(0, count), count);
}

/// The first K numbers, each in every lane.
#[inline(always)]
pub fn splat<const K: usize>(numbers: Address) -> [F32x4; K] {
    core::array::from_fn(|k| numbers.splat(k))
}

/// Defines kernels from what they do to one vector: `f(x) = …` becomes `f(x, out, n)` and `f_grad(x, dy) = …` becomes
/// `f_grad(x, dy, dx, n)`; `f(x; numbers: a, b) = …` has the address of the numbers a and b as a last argument.
macro_rules! pointwise {
    ($($(#[$meta:meta])* $name:ident($x:ident $(, $dy:ident)? $(; $numbers:ident: $($number:ident),+)?) = $value:expr;)*) => {$(
        $(#[$meta])*
        #[inline(always)]
        pub fn $name($x: u32, $($dy: u32,)? out: u32, n: u32 $(, $numbers: u32)?) {
            #[allow(unused_variables)]
            fn code(first: Address, second: Address, out: Address, n: usize, numbers: Address) {
                $(let [$($number),+] = splat(numbers);)?
                let mut i = 0;
                while i < n {
                    let $x: F32x4 = first.load(i);
                    $(let $dy: F32x4 = second.load(i);)?
                    out.store(i, $value);
                    i += LANES;
                }
            }
            let (second, numbers) = (pointwise!(@or $x $($dy)?), pointwise!(@or $x $($numbers)?));
            run(code, $x.into(), second.into(), out.into(), n as usize, numbers.into());
        }
    )*};
    (@or $default:ident) => { $default };
    (@or $default:ident $given:ident) => { $given };
}
pub(super) use pointwise;

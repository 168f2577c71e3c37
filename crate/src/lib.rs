//! The Rust machine of downhill. A kernel is an exported function of unsigned 32-bit words only: byte addresses into the
//! machine's one memory, counts and strides in elements. Every real number (a learning rate, a slope) lies in memory too.
//!
//! TypeScript owns the memory: it decides what lies where, from `heap_base()` on, and has checked every argument. The crate has
//! no state, no allocator and no strings, and no panic is reachable from a valid call. Each kernel has a twin of the same
//! name in `ts/machine/reference/`, and the two agree bit for bit.
#![no_std]

mod lane;
mod math;
mod optimizers;
mod tensor;
mod walk;

use core::alloc::{GlobalAlloc, Layout};
use wasm_bindgen::prelude::wasm_bindgen;

#[panic_handler]
fn trap(_: &core::panic::PanicInfo) -> ! {
    lane::trap()
}

/// wasm-bindgen links `alloc`; nothing here allocates. Returning null keeps the code of a real allocator out of the module.
struct NoAllocator;
unsafe impl GlobalAlloc for NoAllocator {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        core::ptr::null_mut()
    }
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
#[global_allocator]
static ALLOCATOR: NoAllocator = NoAllocator;

unsafe extern "C" {
    static __heap_base: u8;
}

/// The first byte that belongs to the caller's heap: everything below it is the module's own data and stack.
#[wasm_bindgen]
pub fn heap_base() -> u32 {
    (&raw const __heap_base) as u32
}

/// Lists the kernels: `name(argument, …) in module;`, each with the doc comment that reaches the generated `.d.ts`.
/// Every argument is a u32; the function of the same name in `module` takes them as they are.
macro_rules! kernels {
    ($($(#[$meta:meta])* $name:ident($($argument:ident),* $(,)?) in $($module:ident)::+;)*) => {
        $(
            $(#[$meta])*
            #[wasm_bindgen]
            #[allow(clippy::too_many_arguments)]
            pub fn $name($($argument: u32),*) {
                $($module)::+::$name($($argument),*)
            }
        )*
    };
}

kernels! {
    // Memory
    #[doc = "out[i] = x[i], n words of any type."]
    copy(x, out, n) in tensor::memory;
    #[doc = "out[i] = value[0], n words of any type."]
    fill(out, n, value) in tensor::memory;

    // Activations and their gradients
    #[doc = "out = x < 0 ? 0 : x; keeps NaN and −0."]
    relu(x, out, n) in tensor::relu;
    #[doc = "dx = x > 0 ? dy : 0 (NaN in x passes NaN on)."]
    relu_grad(x, dy, dx, n) in tensor::relu;

    // Optimizers: (parameters, gradient, state …, n, numbers)
    #[doc = "Adam and AdamW (Kingma & Ba 2015; Loshchilov & Hutter 2019). See optimizers/adam.rs for the numbers."]
    adam(p, g, m, v, n, numbers) in optimizers::adam;
    #[doc = "Stochastic gradient descent. See optimizers/sgd.rs for the numbers."]
    sgd(p, g, n, numbers) in optimizers::sgd;
    #[doc = "Stochastic gradient descent with momentum, or Nesterov's."]
    sgd_momentum(p, g, b, n, numbers) in optimizers::sgd;
    #[doc = "Adagrad (Duchi, Hazan & Singer 2011). See optimizers/adagrad.rs for the numbers."]
    adagrad(p, g, a, n, numbers) in optimizers::adagrad;
    #[doc = "RMSprop (Tieleman & Hinton 2012). See optimizers/rmsprop.rs for the numbers."]
    rmsprop(p, g, v, n, numbers) in optimizers::rmsprop;
    #[doc = "RMSprop with momentum."]
    rmsprop_momentum(p, g, v, b, n, numbers) in optimizers::rmsprop;
    #[doc = "RMSprop, centered (Graves 2013)."]
    rmsprop_centered(p, g, v, a, n, numbers) in optimizers::rmsprop;
    #[doc = "RMSprop, centered, with momentum."]
    rmsprop_centered_momentum(p, g, v, a, b, n, numbers) in optimizers::rmsprop;
    #[doc = "Adadelta (Zeiler 2012). See optimizers/adadelta.rs for the numbers."]
    adadelta(p, g, v, u, n, numbers) in optimizers::adadelta;
    #[doc = "NAdam (Dozat 2016). See optimizers/nadam.rs for the numbers."]
    nadam(p, g, m, v, n, numbers) in optimizers::nadam;
}

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

    // Arithmetic with broadcasting: out[i·cols + j] = a[i·a_row + j·a_col] ∘ b[i·b_row + j·b_col]
    #[doc = "a + b; a_col and b_col are 0 or 1."]
    add(a, b, out, rows, cols, a_row, a_col, b_row, b_col) in tensor::arithmetic;
    #[doc = "a − b"]
    sub(a, b, out, rows, cols, a_row, a_col, b_row, b_col) in tensor::arithmetic;
    #[doc = "a · b"]
    mul(a, b, out, rows, cols, a_row, a_col, b_row, b_col) in tensor::arithmetic;
    #[doc = "a / b"]
    div(a, b, out, rows, cols, a_row, a_col, b_row, b_col) in tensor::arithmetic;
    #[doc = "The larger one; NaN wins, −0 < +0."]
    maximum(a, b, out, rows, cols, a_row, a_col, b_row, b_col) in tensor::arithmetic;
    #[doc = "The smaller one; NaN wins, −0 < +0."]
    minimum(a, b, out, rows, cols, a_row, a_col, b_row, b_col) in tensor::arithmetic;
    #[doc = "da = a < b ? 0 : a = b ? dy/2 : dy"]
    maximum_grad(a, b, dy, da, rows, cols, a_row, a_col, b_row, b_col) in tensor::arithmetic;
    #[doc = "da = a > b ? 0 : a = b ? dy/2 : dy"]
    minimum_grad(a, b, dy, da, rows, cols, a_row, a_col, b_row, b_col) in tensor::arithmetic;

    // Strided moves
    #[doc = "out[i0, i1, i2, i3] = x[i0·s0 + i1·s1 + i2·s2 + i3·s3], words; out is contiguous, a stride 0 repeats."]
    copy_strided(x, out, n0, n1, n2, n3, s0, s1, s2, s3) in tensor::strided;
    #[doc = "out[i0·s0 + i1·s1 + i2·s2 + i3·s3] = x[i0, i1, i2, i3], words; x is contiguous."]
    scatter_strided(x, out, n0, n1, n2, n3, s0, s1, s2, s3) in tensor::strided;

    // Reductions over the middle axis of [outer, n, inner]
    #[doc = "out[o, j] = Σᵢ x[o, i, j]"]
    sum(x, out, outer, n, inner) in tensor::reduce;
    #[doc = "out[o, j] = (Σᵢ x[o, i, j]) / n"]
    mean(x, out, outer, n, inner) in tensor::reduce;
    #[doc = "out[o, j] = maxᵢ x[o, i, j]; NaN wins."]
    max(x, out, outer, n, inner) in tensor::reduce;
    #[doc = "out[o, j] = minᵢ x[o, i, j]; NaN wins."]
    min(x, out, outer, n, inner) in tensor::reduce;
    #[doc = "The gradient of `max` and of `min`, whose result is y: equal extrema share dy evenly."]
    extremum_grad(x, y, dy, dx, outer, n, inner) in tensor::reduce;

    // Norms and the guard
    #[doc = "out = Σ x²"]
    sum_squares(x, out, n) in tensor::norm;
    #[doc = "out = √(Σ x²), without overflow or underflow on the way."]
    norm(x, out, n) in tensor::norm;
    #[doc = "out = max |x|; NaN wins."]
    max_abs(x, out, n) in tensor::norm;
    #[doc = "flag (a word) |= 1 if any x is infinite or NaN."]
    check_finite(x, flag, n) in tensor::norm;

    // Products and sums of vectors
    #[doc = "out = Σ x·y, each product rounded, by the rule of the plain sum."]
    dot(x, y, out, n) in tensor::vector;
    #[doc = "out = x + a · y; numbers: a. out may be x or y."]
    add_scaled(x, y, out, n, numbers) in tensor::vector;

    // Accuracy
    #[doc = "out[i] (a word) = the first j with the largest x[i, j]; a NaN counts as the largest."]
    argmax(x, out, rows, cols) in tensor::accuracy;
    #[doc = "out (a word) = the number of equal words."]
    count_equal(a, b, out, n) in tensor::accuracy;

    // Rows by index
    #[doc = "out[i, j] = x[indices[i], j], words; x has total_rows rows."]
    gather_rows(x, indices, out, rows, width, total_rows) in tensor::gather;
    #[doc = "out[i, j] = x[indices[i], j] · scale + offset, x of bytes; numbers: scale, offset."]
    gather_rows_u8(x, indices, out, rows, width, total_rows, numbers) in tensor::gather;
    #[doc = "dx = 0, then dx[indices[i], j] += dy[i, j]: the gradient of `gather_rows`."]
    scatter_add_rows(dy, indices, dx, rows, width, total_rows) in tensor::gather;

    // Softmax over rows of cols
    #[doc = "y = exp(x − max x) / Σ exp(x − max x)"]
    softmax(x, out, rows, cols) in tensor::softmax;
    #[doc = "y = (x − max x) − log Σ exp(x − max x)"]
    log_softmax(x, out, rows, cols) in tensor::softmax;
    #[doc = "dx = y · (dy − Σ y·dy)"]
    softmax_grad(y, dy, dx, rows, cols) in tensor::softmax;
    #[doc = "dx = dy − exp(y) · Σ dy"]
    log_softmax_grad(y, dy, dx, rows, cols) in tensor::softmax;

    // Losses, one a row or an element; a dy_step of 0 means one dy for all
    #[doc = "losses[i] = −log softmax(logits[i])[labels[i]]; labels are words."]
    cross_entropy(logits, labels, losses, rows, cols) in tensor::losses;
    #[doc = "dx[i] = (softmax(logits[i]) − one-hot of labels[i]) · dy[i·dy_step]"]
    cross_entropy_grad(logits, labels, dy, dx, rows, cols, dy_step) in tensor::losses;
    #[doc = "losses[i] = −Σ targets[i] · log softmax(logits[i])"]
    cross_entropy_rows(logits, targets, losses, rows, cols) in tensor::losses;
    #[doc = "dx[i] = (softmax(logits[i]) · Σ targets[i] − targets[i]) · dy[i·dy_step]"]
    cross_entropy_rows_grad(logits, targets, dy, dx, rows, cols, dy_step) in tensor::losses;
    #[doc = "out = max(x, 0) − x·t + log(1 + exp(−|x|)): binary cross-entropy of sigmoid(x) with t."]
    sigmoid_cross_entropy(x, t, out, n) in tensor::losses;
    #[doc = "dx = (sigmoid(x) − t) · dy[i·dy_step]"]
    sigmoid_cross_entropy_grad(x, t, dy, dx, n, dy_step) in tensor::losses;
    #[doc = "out = (x − t)²"]
    squared_error(x, t, out, n) in tensor::losses;
    #[doc = "dx = 2 (x − t) · dy[i·dy_step]"]
    squared_error_grad(x, t, dy, dx, n, dy_step) in tensor::losses;

    // Random numbers: Threefry-2×32; state is key (2 words) and counter (2 words)
    #[doc = "out[i] = random word"]
    random_bits(out, n, state, offset) in tensor::random;
    #[doc = "out[i] = low + span · u, u in [0, 1); numbers: low, span."]
    random_uniform(out, n, state, offset, numbers) in tensor::random;
    #[doc = "out[i] = mean + deviation · z, z standard normal; numbers: mean, deviation."]
    random_normal(out, n, state, offset, numbers) in tensor::random;
    #[doc = "out[i] = random word < threshold ? 0 : scale; numbers: threshold (a word), scale."]
    dropout_mask(out, n, state, offset, numbers) in tensor::random;
    #[doc = "counter += blocks (two words of random numbers each)."]
    advance(state, blocks) in tensor::random;

    // Activations and their gradients
    #[doc = "out = x < 0 ? 0 : x; keeps NaN and −0."]
    relu(x, out, n) in tensor::relu;
    #[doc = "dx = x > 0 ? dy : 0 (NaN in x passes NaN on)."]
    relu_grad(x, dy, dx, n) in tensor::relu;
    #[doc = "out = x > 0 ? x : numbers[0] · x"]
    leaky_relu(x, out, n, numbers) in tensor::relu;
    #[doc = "dx = x > 0 ? dy : numbers[0] · dy"]
    leaky_relu_grad(x, dy, dx, n, numbers) in tensor::relu;
    #[doc = "out = tanh x"]
    tanh(x, out, n) in tensor::sigmoid;
    #[doc = "dx = dy · ((1 − y) · (1 + y))"]
    tanh_grad(y, dy, dx, n) in tensor::sigmoid;
    #[doc = "out = 1 / (1 + e⁻ˣ)"]
    sigmoid(x, out, n) in tensor::sigmoid;
    #[doc = "dx = dy · (y · (1 − y))"]
    sigmoid_grad(y, dy, dx, n) in tensor::sigmoid;
    #[doc = "out = x / (1 + e⁻ˣ)"]
    silu(x, out, n) in tensor::sigmoid;
    #[doc = "dx = dy · s · (1 + x · (1 − s)), s = 1 / (1 + e⁻ˣ)"]
    silu_grad(x, dy, dx, n) in tensor::sigmoid;
    #[doc = "out = β·x > threshold ? x : log(1 + e^(β·x)) / β; numbers: β, threshold"]
    softplus(x, out, n, numbers) in tensor::sigmoid;
    #[doc = "dx = β·x > threshold ? dy : dy / (1 + e^(−β·x)); numbers: β, threshold"]
    softplus_grad(x, dy, dx, n, numbers) in tensor::sigmoid;
    #[doc = "out = x > 0 ? x : α · (eˣ − 1); numbers: α"]
    elu(x, out, n, numbers) in tensor::elu;
    #[doc = "dx = x > 0 ? dy : dy · α · eˣ; numbers: α"]
    elu_grad(x, dy, dx, n, numbers) in tensor::elu;
    #[doc = "out = scale · (x > 0 ? x : α · (eˣ − 1)) with the constants of Klambauer et al. 2017"]
    selu(x, out, n) in tensor::elu;
    #[doc = "dx = dy · scale · (x > 0 ? 1 : α · eˣ)"]
    selu_grad(x, dy, dx, n) in tensor::elu;
    #[doc = "out = x · Φ(x) with the normal distribution's Φ"]
    gelu(x, out, n) in tensor::gelu;
    #[doc = "dx = dy · (Φ(x) + x · φ(x))"]
    gelu_grad(x, dy, dx, n) in tensor::gelu;
    #[doc = "out = ½ · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))"]
    gelu_tanh(x, out, n) in tensor::gelu;
    #[doc = "The gradient of gelu_tanh."]
    gelu_tanh_grad(x, dy, dx, n) in tensor::gelu;

    // Functions of one number and their gradients, of x or, where that is cheaper, of y
    #[doc = "out = −x"]
    neg(x, out, n) in tensor::unary;
    #[doc = "out = |x|"]
    abs(x, out, n) in tensor::unary;
    #[doc = "dx = dy · sign(x), 0 at ±0"]
    abs_grad(x, dy, dx, n) in tensor::unary;
    #[doc = "out = x · x"]
    square(x, out, n) in tensor::unary;
    #[doc = "dx = dy · (x + x)"]
    square_grad(x, dy, dx, n) in tensor::unary;
    #[doc = "out = √x"]
    sqrt(x, out, n) in tensor::unary;
    #[doc = "dx = dy / (y + y)"]
    sqrt_grad(y, dy, dx, n) in tensor::unary;
    #[doc = "out = 1 / x"]
    reciprocal(x, out, n) in tensor::unary;
    #[doc = "dx = −dy · (y · y)"]
    reciprocal_grad(y, dy, dx, n) in tensor::unary;
    #[doc = "out = 1 / √x"]
    rsqrt(x, out, n) in tensor::unary;
    #[doc = "dx = −½ · dy · (y · (y · y))"]
    rsqrt_grad(y, dy, dx, n) in tensor::unary;
    #[doc = "out = eˣ"]
    exp(x, out, n) in tensor::unary;
    #[doc = "dx = dy · y"]
    exp_grad(y, dy, dx, n) in tensor::unary;
    #[doc = "out = log x"]
    log(x, out, n) in tensor::unary;
    #[doc = "dx = dy / x"]
    log_grad(x, dy, dx, n) in tensor::unary;
    #[doc = "out = log(1 + x)"]
    log1p(x, out, n) in tensor::unary;
    #[doc = "dx = dy / (1 + x)"]
    log1p_grad(x, dy, dx, n) in tensor::unary;
    #[doc = "out = eˣ − 1"]
    expm1(x, out, n) in tensor::unary;
    #[doc = "dx = dy · (y + 1)"]
    expm1_grad(y, dy, dx, n) in tensor::unary;
    #[doc = "out = sin x"]
    sin(x, out, n) in tensor::unary;
    #[doc = "dx = dy · cos x"]
    sin_grad(x, dy, dx, n) in tensor::unary;
    #[doc = "out = cos x"]
    cos(x, out, n) in tensor::unary;
    #[doc = "dx = −dy · sin x"]
    cos_grad(x, dy, dx, n) in tensor::unary;
    #[doc = "out = erf x"]
    erf(x, out, n) in tensor::unary;
    #[doc = "dx = dy · 2/√π · e^(−x²)"]
    erf_grad(x, dy, dx, n) in tensor::unary;

    // Matrix product and bias
    #[doc = "out = A·B; A is m×k with elements a[i·a_row + q·a_col], B k×n with b[q·b_row + j·b_col], out m×n row by row."]
    matmul(a, b, out, m, n, k, a_row, a_col, b_row, b_col, scratch) in tensor::matmul;
    #[doc = "out[i, j] = x[i, j] + bias[j]; out may be x."]
    add_bias(x, bias, out, rows, cols) in tensor::bias;
    #[doc = "out[j] = the sum of x[i, j] over i, in blocks of 256 rows."]
    column_sum(x, out, rows, cols) in tensor::bias;
    #[doc = "out[i] = out[i] · ¾ + ¼, 2·rounds times, for 52 elements in registers: 208 operations a round, what the processor can do."]
    peak(out, rounds) in tensor::peak;

    // Optimizers: (parameters, gradient, state …, n, numbers)
    #[doc = "Adam and AdamW (Kingma & Ba 2015; Loshchilov & Hutter 2019). See optimizers/adam.rs for the numbers."]
    adam(p, g, m, v, n, numbers) in optimizers::adam;
    #[doc = "Adamax (Kingma & Ba 2015). See optimizers/adamax.rs for the numbers."]
    adamax(p, g, m, u, n, numbers) in optimizers::adamax;
    #[doc = "Lion (Chen et al. 2023). See optimizers/lion.rs for the numbers."]
    lion(p, g, m, n, numbers) in optimizers::lion;
    #[doc = "AMSGrad (Reddi, Kale & Kumar 2018). See optimizers/amsgrad.rs for the numbers."]
    amsgrad(p, g, m, v, x, n, numbers) in optimizers::amsgrad;
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

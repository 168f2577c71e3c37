//! Kernels over tensors, one file an operation with its gradient.
pub mod accuracy;
pub mod arithmetic;
pub mod elu;
pub mod gather;
pub mod gelu;
pub mod losses;
pub mod memory;
pub mod norm;
mod pointwise;
pub mod random;
pub mod reduce;
pub mod relu;
pub mod sigmoid;
pub mod softmax;
pub mod strided;
pub mod unary;
mod zip;

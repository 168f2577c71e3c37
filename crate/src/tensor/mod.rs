//! Kernels over tensors, one file an operation with its gradient.
pub mod elu;
pub mod gelu;
pub mod memory;
mod pointwise;
pub mod relu;
pub mod sigmoid;
pub mod unary;

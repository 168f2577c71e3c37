//! Kernels over tensors, one file an operation with its gradient.
pub mod memory;
pub mod relu;

//! Optimizer rules, one file each: the rule once over lanes, with its formula on top. A kernel takes the parameters, the gradient,
//! the state arrays, the count and a row of numbers; words at the end of the row choose between variants of the loop.
pub mod adadelta;
pub mod adagrad;
pub mod adam;
pub mod nadam;
pub mod rmsprop;
pub mod sgd;

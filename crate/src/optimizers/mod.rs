//! Optimizer rules, one file each: the rule once over lanes, with its formula on top.
pub mod adam;

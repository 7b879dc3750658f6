//! The loops over bytes that every text goes through. They are a crate of their own because it is
//! compiled for speed, where the rest of `fencerun` is compiled for size.

pub mod line;
pub mod search;
pub mod stretch;
pub mod units;
pub mod work;

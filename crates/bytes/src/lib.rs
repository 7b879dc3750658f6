//! The loops over bytes that every text goes through, compiled for speed. Each is one function that
//! the scanner calls: written out at every place they would be several kilobytes.

pub mod line;
pub mod search;
pub mod stretch;
pub mod units;
pub mod work;

//! The loops over bytes that every text goes through. Each is one function that the scanner calls:
//! written out at every place they would be several kilobytes.

pub(crate) mod line;
pub(crate) mod search;
pub(crate) mod stretch;
pub(crate) mod units;
pub(crate) mod work;

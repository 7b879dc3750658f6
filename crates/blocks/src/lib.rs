//! The code blocks of what a model wrote: the part of `fencerun` that every text goes through. Its
//! loops over bytes are in `fencerun-bytes`, and what few lines mean is in `fencerun-constructs`.
//!
//! | stage | module |
//! | --- | --- |
//! | text to code blocks | [`mod@extract`], [`markdown`] |
//! | info strings to languages | [`language`] |
//! | blocks to the one that runs | [`select`] |
//! | bytes to JavaScript's units | [`utf16`] |
//!
//! `fencerun` gives all of it under the same names.

pub mod extract;
pub mod markdown;
pub mod select;
pub mod span;
pub mod utf16;

pub use fencerun_constructs::language;

#[cfg(feature = "js")]
pub mod wasm;

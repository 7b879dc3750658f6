//! The code blocks of what a model wrote: what every text goes through, and so the part of
//! `fencerun` that is compiled for speed where the rest is compiled for size.
//!
//! | stage | module |
//! | --- | --- |
//! | text to code blocks | [`mod@extract`], [`markdown`] |
//! | info strings to languages | [`language`] |
//! | blocks to the one that runs | [`select`] |
//! | bytes to JavaScript's units | [`utf16`] |
//!
//! `fencerun` gives all of it under the same names.

mod bytes;

pub mod extract;
pub mod language;
pub mod markdown;
pub mod select;
pub mod span;
pub mod utf16;

#[cfg(feature = "js")]
pub mod wasm;

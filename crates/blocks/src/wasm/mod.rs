//! Code blocks for JavaScript: texts go in as bytes in the memory, blocks come out as numbers.
//!
//! None of it is meant to be called but by the TypeScript around it, which documents what users see.

#[cfg(all(feature = "module", target_family = "wasm"))]
mod allocator;
mod blocks;
mod names;
mod stream;

pub use blocks::{BlockScanner, Writer};
pub use names::{language_of, languages, repair_names};

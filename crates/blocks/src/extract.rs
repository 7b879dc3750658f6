//! Text in, code blocks out: what a caller needs of [`crate::markdown`].
//!
//! It never fails: a text without code has an empty list of blocks.

pub use crate::markdown::{Block, Extractor, Options};

/// Finds the code blocks of what a model wrote, in order: those of `CommonMark` 0.31.2, with every
/// repair of what models get wrong ([`Options::MODEL_OUTPUT`]).
///
/// # Complexity
///
/// Linear in the length of `text`.
///
/// # Examples
///
/// ```
/// let blocks = fencerun_blocks::extract::extract("So:\n```python\nprint(1)\n```\n");
/// assert_eq!(blocks.len(), 1);
/// assert_eq!(blocks[0].lang.as_deref(), Some("python"));
/// assert_eq!(blocks[0].code, "print(1)\n");
/// assert!(blocks[0].closed);
/// ```
#[must_use]
pub fn extract(text: &str) -> Vec<Block> {
    extract_with(text, &Options::MODEL_OUTPUT)
}

/// Finds the code blocks of `text` by `options`; [`Options::default`] is plain `CommonMark`.
#[must_use]
pub fn extract_with(text: &str, options: &Options) -> Vec<Block> {
    crate::markdown::extract(text, options)
}

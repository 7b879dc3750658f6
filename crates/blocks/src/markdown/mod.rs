//! Code blocks of a `CommonMark` text, whole or streaming: text in, [`Block`]s out.
//!
//! The block structure is `CommonMark` 0.31.2's; [`Repair`]s read differently what models write
//! differently, and only if the [`Options`] ask for them. Nothing here knows what becomes of code.
//!
//! | part | modules |
//! | --- | --- |
//! | a text or its chunks into lines | `extractor`, `lines` |
//! | what a line means | `scanner`, and a module for each construct |
//! | where that is not what was meant | `repair`, `scanner::repaired` |
//! | blocks and events | `collector`, `block` |

mod block;
mod block_quote;
mod collector;
mod extractor;
mod fenced_code;
mod lines;
mod repair;
mod scanner;
#[cfg(test)]
mod work;

pub use block::{Block, BlockKind, CodeBlock, Event, IndentedCode, LineEndings, Opening};
pub use extractor::{Awaited, Extractor, Options, extract, scan};
pub use repair::{Repair, Repairs, ends_in_string};

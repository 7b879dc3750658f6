//! The fast paths across the boundary to JavaScript: texts go in as bytes in the memory, blocks come
//! out as numbers.

mod blocks;
mod stream;

pub use blocks::BlockScanner;
pub use stream::StreamScanner;

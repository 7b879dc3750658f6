//! Thematic breaks, [section 4.1](https://spec.commonmark.org/0.31.2/#thematic-breaks).

use fencerun_bytes::line::is_space;
use fencerun_bytes::work::count_work;

/// The answer of [`scan_break`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// The line is a thematic break.
    Break,
    /// It is none, because of the byte at this place; nor is any that starts before it.
    Stopped(usize),
}

/// Whether `rest` is three or more of the same `*`, `-` or `_`, with nothing but white space
/// between them and after them.
///
/// ```text
/// * * *
/// ^
/// ```
#[must_use]
pub fn scan_break(rest: &[u8]) -> Scan {
    let Some(&marker @ (b'*' | b'-' | b'_')) = rest.first() else {
        return Scan::Stopped(0);
    };
    let mut count = 0_usize;
    for (place, &byte) in rest.iter().enumerate() {
        if byte == marker {
            count += 1;
        } else if !is_space(byte) {
            count_work(place);
            return Scan::Stopped(place);
        }
    }
    count_work(rest.len());
    if count >= 3 {
        Scan::Break
    } else {
        Scan::Stopped(0)
    }
}

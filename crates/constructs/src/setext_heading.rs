//! Setext headings, [section 4.3](https://spec.commonmark.org/0.31.2/#setext-headings).

use fencerun_bytes::line::{count_run, is_blank};

/// Whether `rest` is a setext heading underline: a run of `=` or of `-`, and white space.
///
/// ```text
/// Heading
/// =======
/// ^
/// ```
#[must_use]
pub fn is_underline(rest: &[u8]) -> bool {
    let Some(&marker @ (b'=' | b'-')) = rest.first() else {
        return false;
    };
    is_blank(rest.get(count_run(rest, marker)..).unwrap_or_default())
}

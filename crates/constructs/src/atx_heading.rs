//! ATX headings, [section 4.2](https://spec.commonmark.org/0.31.2/#atx-headings).

use fencerun_bytes::line::{count_run, is_space};

/// Whether `rest` is an ATX heading: one to six `#`, then white space or the end of the line.
///
/// ```text
/// ## Heading
/// ^
/// ```
#[must_use]
pub fn is_heading(rest: &[u8]) -> bool {
    let level = count_run(rest.get(..7).unwrap_or(rest), b'#');
    (1..=6).contains(&level) && rest.get(level).is_none_or(|&byte| is_space(byte))
}

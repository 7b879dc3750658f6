//! Block quotes, [section 5.1](https://spec.commonmark.org/0.31.2/#block-quotes).

use fencerun_bytes::line::Cursor;

/// Moves `cursor` over a block quote marker and the space after it, if there is a marker.
///
/// ```text
///   > quoted
///   ^ up to three columns of indentation before it
/// ```
pub(super) fn scan_marker(cursor: &mut Cursor<'_>) -> bool {
    if cursor.indent() > 3 || cursor.peek() != Some(b'>') {
        return false;
    }
    cursor.skip_marker(1);
    cursor.skip_columns(1);
    true
}

//! [`Repair::GluedClosing`](super::Repair::GluedClosing).

use crate::markdown::fenced_code::Fence;
use fencerun_bytes::line::trim_end;
use fencerun_constructs::repair::find_runs;

/// Where the closing fence starts that ends `line`, a line of code.
///
/// ```text
/// print(1)```
///         ^
/// ```
pub(in crate::markdown) fn find_closing(line: &[u8], fence: Fence) -> Option<usize> {
    let content = trim_end(line);
    if content.last() != Some(&fence.marker) {
        return None;
    }
    let (before, (start, end)) = find_runs(content, fence.marker).enumerate().last()?;
    let code = trim_end(content.get(..start)?);
    let closes = end == content.len() && end - start >= fence.length && before.is_multiple_of(2);
    (closes && !code.is_empty()).then_some(start)
}

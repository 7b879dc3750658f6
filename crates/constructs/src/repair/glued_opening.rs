//! `Repair::GluedOpening`.

use super::{find_runs, tag};
use fencerun_bytes::line::trim_end;

/// Where the opening fence starts and ends that is the last thing, but for its info string, in
/// `line`, a line of a paragraph.
///
/// ```text
/// Here:```python
///      ^  ^
/// ```
#[must_use]
pub fn find_opening(line: &[u8]) -> Option<(usize, usize)> {
    let content = trim_end(line);
    let (before, (start, end)) = find_runs(content, b'`').enumerate().last()?;
    let (text, info) = (content.get(..start)?, content.get(end..)?);
    let opens = if info.is_empty() {
        text.ends_with(b":") || text.ends_with("：".as_bytes())
    } else {
        !text.is_empty() && !text.ends_with(b"\\") && tag::is_lone_tag(info)
    };
    (opens && before.is_multiple_of(2)).then_some((start, end))
}

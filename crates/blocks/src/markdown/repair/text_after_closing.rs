//! [`Repair::TextAfterClosing`](super::Repair::TextAfterClosing).

use crate::markdown::fenced_code::Fence;
use fencerun_bytes::line::{count_run, trim_end, trim_start};
use fencerun_constructs::repair::tag;

/// The length of the closing fence at the front of `rest` that text follows.
///
/// ```text
/// ``` done
/// ^  ^
/// ```
pub(in crate::markdown) fn scan_closing(rest: &[u8], indent: usize, fence: Fence) -> Option<usize> {
    let length = count_run(rest, fence.marker);
    if indent > 3 || length < fence.length {
        return None;
    }
    let after = rest.get(length..)?;
    let text = trim_end(trim_start(after));
    let separated = trim_start(after).len() < after.len() || text.starts_with(b"<");
    let is_text = separated && !text.contains(&fence.marker) && !tag::is_lone_tag(text);
    (is_text && !text.is_empty()).then_some(length)
}

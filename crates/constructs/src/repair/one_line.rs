//! `Repair::OneLine`.

use super::{find_runs, tag};
use fencerun_bytes::line::{count_run, is_space, trim_end, trim_start};

/// The parts of a block that stands on one line, as places in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OneLine {
    /// Where the fence ends and the tag starts.
    pub tag: usize,
    /// Where the tag ends.
    pub tag_end: usize,
    /// Where the code starts.
    pub code: usize,
    /// Where the code ends and the closing fence starts.
    pub code_end: usize,
}

/// Reads a block on one line.
///
/// ```text
/// ```python print(1)```
///    ^     ^^       ^
/// ```
#[must_use]
pub fn scan_block(rest: &[u8]) -> Option<OneLine> {
    let content = trim_end(rest);
    let mut runs = find_runs(content, b'`');
    let (start, tag) = runs.next()?;
    let (code_end, end) = runs.next()?;
    if start != 0 || end != content.len() || end - code_end != tag {
        return None;
    }
    let inner = content.get(tag..code_end)?;
    let length = inner.iter().take_while(|&&byte| !is_space(byte)).count();
    let (name, after) = inner.split_at_checked(length)?;
    let code = trim_start(after);
    let found = OneLine {
        tag,
        tag_end: tag + length,
        code: code_end - code.len(),
        code_end,
    };
    (!code.is_empty()
        && code.len() < after.len()
        && tag::is_lone_tag(name)
        && count_run(content, b'`') == tag)
        .then_some(found)
}

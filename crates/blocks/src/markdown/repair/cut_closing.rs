//! [`Repair::CutClosing`](super::Repair::CutClosing).

use crate::markdown::fenced_code::Fence;
use fencerun_bytes::line::count_run;

/// Whether `rest`, the last line of the text, is the start of a closing fence for `fence`.
///
/// ```text
/// ``
/// ^ one backtick short
/// ```
pub(in crate::markdown) fn is_cut_closing(rest: &[u8], indent: usize, fence: Fence) -> bool {
    indent <= 3
        && (2..fence.length).contains(&rest.len())
        && count_run(rest, fence.marker) == rest.len()
}

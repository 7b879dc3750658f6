//! [`Repair::FenceInHtml`](super::Repair::FenceInHtml).

use crate::markdown::fenced_code::scan_opening;
use fencerun_constructs::html_block::Kind;
use fencerun_constructs::repair::tag;

/// Whether `rest`, a line of an HTML block, is an opening fence all the same.
///
/// ```text
/// <answer>
/// ```python
/// ^
/// ```
pub(in crate::markdown) fn is_opening(rest: &[u8], indent: usize, kind: Kind) -> bool {
    scan_opening(rest, indent).is_some_and(|opening| match kind {
        Kind::Tag => true,
        Kind::Element => tag::is_lone_tag(opening.info),
        _ => false,
    })
}

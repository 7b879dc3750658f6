//! [`Repair::NestedFence`](super::Repair::NestedFence).

use crate::markdown::fenced_code::{Fence, scan_opening};
use fencerun_constructs::repair::tag;

/// The length of the fence that opens a nested block inside the block of `outer`.
///
/// ```text
/// ```python
/// ^
/// ```
pub(in crate::markdown) fn scan_nested(rest: &[u8], indent: usize, outer: Fence) -> Option<usize> {
    let opening = scan_opening(rest, indent)?;
    let is_like_outer =
        opening.fence.marker == outer.marker && opening.fence.length >= outer.length;
    let directly = opening.info_offset == opening.fence.length;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'{';
    let tagged =
        opening.info.first().is_some_and(is_name) && (directly || tag::is_lone_tag(opening.info));
    (is_like_outer && tagged).then_some(opening.fence.length)
}

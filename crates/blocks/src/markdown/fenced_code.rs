//! Fenced code blocks, [section 4.5](https://spec.commonmark.org/0.31.2/#fenced-code-blocks).

use fencerun_bytes::line::{count_run, is_blank, trim_end, trim_start};

/// A code fence: which character, how often, and how far indented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fence {
    /// The backtick or the tilde.
    pub(super) marker: u8,
    /// How many of them; at least three.
    pub(super) length: usize,
    /// The columns before it: zero to three, which are removed from every line of the code.
    pub(super) indent: usize,
}

/// An opening code fence with what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening<'line> {
    pub(super) fence: Fence,
    /// The info string as it is written, trimmed.
    pub(super) info: &'line [u8],
    /// Where the info string starts, counted from the fence.
    pub(super) info_offset: usize,
}

/// Reads an opening code fence, and the info string after it as it is written.
///
/// ```text
/// ```python title="a"
/// ^  ^^^^^^^^^^^^^^^^ the info string; after backticks it contains none
/// ```
pub(super) fn scan_opening(rest: &[u8], indent: usize) -> Option<Opening<'_>> {
    let &marker = rest.first()?;
    if indent > 3 || !matches!(marker, b'`' | b'~') {
        return None;
    }
    let length = count_run(rest, marker);
    if length < 3 {
        return None;
    }
    let after = trim_start(rest.get(length..)?);
    let info_offset = rest.len() - after.len();
    let info = trim_end(after);
    if marker == b'`' && info.contains(&b'`') {
        return None;
    }
    let fence = Fence {
        marker,
        length,
        indent,
    };
    Some(Opening {
        fence,
        info,
        info_offset,
    })
}

impl Fence {
    /// Whether `rest`, indented by `indent` columns, is a closing code fence for this one: the
    /// same character, at least as often, and nothing but white space after it.
    ///
    /// ~~~text
    ///   ````
    ///   ^
    /// ~~~
    pub(super) fn is_closed_by(self, rest: &[u8], indent: usize) -> bool {
        let length = count_run(rest, self.marker);
        indent <= 3 && length >= self.length && is_blank(rest.get(length..).unwrap_or_default())
    }

    /// Whether `rest`, the start of a line, may become a closing fence when more of it arrives.
    pub(super) fn may_be_closed_by(self, rest: &[u8], indent: usize) -> bool {
        let length = count_run(rest, self.marker);
        let after = rest.get(length..).unwrap_or_default();
        indent <= 3 && is_blank(after) && (after.is_empty() || length >= self.length)
    }
}

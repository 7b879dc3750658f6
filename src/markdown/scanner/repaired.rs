//! Fenced code blocks as the [repairs](super::super::repair) read them.

use super::{Leaf, Line, Scanner, Step, spaces};
use crate::markdown::block::BlockKind;
use crate::markdown::collector::Collector;
use crate::markdown::fenced_code::Fence;
use crate::markdown::line::{Cursor, count_run, trim_end};
use crate::markdown::link_reference::Definitions;
use crate::markdown::repair::fence_in_string::Strings;
use crate::markdown::repair::{
    Repair, cut_closing, glued_closing, glued_opening, nested_fence, one_line, tag,
    text_after_closing,
};

/// What repairs know about the open fenced block.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    /// Whether the block is Python.
    python: bool,
    /// Where the strings of a Python block stand after the last line.
    strings: Strings,
    /// The lengths of the fences that opened nested blocks, the outermost first.
    nested: Vec<usize>,
    pub(super) hold: Option<Hold>,
}

/// A line that closes the block for `CommonMark` and is code if a later line confirms it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hold {
    repair: Repair,
    /// The end of the line, without and with its line ending.
    end: usize,
    pub(super) next: usize,
}

impl Watch {
    pub(super) const fn new() -> Self {
        Self {
            python: false,
            strings: Strings::Outside,
            nested: Vec::new(),
            hold: None,
        }
    }

    /// Follows the strings of a Python block through whole lines of its code.
    pub(super) fn follow_lines(&mut self, lines: &[u8]) {
        if self.python {
            self.strings = self.strings.after_lines(lines);
        }
    }
}

impl Scanner {
    /// Goes back to the line of `hold` and closes the block there.
    pub(super) fn take_back(&mut self, hold: Hold, out: &mut Collector<'_>) -> Step {
        self.leaf = Leaf::None;
        out.roll_back();
        out.close(hold.end);
        Step::Again(hold.next)
    }

    /// Opens a fenced block, with the info string that stands at `info_at`.
    pub(super) fn open_fenced(
        &mut self,
        line: Line<'_>,
        at: usize,
        info_at: usize,
        info: &[u8],
        out: &mut Collector<'_>,
    ) {
        self.watch.nested.clear();
        self.watch.hold = None;
        self.watch.python = !self.repairs.is_empty() && tag::is_python(info);
        self.watch.strings = Strings::Outside;
        out.open(self.block_start(BlockKind::Fenced, at, line), info_at, info);
    }

    /// Closes the fenced block, which ends at `end`.
    pub(super) fn close_fenced(&mut self, end: usize, out: &mut Collector<'_>) {
        self.leaf = Leaf::None;
        if let Some(hold) = self.watch.hold.take() {
            out.note(hold.repair);
            out.commit();
        }
        out.close(end);
    }

    /// Gives a line to the open fenced block as the repairs read it.
    pub(super) fn continue_repaired(
        &mut self,
        fence: Fence,
        line: Line<'_>,
        cursor: &mut Cursor<'_>,
        out: &mut Collector<'_>,
    ) {
        if fence.is_closed_by(cursor.rest(), cursor.indent()) {
            let Some(repair) = self.find_reason_to_hold(fence, line, cursor) else {
                self.close_fenced(line.at + line.content.len(), out);
                return;
            };
            let end = line.at + line.content.len();
            self.watch.hold.get_or_insert(Hold {
                repair,
                end,
                next: end + line.ending.len(),
            });
            out.mark();
        } else if self.close_repaired(fence, line, cursor, out) {
            return;
        } else if self.repairs.contains(Repair::NestedFence)
            && !self.watch.python
            && let Some(inner) = nested_fence::scan_nested(cursor.rest(), cursor.indent(), fence)
        {
            self.watch.nested.push(inner);
        }
        cursor.skip_columns(fence.indent);
        if self.watch.python {
            self.follow_strings(cursor.remainder(), out);
        }
        Self::give_code(line, cursor, out);
    }

    /// Why `line`, a closing fence, may be code.
    fn find_reason_to_hold(
        &mut self,
        fence: Fence,
        line: Line<'_>,
        cursor: &Cursor<'_>,
    ) -> Option<Repair> {
        if line.at < self.hold_after {
            return None;
        }
        if self.repairs.contains(Repair::FenceInString) && self.watch.strings.is_triple() {
            return Some(Repair::FenceInString);
        }
        let &inner = self.watch.nested.last()?;
        if count_run(cursor.rest(), fence.marker) >= inner {
            self.watch.nested.pop();
        }
        Some(Repair::NestedFence)
    }

    /// Closes the block in a line that is code for `CommonMark`, if a repair does. Returns whether
    /// the line is used up.
    fn close_repaired(
        &mut self,
        fence: Fence,
        line: Line<'_>,
        cursor: &Cursor<'_>,
        out: &mut Collector<'_>,
    ) -> bool {
        if !self.watch.nested.is_empty() || self.watch.strings.is_triple() {
            return false;
        }
        let has = |repair| self.repairs.contains(repair);
        let (rest, indent) = (cursor.rest(), cursor.indent());
        if has(Repair::TextAfterClosing)
            && let Some(length) = text_after_closing::scan_closing(rest, indent, fence)
        {
            out.note(Repair::TextAfterClosing);
            self.close_fenced(line.at + cursor.next() + length, out);
            self.leaf = Leaf::Paragraph(Definitions::Text);
            return true;
        }
        if has(Repair::CutClosing)
            && line.ending.is_empty()
            && cut_closing::is_cut_closing(rest, indent, fence)
        {
            out.note(Repair::CutClosing);
            return true;
        }
        if has(Repair::GluedClosing)
            && let Some(length) = glued_closing::find_closing(rest, fence)
            && let Some(front) = rest.get(..length)
            && (!self.watch.python || self.watch.strings.after(front) == Strings::Outside)
        {
            let mut code = cursor.clone();
            code.skip_columns(fence.indent);
            out.insert(spaces(code.tab_columns()));
            let front = line
                .content
                .get(code.remainder_offset()..cursor.next() + length);
            out.code(line.at + code.remainder_offset(), front.unwrap_or_default());
            out.note(Repair::GluedClosing);
            self.close_fenced(line.at + line.content.len(), out);
            return true;
        }
        false
    }

    /// Follows the strings of a Python block through a line of its code.
    fn follow_strings(&mut self, code: &[u8], out: &mut Collector<'_>) {
        let before = self.watch.strings;
        self.watch.strings = before.after_line(code);
        if before.is_triple()
            && self.watch.strings != before
            && let Some(hold) = self.watch.hold.take()
        {
            out.note(hold.repair);
            out.commit();
        }
    }

    /// Opens the block that a repair finds in what is else a line of a paragraph. Returns whether
    /// there is one.
    pub(super) fn open_repaired(
        &mut self,
        line: Line<'_>,
        cursor: &Cursor<'_>,
        paragraph: Option<Definitions>,
        matched: usize,
        out: &mut Collector<'_>,
    ) -> bool {
        let rest = cursor.rest();
        let at = line.at + cursor.next();
        if self.repairs.contains(Repair::OneLine)
            && cursor.indent() <= 3
            && let Some(found) = one_line::scan_block(rest)
        {
            self.replace_leaf(paragraph, matched, Leaf::None, out);
            let info = rest.get(found.tag..found.tag_end).unwrap_or_default();
            self.open_fenced(line, at, at + found.tag, info, out);
            let code = rest.get(found.code..found.code_end).unwrap_or_default();
            out.code(at + found.code, code);
            out.note(Repair::OneLine);
            out.close(line.at + line.content.len());
            return true;
        }
        if self.repairs.contains(Repair::GluedOpening)
            && let Some((start, end)) = glued_opening::find_opening(rest)
        {
            let fence = Fence {
                marker: b'`',
                length: end - start,
                indent: 0,
            };
            self.replace_leaf(paragraph, matched, Leaf::Fenced(fence), out);
            let info = trim_end(rest.get(end..).unwrap_or_default());
            self.open_fenced(line, at + start, at + end, info, out);
            out.note(Repair::GluedOpening);
            return true;
        }
        false
    }
}

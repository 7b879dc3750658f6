//! Fenced code blocks as the [repairs](super::super::repair) read them.

use super::{Leaf, Line, Scanner, Step, spaces};
use crate::markdown::block::BlockKind;
use crate::markdown::collector::Collector;
use crate::markdown::fenced_code::{Fence, scan_opening};
use crate::markdown::repair::fence_in_string::Strings;
use crate::markdown::repair::{
    Repair, cut_closing, glued_closing, nested_fence, text_after_closing,
};
use fencerun_bytes::line::{Cursor, count_run, trim_end};
use fencerun_constructs::link_reference::Definitions;
use fencerun_constructs::list_item;
use fencerun_constructs::repair::{glued_opening, one_line, tag};

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
    /// Where code is held that is not indented like its list item: the number of containers that
    /// still have to go on.
    pub(super) dedented: Option<usize>,
}

/// A line that ends the block for `CommonMark` and is code if a later line confirms it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hold {
    repair: Repair,
    /// The end of the block, if the line is its closing fence.
    end: Option<usize>,
    /// The start of what has to be read again if the line is not confirmed.
    pub(super) next: usize,
}

impl Watch {
    pub(super) const fn new() -> Self {
        Self {
            python: false,
            strings: Strings::Outside,
            nested: Vec::new(),
            hold: None,
            dedented: None,
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
    /// Goes back to the line of `hold` and ends the block there.
    pub(super) fn take_back(&mut self, hold: Hold, out: &mut Collector<'_>) -> Step {
        self.leaf = Leaf::None;
        self.watch.dedented = None;
        out.roll_back();
        match hold.end {
            Some(end) => out.close(end),
            None => out.end(),
        }
        Step::Again(hold.next)
    }

    /// Whether `line`, which ends the list items from place `matched` on, may be code of the block
    /// that is open in them.
    pub(super) fn may_be_dedented(
        &self,
        line: Line<'_>,
        cursor: &Cursor<'_>,
        matched: usize,
    ) -> bool {
        self.repairs.contains(Repair::DedentedCode)
            && line.at >= self.hold_after
            && self.quotes.last().is_none_or(|&place| place < matched)
            && !ends_dedented_code(cursor)
    }

    /// Takes a line of code that need not be indented like the list items from place `base` on.
    pub(super) fn scan_dedented(
        &mut self,
        fence: Fence,
        line: Line<'_>,
        base: usize,
        out: &mut Collector<'_>,
    ) -> Step {
        let mut cursor = Cursor::new(line.content());
        let matched = self.match_containers(&mut cursor, base);
        let all = self.match_containers(&mut Cursor::new(line.content()), self.containers.len());
        let indented = all == self.containers.len();
        if matched < base || (!indented && ends_dedented_code(&cursor)) {
            if let Some(hold) = self.watch.hold.take() {
                self.hold_after = line.end();
                return self.take_back(hold, out);
            }
        } else if fence.is_closed_by(cursor.rest(), 0) {
            self.watch.dedented = None;
            out.note(Repair::DedentedCode);
            self.close_fenced(line.content_end(), out);
            self.close_to(all, out);
            return Step::Next;
        }
        self.watch.dedented = Some(base);
        self.watch.hold.get_or_insert(Hold {
            repair: Repair::DedentedCode,
            end: None,
            next: line.at,
        });
        out.mark();
        Self::give_code(line, &cursor, out);
        Step::Next
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
        self.watch.dedented = None;
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
                self.close_fenced(line.content_end(), out);
                return;
            };
            self.watch.hold.get_or_insert(Hold {
                repair,
                end: Some(line.content_end()),
                next: line.end(),
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
            && line.is_last()
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
                .bytes
                .get(code.remainder_offset()..cursor.next() + length);
            out.code(line.at + code.remainder_offset(), front.unwrap_or_default());
            out.note(Repair::GluedClosing);
            self.close_fenced(line.content_end(), out);
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
            out.close(line.content_end());
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

/// Whether a line is a fence with an info string, or a list item.
fn ends_dedented_code(cursor: &Cursor<'_>) -> bool {
    let opening = scan_opening(cursor.rest(), cursor.indent());
    opening.is_some_and(|opening| !opening.info.is_empty())
        || list_item::scan_item(&mut cursor.clone(), false).is_some()
}

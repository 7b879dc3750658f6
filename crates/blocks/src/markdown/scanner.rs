//! The block structure of a text, line by line: lines in, calls to a [`Collector`] out.
//!
//! What a line means depends on the containers that are open (block quotes and list items) and on
//! the leaf block that is open inside the last of them. Both are kept, and nothing else is:
//! `CommonMark`'s own [parsing strategy](https://spec.commonmark.org/0.31.2/#phase-1-block-structure).
//! Inline structure and the text of paragraphs do not matter for code.
//!
//! # Complexity
//!
//! Linear in the bytes of the text, however deep it nests:
//! - A container that goes on takes at least one byte of the line's front: a `>`, or two columns
//!   of indentation. The one exception is a blank line, which all open list items accept; the
//!   scanner steps over them to the next block quote at once.
//! - The first container that does not go on ends the walk, and closing a container is paid for
//!   by the marker that opened it.
//! - A line that is almost a thematic break is looked at once, not once for each bullet in it.

use super::block::{BlockKind, IndentedCode};
use super::block_quote;
use super::collector::{Collector, Start};
use super::fenced_code::{self, Fence};
use super::repair::{Repair, Repairs, fence_in_html};
use fencerun_bytes::line::Cursor;
use fencerun_bytes::work::count_work;
use fencerun_constructs::link_reference::Definitions;
use fencerun_constructs::thematic_break::{self, Scan};
use fencerun_constructs::{atx_heading, html_block, list_item, setext_heading};

mod repaired;

use repaired::Watch;

/// A block that contains blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Quote,
    /// A list item, and the columns that indent its content.
    Item(u8),
}

/// The block without blocks inside that is open in the innermost container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaf {
    None,
    Paragraph(Definitions),
    Fenced(Fence),
    Indented,
    Html(html_block::Kind),
}

/// One line of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'text> {
    /// Where it starts in the whole text.
    pub(super) at: usize,
    /// Its bytes, with the line ending, which only the last line of a text may lack.
    pub(super) bytes: &'text [u8],
    /// How many of them come before the line ending.
    pub(super) length: usize,
}

impl<'text> Line<'text> {
    /// The line of `bytes`, which starts at `at`.
    pub(super) fn new(at: usize, bytes: &'text [u8]) -> Self {
        let ending = match bytes {
            [.., b'\r', b'\n'] => 2,
            [.., b'\r' | b'\n'] => 1,
            _ => 0,
        };
        let length = bytes.len() - ending;
        Self { at, bytes, length }
    }

    /// Its bytes without the line ending.
    pub(super) fn content(self) -> &'text [u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Whether it has no line ending: it is the last one.
    pub(super) const fn is_last(self) -> bool {
        self.length == self.bytes.len()
    }

    /// Where it ends without its line ending.
    pub(super) const fn content_end(self) -> usize {
        self.at + self.length
    }

    /// Where the next line starts.
    pub(super) const fn end(self) -> usize {
        self.at + self.bytes.len()
    }
}

/// What lines mean, after all lines before.
#[derive(Debug, Clone)]
pub(super) struct Scanner {
    containers: Vec<Container>,
    /// The places of the block quotes in `containers`.
    quotes: Vec<usize>,
    leaf: Leaf,
    /// Whether the innermost container is a list item whose first line had nothing after the
    /// marker, and that line was the last one.
    empty_item: bool,
    indented: IndentedCode,
    repairs: Repairs,
    watch: Watch,
    /// Where lines may be held again: those before have been, in vain.
    hold_after: usize,
}

/// What comes after a call of the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The next line.
    Next,
    /// The lines from this place on, and then the same call: a held line was not confirmed.
    Again(usize),
}

/// Where the code of an unfinished line starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FoundCode {
    /// The columns of a tab that come before it.
    pub(super) tab_columns: usize,
    /// Its place in the line.
    pub(super) offset: usize,
    /// The character of a fence that a repair may find at the end of the line.
    pub(super) marker: Option<u8>,
}

impl Scanner {
    pub(super) const fn new(indented: IndentedCode, repairs: Repairs) -> Self {
        Self {
            containers: Vec::new(),
            quotes: Vec::new(),
            leaf: Leaf::None,
            empty_item: false,
            indented,
            repairs,
            watch: Watch::new(),
            hold_after: 0,
        }
    }

    /// Takes the next line.
    pub(super) fn scan(&mut self, line: Line<'_>, out: &mut Collector<'_>) -> Step {
        if let (Some(base), Leaf::Fenced(fence)) = (self.watch.dedented, self.leaf) {
            return self.scan_dedented(fence, line, base, out);
        }
        let mut cursor = Cursor::new(line.content());
        let matched = self.match_containers(&mut cursor, self.containers.len());
        if matched == self.containers.len() {
            if self.continue_leaf(line, &mut cursor, out) {
                return Step::Next;
            }
        } else if let Some(hold) = self.watch.hold.take() {
            self.hold_after = line.end();
            return self.take_back(hold, out);
        } else if let Leaf::Fenced(fence) = self.leaf
            && self.may_be_dedented(line, &cursor, matched)
        {
            return self.scan_dedented(fence, line, matched, out);
        } else if !matches!(self.leaf, Leaf::Paragraph(_)) {
            self.close_to(matched, out);
        }
        self.start_blocks(line, cursor, matched, out);
        Step::Next
    }

    /// The character of the open code fence.
    pub(super) const fn open_marker(&self) -> Option<u8> {
        match self.leaf {
            Leaf::Fenced(fence) => Some(fence.marker),
            _ => None,
        }
    }

    /// Whether every line up to a run of the fence's character is code as it stands: a fenced block
    /// is open that is not indented and not in a container, and no line is held.
    pub(super) const fn is_plain_code(&self) -> bool {
        matches!(self.leaf, Leaf::Fenced(fence) if fence.indent == 0)
            && self.containers.is_empty()
            && self.watch.hold.is_none()
    }

    /// Whether a fence at the end of a line of code may close the block.
    pub(super) const fn closes_at_end(&self) -> bool {
        self.repairs.contains(Repair::GluedClosing)
    }

    /// Takes lines of such code at once, without carriage returns and NUL.
    pub(super) fn take_code(&mut self, at: usize, code: &[u8], out: &mut Collector<'_>) {
        self.watch.follow_lines(code);
        out.code_without_nul(at, code);
    }

    /// Whether a paragraph that has text is open outside of containers.
    pub(super) fn is_plain_paragraph(&self) -> bool {
        self.containers.is_empty() && self.leaf == Leaf::Paragraph(Definitions::Text)
    }

    /// Whether no line matters before the next code fence, but for the containers it is in.
    pub(super) fn is_text(&self) -> bool {
        !matches!(self.leaf, Leaf::Fenced(_)) && self.indented == IndentedCode::Skip
    }

    /// Whether an HTML block is open.
    pub(super) const fn is_html(&self) -> bool {
        matches!(self.leaf, Leaf::Html(_))
    }

    /// Whether a blank line ends the leaf block, at least before a line that is not indented.
    pub(super) const fn ends_at_blank_line(&self) -> bool {
        match self.leaf {
            Leaf::Html(kind) => kind.ends_at_blank_line(),
            _ => true,
        }
    }

    /// Closes every container and the leaf block, of which nothing is reported.
    pub(super) fn reset(&mut self) {
        self.containers.clear();
        self.quotes.clear();
        self.leaf = Leaf::None;
        self.empty_item = false;
    }

    /// Where the lines start that are held until an earlier one is confirmed.
    pub(super) fn held_from(&self) -> Option<usize> {
        self.watch.hold.map(|hold| hold.next)
    }

    /// Finds the code in the line that starts with `start`, if it is certain to be a line of code,
    /// however it goes on.
    pub(super) fn find_code(&mut self, start: &[u8]) -> Option<FoundCode> {
        let Leaf::Fenced(fence) = self.leaf else {
            return None;
        };
        let mut cursor = Cursor::new(start);
        let matched = self.match_containers(&mut cursor, self.containers.len());
        if matched < self.containers.len()
            || cursor.is_blank()
            || fence.may_be_closed_by(cursor.rest(), cursor.indent())
        {
            return None;
        }
        if !self.repairs.is_empty() && cursor.peek() == Some(fence.marker) {
            return None;
        }
        cursor.skip_columns(fence.indent);
        Some(FoundCode {
            tab_columns: cursor.tab_columns(),
            offset: cursor.remainder_offset(),
            marker: self
                .repairs
                .contains(Repair::GluedClosing)
                .then_some(fence.marker),
        })
    }

    /// Takes the end of the text.
    pub(super) fn finish(&mut self, out: &mut Collector<'_>) -> Step {
        if let Some(hold) = self.watch.hold.take() {
            self.hold_after = usize::MAX;
            return self.take_back(hold, out);
        }
        self.close_to(0, out);
        self.hold_after = 0;
        Step::Next
    }

    /// Moves `cursor` past the prefixes of the first `limit` open containers, as far as they go on
    /// in this line, and returns how many do.
    fn match_containers(&mut self, cursor: &mut Cursor<'_>, limit: usize) -> usize {
        let empty_item = std::mem::take(&mut self.empty_item);
        let count = self.containers.len();
        let mut matched = 0;
        while let Some(&container) = self.containers.get(matched).filter(|_| matched < limit) {
            match container {
                Container::Quote if block_quote::scan_marker(cursor) => matched += 1,
                Container::Item(_) if cursor.is_blank() && empty_item && matched + 1 == count => {
                    return matched;
                }
                Container::Item(width) if cursor.indent() >= usize::from(width) => {
                    cursor.skip_columns(usize::from(width));
                    matched += 1;
                }
                Container::Item(_) if cursor.is_blank() => {
                    // Every list item accepts a blank line, so the next block quote decides.
                    cursor.skip_indent();
                    let later = self.quotes.partition_point(|&place| place < matched);
                    let last = count - usize::from(empty_item);
                    matched = self
                        .quotes
                        .get(later)
                        .map_or(last, |&place| place.min(last))
                        .min(limit);
                }
                Container::Quote | Container::Item(_) => return matched,
            }
            count_work(1);
        }
        matched
    }

    /// Gives the line to the open leaf block, all containers having matched. Returns whether the
    /// line is used up.
    fn continue_leaf(
        &mut self,
        line: Line<'_>,
        cursor: &mut Cursor<'_>,
        out: &mut Collector<'_>,
    ) -> bool {
        match self.leaf {
            Leaf::None => false,
            Leaf::Paragraph(_) => {
                if cursor.is_blank() {
                    self.leaf = Leaf::None;
                }
                cursor.is_blank()
            }
            Leaf::Fenced(fence) => {
                if self.repairs.is_empty() {
                    if fence.is_closed_by(cursor.rest(), cursor.indent()) {
                        self.close_fenced(line.content_end(), out);
                    } else {
                        cursor.skip_columns(fence.indent);
                        Self::give_code(line, cursor, out);
                    }
                } else {
                    self.continue_repaired(fence, line, cursor, out);
                }
                true
            }
            Leaf::Indented => {
                let blank = cursor.is_blank();
                if !blank && cursor.indent() < 4 {
                    self.close_leaf(out);
                    return false;
                }
                if self.indented == IndentedCode::Report {
                    if blank {
                        out.mark();
                    } else {
                        out.commit();
                    }
                    cursor.skip_columns(4);
                    Self::give_code(line, cursor, out);
                }
                true
            }
            Leaf::Html(kind) => {
                if self.repairs.contains(Repair::FenceInHtml)
                    && fence_in_html::is_opening(cursor.rest(), cursor.indent(), kind)
                {
                    self.leaf = Leaf::None;
                    self.start_blocks(line, cursor.clone(), self.containers.len(), out);
                    out.note(Repair::FenceInHtml);
                    return true;
                }
                let ended = if kind.ends_at_blank_line() {
                    cursor.is_blank()
                } else {
                    kind.ends_in(cursor.rest())
                };
                if ended {
                    self.leaf = Leaf::None;
                }
                true
            }
        }
    }

    /// Looks for the blocks that start in this line, after `matched` containers.
    fn start_blocks(
        &mut self,
        line: Line<'_>,
        mut cursor: Cursor<'_>,
        matched: usize,
        out: &mut Collector<'_>,
    ) {
        // The paragraph that a line without any block start continues: as its next line when all
        // containers matched, else as a lazy continuation line (section 5.1).
        let mut paragraph = match self.leaf {
            Leaf::Paragraph(definitions) => Some(definitions),
            _ => None,
        };
        let mut in_paragraph = paragraph.is_some() && matched == self.containers.len();
        let mut no_break_before = 0;
        loop {
            let Some(first) = cursor.peek() else {
                if paragraph.is_some() {
                    self.close_to(matched, out);
                }
                return;
            };
            if cursor.indent() > 3 {
                if paragraph.is_none() {
                    self.leaf = Leaf::Indented;
                    if self.indented == IndentedCode::Report {
                        cursor.skip_columns(4);
                        let at = line.at + cursor.remainder_offset();
                        out.open(self.block_start(BlockKind::Indented, at, line), at, b"");
                        Self::give_code(line, &cursor, out);
                    }
                    return;
                }
                break;
            }
            let rest = cursor.rest();
            let opened = match first {
                b'>' => block_quote::scan_marker(&mut cursor).then_some(Container::Quote),
                b'#' if atx_heading::is_heading(rest) => {
                    self.replace_leaf(paragraph, matched, Leaf::None, out);
                    return;
                }
                b'`' | b'~' => {
                    if let Some(opening) = fenced_code::scan_opening(rest, cursor.indent()) {
                        self.replace_leaf(paragraph, matched, Leaf::Fenced(opening.fence), out);
                        let at = line.at + cursor.next();
                        self.open_fenced(line, at, at + opening.info_offset, opening.info, out);
                        return;
                    }
                    None
                }
                b'<' => {
                    if let Some(kind) = html_block::scan_opening(rest, paragraph.is_some()) {
                        let leaf = if kind.ends_in(rest) {
                            Leaf::None
                        } else {
                            Leaf::Html(kind)
                        };
                        self.replace_leaf(paragraph, matched, leaf, out);
                        return;
                    }
                    None
                }
                b'=' | b'-' | b'*' | b'_' | b'+' | b'0'..=b'9' => {
                    let heading = in_paragraph
                        && paragraph.is_some_and(|definitions| !definitions.is_all())
                        && setext_heading::is_underline(rest);
                    if heading || Self::is_break(&cursor, &mut no_break_before) {
                        self.replace_leaf(paragraph, matched, Leaf::None, out);
                        return;
                    }
                    list_item::scan_item(&mut cursor, in_paragraph).map(Container::Item)
                }
                _ => None,
            };
            let Some(container) = opened else {
                break;
            };
            if paragraph.take().is_some() {
                self.close_to(matched, out);
            }
            in_paragraph = false;
            if container == Container::Quote {
                self.quotes.push(self.containers.len());
            }
            self.empty_item = container != Container::Quote && cursor.is_blank();
            self.containers.push(container);
        }
        if !self.repairs.is_empty() && self.open_repaired(line, &cursor, paragraph, matched, out) {
            return;
        }
        self.leaf = Leaf::Paragraph(match paragraph {
            Some(definitions) => definitions.next(cursor.rest()),
            None => Definitions::start(cursor.rest()),
        });
    }

    /// Whether the rest of the line is a thematic break, looking at every byte at most once per
    /// line: none starts before `no_break_before`.
    fn is_break(cursor: &Cursor<'_>, no_break_before: &mut usize) -> bool {
        if cursor.next() < *no_break_before {
            return false;
        }
        match thematic_break::scan_break(cursor.rest()) {
            Scan::Break => true,
            Scan::Stopped(place) => {
                *no_break_before = cursor.next() + place;
                false
            }
        }
    }

    /// Puts `leaf` in the place of the open leaf block.
    fn replace_leaf(
        &mut self,
        paragraph: Option<Definitions>,
        matched: usize,
        leaf: Leaf,
        out: &mut Collector<'_>,
    ) {
        if paragraph.is_some() {
            self.close_to(matched, out);
        }
        self.leaf = leaf;
    }

    fn block_start(&self, kind: BlockKind, at: usize, line: Line<'_>) -> Start {
        Start {
            kind,
            at,
            head_end: line.content_end(),
            body: line.end(),
            depth: self.containers.len(),
        }
    }

    /// Hands the line from the cursor on to the open code block.
    fn give_code(line: Line<'_>, cursor: &Cursor<'_>, out: &mut Collector<'_>) {
        if cursor.tab_columns() > 0 {
            out.insert(spaces(cursor.tab_columns()));
        }
        out.line(line, cursor.remainder_offset());
    }

    /// Closes the leaf block and the containers from place `matched` on.
    fn close_to(&mut self, matched: usize, out: &mut Collector<'_>) {
        self.close_leaf(out);
        count_work(self.containers.len().saturating_sub(matched));
        self.containers.truncate(matched);
        while self.quotes.last().is_some_and(|&place| place >= matched) {
            self.quotes.pop();
        }
    }

    fn close_leaf(&mut self, out: &mut Collector<'_>) {
        match self.leaf {
            Leaf::Fenced(_) => out.end(),
            Leaf::Indented if self.indented == IndentedCode::Report => out.end(),
            _ => {}
        }
        self.leaf = Leaf::None;
    }
}

/// As many spaces as are left of a tab.
pub(super) fn spaces(columns: usize) -> &'static str {
    "   ".get(..columns).unwrap_or_default()
}

//! One line on its way through the scanner: bytes in, columns and the first non-space byte out.
//!
//! Knows tabs and nothing of blocks. The front of the line is measured once: however many
//! containers eat their share of it, no byte is looked at again.

use crate::work::count_work;

/// Whether `byte` is a space or a tab, the two bytes that indent.
#[must_use]
pub const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// `bytes` without the spaces and tabs at its end.
#[must_use]
pub fn trim_end(bytes: &[u8]) -> &[u8] {
    let kept = bytes.iter().rposition(|&byte| !is_space(byte));
    bytes
        .get(..kept.map_or(0, |last| last + 1))
        .unwrap_or_default()
}

/// `bytes` without the spaces and tabs at its front.
#[must_use]
pub fn trim_start(bytes: &[u8]) -> &[u8] {
    let first = bytes.iter().position(|&byte| !is_space(byte));
    bytes
        .get(first.unwrap_or(bytes.len())..)
        .unwrap_or_default()
}

/// Whether `bytes` are spaces and tabs only: a
/// [blank line](https://spec.commonmark.org/0.31.2/#blank-line), section 2.1.
#[must_use]
pub fn is_blank(bytes: &[u8]) -> bool {
    count_work(bytes.len());
    bytes.iter().all(|&byte| is_space(byte))
}

/// The number of `byte`s at the front of `bytes`.
#[must_use]
pub fn count_run(bytes: &[u8], byte: u8) -> usize {
    let count = bytes.iter().take_while(|&&other| other == byte).count();
    count_work(count);
    count
}

/// A position in a line without its ending, in bytes and in columns.
///
/// ```text
/// >   · text
///   ^      where the containers matched so far end (`offset`, `column`)
///     ^    the first byte that is no space (`next`, `next_column`)
/// ```
#[derive(Debug, Clone)]
pub struct Cursor<'line> {
    bytes: &'line [u8],
    offset: usize,
    column: usize,
    /// Whether a container took some, but not all, of the columns of the tab at `offset`.
    inside_tab: bool,
    next: usize,
    next_column: usize,
}

impl<'line> Cursor<'line> {
    /// A cursor at the start of `bytes`.
    #[must_use]
    pub fn new(bytes: &'line [u8]) -> Self {
        let mut cursor = Self {
            bytes,
            offset: 0,
            column: 0,
            inside_tab: false,
            next: 0,
            next_column: 0,
        };
        cursor.find_next();
        cursor
    }

    /// Measures the white space at the cursor. A tab reaches to the next multiple of four
    /// ([section 2.2](https://spec.commonmark.org/0.31.2/#tabs)).
    fn find_next(&mut self) {
        self.next = self.offset;
        self.next_column = self.column;
        loop {
            match self.bytes.get(self.next) {
                Some(b' ') => self.next_column += 1,
                Some(b'\t') => self.next_column += 4 - self.next_column % 4,
                _ => break,
            }
            self.next += 1;
        }
        count_work(1 + self.next - self.offset);
    }

    /// Where the first byte that is no space stands in the line, or the line's length.
    #[must_use]
    pub const fn next(&self) -> usize {
        self.next
    }

    /// The columns of white space at the cursor.
    #[must_use]
    pub const fn indent(&self) -> usize {
        self.next_column - self.column
    }

    /// Whether only white space is left.
    #[must_use]
    pub const fn is_blank(&self) -> bool {
        self.next >= self.bytes.len()
    }

    /// The first byte that is no space.
    #[inline]
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.next).copied()
    }

    /// What follows the white space at the cursor.
    #[must_use]
    pub fn rest(&self) -> &'line [u8] {
        self.bytes.get(self.next..).unwrap_or_default()
    }

    /// What follows the cursor, white space included, after the columns of
    /// [`tab_columns`](Self::tab_columns).
    #[must_use]
    pub fn remainder(&self) -> &'line [u8] {
        self.bytes
            .get(self.remainder_offset()..)
            .unwrap_or_default()
    }

    /// Where [`remainder`](Self::remainder) starts in the line.
    #[must_use]
    pub const fn remainder_offset(&self) -> usize {
        if self.inside_tab {
            self.offset + 1
        } else {
            self.offset
        }
    }

    /// The columns left of a tab of which a container took the rest; they count as spaces.
    #[must_use]
    pub const fn tab_columns(&self) -> usize {
        if self.inside_tab {
            4 - self.column % 4
        } else {
            0
        }
    }

    /// Moves over all white space at the cursor.
    pub const fn skip_indent(&mut self) {
        self.offset = self.next;
        self.column = self.next_column;
        self.inside_tab = false;
    }

    /// Moves over the white space at the cursor and `count` bytes that are no tabs.
    pub fn skip_marker(&mut self, count: usize) {
        self.offset = self.next + count;
        self.column = self.next_column + count;
        self.inside_tab = false;
        self.find_next();
    }

    /// Moves over `count` columns of white space, or as many as there are.
    pub fn skip_columns(&mut self, count: usize) {
        let mut left = count;
        while left > 0 && self.offset < self.next {
            count_work(1);
            let width = match self.bytes.get(self.offset) {
                Some(b'\t') => 4 - self.column % 4,
                _ => 1,
            };
            let taken = width.min(left);
            self.column += taken;
            left -= taken;
            self.inside_tab = taken < width;
            if !self.inside_tab {
                self.offset += 1;
            }
        }
    }
}

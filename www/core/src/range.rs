//! A part of a file in any pieces in, the lines that begin in that part out.

use fencerun::rollout::{DEFAULT_MAX_LINE_BYTES, LineSplitter};

/// A line that begins in the part.
#[derive(Debug, Clone, Copy)]
pub struct RangeLine<'a> {
    /// Counted from the first of the part, from 0.
    pub number: u32,
    /// Where it begins in the file, in bytes.
    pub offset: u64,
    /// Where it ends, without its line feed.
    pub end: u64,
    /// `None` when it is too long to be read.
    pub bytes: Option<&'a [u8]>,
}

/// Finds the lines that begin from `start` up to `end` of a file. It is given the file from [`RangeLines::from`] on.
#[derive(Debug)]
pub struct RangeLines {
    splitter: LineSplitter,
    from: u64,
    end: u64,
    /// Whether what comes first is the end of a line that begins before the part.
    is_before: bool,
    next: u64,
    count: u32,
}

impl RangeLines {
    /// The lines that begin from `start` up to `end`, in bytes.
    #[must_use]
    pub const fn new(start: u64, end: u64) -> Self {
        let from = start.saturating_sub(1);
        Self {
            splitter: LineSplitter::new(DEFAULT_MAX_LINE_BYTES),
            from,
            end,
            is_before: start > 0,
            next: from,
            count: 0,
        }
    }

    /// Where to begin to read: a line begins at `start` only when the byte before ends one.
    #[must_use]
    pub const fn from(&self) -> u64 {
        self.from
    }

    /// Whether no line of the part is still to end.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        !self.is_before && self.next >= self.end
    }

    /// How many lines there were.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Where the line begins that has not ended yet.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// Takes more bytes and gives the lines that they end.
    pub fn push(&mut self, chunk: &[u8], mut take: impl FnMut(RangeLine<'_>)) {
        let Self { splitter, .. } = self;
        let (from, end) = (self.from, self.end);
        let (is_before, next, count) = (&mut self.is_before, &mut self.next, &mut self.count);
        splitter.push(chunk, |line| {
            let offset = from + line.start;
            if !*is_before && offset < end {
                take(RangeLine {
                    number: *count,
                    offset,
                    end: from + line.end,
                    bytes: line.bytes,
                });
                *count += 1;
            }
            *is_before = false;
            *next = from + line.end + 1;
        });
    }

    /// Gives what stands behind the last line feed of the file, if it is of the part. Whoever does not `take` it, as it may be
    /// half written, leaves it where it begins.
    pub fn finish(&mut self, take: impl FnOnce(RangeLine<'_>) -> bool) {
        if self.is_before || self.is_done() {
            return;
        }
        let Self {
            from, count, next, ..
        } = self;
        self.splitter.finish(|line| {
            let line = RangeLine {
                number: *count,
                offset: *from + line.start,
                end: *from + line.end,
                bytes: line.bytes,
            };
            if take(line) {
                *count += 1;
                *next = line.end + 1;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "one\n\ntwo 2\nthree";

    fn read(start: u64, end: u64, piece: usize) -> Vec<(u64, String)> {
        let mut lines = RangeLines::new(start, end);
        let mut found = Vec::new();
        let from = usize::try_from(lines.from()).unwrap();
        let mut take = |line: RangeLine<'_>| {
            let bytes = line.bytes.unwrap();
            assert_eq!(line.end, line.offset + bytes.len() as u64);
            found.push((line.offset, String::from_utf8(bytes.to_vec()).unwrap()));
        };
        for chunk in TEXT.as_bytes()[from..].chunks(piece) {
            if !lines.is_done() {
                lines.push(chunk, &mut take);
            }
        }
        lines.finish(|line| {
            take(line);
            true
        });
        found
    }

    #[test]
    fn parts_have_each_line_once_wherever_they_are_cut() {
        let size = TEXT.len() as u64;
        let mut lines = Vec::new();
        let mut start = 0;
        for line in TEXT.split('\n') {
            lines.push((start, line.to_owned()));
            start += line.len() as u64 + 1;
        }
        for cut in 0..=size {
            for piece in 1..=TEXT.len() {
                let mut both = read(0, cut, piece);
                both.extend(read(cut, size, piece));
                assert_eq!(both, lines, "cut at {cut}, pieces of {piece}");
            }
        }
    }

    #[test]
    fn a_last_line_that_may_be_half_written_is_left() {
        let mut lines = RangeLines::new(0, 6);
        lines.push(b"ab\ncde", |_| {});
        lines.finish(|_| false);
        assert_eq!((lines.count(), lines.next()), (1, 3));
    }
}

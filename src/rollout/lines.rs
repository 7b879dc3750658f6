//! Bytes in any pieces in, the lines of a log out, each bounded.

/// The longest line that is read, in bytes: 64 MiB.
pub const DEFAULT_MAX_LINE_BYTES: usize = 64 << 20;

/// One line without its line feed.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Counted from 1.
    pub number: u64,
    /// Where it begins in the log, in bytes.
    pub start: u64,
    /// Where it ends, before its line feed.
    pub end: u64,
    /// `None` when it is longer than the bound.
    pub bytes: Option<&'a [u8]>,
    /// Whether a line feed ends it: what has none may be half written.
    pub ended: bool,
}

/// Splits a log that comes in pieces at line feeds alone: JSON allows every other line end in a text.
#[derive(Debug)]
pub struct LineSplitter {
    max_bytes: usize,
    /// The line so far, no longer than the bound.
    pending: Vec<u8>,
    number: u64,
    start: u64,
    at: u64,
}

impl LineSplitter {
    /// A splitter of a log from its beginning. Of a line longer than `max_bytes` nothing is known but where it stands.
    #[must_use]
    pub const fn new(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            pending: Vec::new(),
            number: 0,
            start: 0,
            at: 0,
        }
    }

    /// Takes more bytes and hands over the lines that they end.
    pub fn push(&mut self, chunk: &[u8], mut take: impl FnMut(Line<'_>)) {
        let mut rest = chunk;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, after) = rest.split_at_checked(end).unwrap_or_default();
            self.keep(line);
            let whole = if self.pending.is_empty() {
                line
            } else {
                &self.pending
            };
            take(self.describe(whole, true));
            self.pending.clear();
            self.number += 1;
            self.at += 1;
            self.start = self.at;
            rest = after.get(1..).unwrap_or_default();
        }
        self.keep(rest);
        if self.pending.is_empty() {
            self.pending
                .extend_from_slice(rest.get(..self.max_bytes).unwrap_or(rest));
        }
    }

    /// Hands over what stands behind the last line feed, if anything does.
    pub fn finish(&mut self, take: impl FnOnce(Line<'_>)) {
        if self.at > self.start {
            take(self.describe(&self.pending, false));
        }
        *self = Self::new(self.max_bytes);
    }

    /// Appends to a line that began in an earlier piece; one that did not is handed over where it stands.
    fn keep(&mut self, more: &[u8]) {
        self.at += more.len() as u64;
        if !self.pending.is_empty() {
            let room = self.max_bytes.saturating_sub(self.pending.len());
            self.pending
                .extend_from_slice(more.get(..room).unwrap_or(more));
        }
    }

    fn describe<'a>(&self, bytes: &'a [u8], ended: bool) -> Line<'a> {
        let fits = self.at - self.start <= self.max_bytes as u64;
        Line {
            number: self.number + 1,
            start: self.start,
            end: self.at,
            bytes: fits.then_some(bytes),
            ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(chunks: &[&str], max_bytes: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let mut take = |line: Line<'_>| {
            let text = line
                .bytes
                .map_or("…", |bytes| std::str::from_utf8(bytes).unwrap());
            lines.push(format!(
                "{} {}-{} {} {text}",
                line.number, line.start, line.end, line.ended
            ));
        };
        let mut splitter = LineSplitter::new(max_bytes);
        for chunk in chunks {
            splitter.push(chunk.as_bytes(), &mut take);
        }
        splitter.finish(&mut take);
        lines
    }

    #[test]
    fn any_split_gives_the_same_lines() {
        let text = "ab\n\nlong line\nend";
        let whole = [
            "1 0-2 true ab",
            "2 3-3 true ",
            "3 4-13 true …",
            "4 14-17 false end",
        ];
        assert_eq!(split(&[text], 5), whole);
        for at in 0..text.len() {
            let (left, right) = text.split_at(at);
            assert_eq!(split(&[left, right], 5), whole, "split at {at}");
        }
        let each: Vec<&str> = text.split("").collect();
        assert_eq!(split(&each, 5), whole);
    }

    #[test]
    fn a_last_line_feed_opens_no_line() {
        assert_eq!(split(&["a\n"], 5), ["1 0-1 true a"]);
        assert_eq!(split(&[""], 5), Vec::<String>::new());
    }
}

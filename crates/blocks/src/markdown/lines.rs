//! A text cut into lines for the scanner, but for the stretches that cannot matter.
//!
//! Two of those are passed over at the speed of a search:
//! - Text before the next run of three backticks or tildes opens no fenced block. Of its lines, only
//!   those matter that decide which containers are open at the run: those since the last blank line
//!   after which every container and every leaf block is closed.
//! - Code before the next such run in a block outside of containers is code, line for line.

use fencerun_bytes::search::find_line_end;
use fencerun_bytes::stretch::{find_code, find_prose, find_reset, is_plain_fence, skip_paragraph};

use super::collector::Collector;
use super::extractor::Options;
use super::scanner::{Line, Scanner, Step};

/// Where the first line of `text` ends with its line ending; `None` if it may go on.
pub(super) fn find_end(text: &[u8]) -> Option<usize> {
    let end = find_line_end(text)?;
    match text.get(end..)? {
        [b'\r'] => None,
        [b'\r', b'\n', ..] => Some(end + 2),
        _ => Some(end + 1),
    }
}

/// Cuts a text into lines.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) scanner: Scanner,
    /// Whether all of the text is scanned at once.
    whole: bool,
    /// The lines since the one whose reading has to be confirmed, to be read again if it is not.
    held: Vec<u8>,
}

impl Lines {
    /// For a text in chunks.
    pub(super) const fn new(options: Options) -> Self {
        Self {
            scanner: Scanner::new(options.indented_code, options.repairs),
            whole: false,
            held: Vec::new(),
        }
    }

    /// For a text that is given at once.
    pub(super) const fn of_whole(options: Options) -> Self {
        let mut lines = Self::new(options);
        lines.whole = true;
        lines
    }

    /// Scans one line. A byte order mark before the first one is no part of it.
    pub(super) fn scan_line(&mut self, line: Line<'_>, out: &mut Collector<'_>) {
        let mut line = line;
        if line.at == 0
            && let Some(bytes) = line.bytes.strip_prefix(b"\xEF\xBB\xBF")
        {
            line = Line::new(3, bytes);
        }
        match self.scanner.scan(line, out) {
            Step::Next => match self.scanner.held_from() {
                Some(from) if from <= line.at => self.held.extend_from_slice(line.bytes),
                Some(_) => {}
                None => self.held.clear(),
            },
            Step::Again(from) => {
                self.scan_held(from, out);
                self.scan_line(line, out);
            }
        }
    }

    /// Scans again the lines that were held, which start at `from`. The scanner holds none of them
    /// a second time.
    fn scan_held(&mut self, from: usize, out: &mut Collector<'_>) {
        let held = std::mem::take(&mut self.held);
        let whole = std::mem::replace(&mut self.whole, false);
        let last = self.scan_lines(&held, from, out);
        self.scan_last(last, from + (held.len() - last.len()), out);
        self.whole = whole;
    }

    /// Scans the lines of `text`, which starts at `at`, and returns what follows the last line
    /// that is certainly complete.
    pub(super) fn scan_lines<'text>(
        &mut self,
        text: &'text [u8],
        at: usize,
        out: &mut Collector<'_>,
    ) -> &'text [u8] {
        if find_line_end(text).is_none() {
            return text;
        }
        // Where the last search of the text ended: before, nothing is left to pass over.
        let mut searched = 0;
        let mut place = 0;
        loop {
            place = self.skip(text, place, at, &mut searched, out);
            let rest = text.get(place..).unwrap_or_default();
            let line = find_end(rest).and_then(|end| rest.get(..end));
            let Some(line) = line else {
                return rest;
            };
            self.scan_line(Line::new(at + place, line), out);
            place += line.len();
        }
    }

    /// Passes over what cannot matter in `text` from `place` on, the start of a line, and returns
    /// the start of the next line that can.
    fn skip(
        &mut self,
        text: &[u8],
        place: usize,
        at: usize,
        searched: &mut usize,
        out: &mut Collector<'_>,
    ) -> usize {
        let rest = text.get(place..).unwrap_or_default();
        if let Some(marker) = self.scanner.open_marker() {
            if !self.scanner.is_plain_code() {
                return place;
            }
            let code = find_code(rest, marker);
            if !code.is_empty() {
                self.scanner.take_code(at + place, code, out);
            }
            return place + code.len();
        }
        if place < *searched && self.scanner.is_plain_paragraph() {
            let before_run = text.get(..*searched - 1).unwrap_or(text);
            return skip_paragraph(before_run, place);
        }
        if !self.scanner.is_text() || place < *searched {
            return place;
        }
        let prose = find_prose(rest);
        *searched = place + prose.length + 1;
        if prose.length == rest.len() && self.whole {
            self.scanner.reset();
            return text.len();
        }
        if !self.scanner.is_html() && is_plain_fence(rest, prose) {
            self.scanner.reset();
            return place + prose.length;
        }
        match find_reset(rest.get(..prose.before_html).unwrap_or_default()) {
            Some(length) if self.scanner.ends_at_blank_line() => {
                self.scanner.reset();
                place + length
            }
            _ => place,
        }
    }

    /// Scans what [`scan_lines`](Self::scan_lines) left: a line that starts at `at` and has no line
    /// ending or a lone carriage return, or nothing.
    fn scan_last(&mut self, rest: &[u8], at: usize, out: &mut Collector<'_>) {
        if !rest.is_empty() {
            self.scan_line(Line::new(at, rest), out);
        }
    }

    /// Scans the last line, which starts at `at`, and ends the text.
    pub(super) fn finish(&mut self, rest: &[u8], at: usize, out: &mut Collector<'_>) {
        self.scan_last(rest, at, out);
        while let Step::Again(from) = self.scanner.finish(out) {
            self.scan_held(from, out);
        }
        self.held.clear();
    }
}

//! A text cut into lines for the scanner, but for the stretches that cannot matter.
//!
//! Two of those are passed over at the speed of a search:
//! - Text before the next run of three backticks or tildes opens no fenced block. Of its lines, only
//!   those matter that decide which containers are open at the run: those since the last blank line
//!   after which every container and every leaf block is closed.
//! - Code before the next such run in a block outside of containers is code, line for line.

use memchr::{memchr, memchr_iter, memchr2, memrchr, memrchr_iter};

use super::collector::Collector;
use super::extractor::Options;
use super::scanner::{Line, Scanner, Step};
use super::work::count_work;

/// A line's content, and its line ending.
pub(super) fn split_ending(line: &[u8]) -> (&[u8], &[u8]) {
    let length = match line {
        [.., b'\r', b'\n'] => 2,
        [.., b'\r' | b'\n'] => 1,
        _ => 0,
    };
    line.split_at(line.len() - length)
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
            && let Some(content) = line.content.strip_prefix(b"\xEF\xBB\xBF")
        {
            line.at = 3;
            line.content = content;
        }
        match self.scanner.scan(line, out) {
            Step::Next => match self.scanner.held_from() {
                Some(from) if from <= line.at => {
                    self.held.extend_from_slice(line.content);
                    self.held.extend_from_slice(line.ending);
                }
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
        if !last.is_empty() {
            let (content, ending) = split_ending(last);
            let at = from + (held.len() - last.len());
            self.scan_line(
                Line {
                    at,
                    content,
                    ending,
                },
                out,
            );
        }
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
        if memchr2(b'\n', b'\r', text).is_none() {
            return text;
        }
        let mut runs = Runs::default();
        let mut place = 0;
        let returns = memchr(b'\r', text).is_some();
        loop {
            place = self.skip(text, place, at, &mut runs, returns, out);
            let rest = text.get(place..).unwrap_or_default();
            let end = if returns {
                memchr2(b'\n', b'\r', rest)
            } else {
                memchr(b'\n', rest)
            };
            let Some((content, after)) = end.and_then(|end| rest.split_at_checked(end)) else {
                return rest;
            };
            let length = match after {
                [b'\r'] => return rest,
                [b'\r', b'\n', ..] => 2,
                _ => 1,
            };
            let line = Line {
                at: at + place,
                content,
                ending: after.get(..length).unwrap_or_default(),
            };
            self.scan_line(line, out);
            place += content.len() + length;
        }
    }

    /// Passes over what cannot matter in `text` from `place` on, the start of a line, and returns
    /// the start of the next line that can.
    fn skip(
        &mut self,
        text: &[u8],
        place: usize,
        at: usize,
        runs: &mut Runs,
        returns: bool,
        out: &mut Collector<'_>,
    ) -> usize {
        if let Some(marker) = self.scanner.open_marker() {
            if returns || !self.scanner.is_plain_code() {
                return place;
            }
            let run = runs.find(marker, text, place);
            let code = text.get(place..run).unwrap_or_default();
            let length = memrchr(b'\n', code).map_or(0, |last| last + 1);
            let code = code.get(..length).unwrap_or_default();
            if !code.is_empty() {
                self.scanner.take_code(at + place, code, out);
            }
            return place + length;
        }
        if !self.scanner.is_text() || place <= runs.checked {
            return place;
        }
        let run = runs
            .find(b'`', text, place)
            .min(runs.find(b'~', text, place));
        runs.checked = run;
        if run == text.len() && self.whole {
            self.scanner.reset();
            return run;
        }
        let before = text.get(place..run).unwrap_or_default();
        match find_reset(before) {
            Some(length) if self.scanner.ends_at_blank_line() => {
                self.scanner.reset();
                place + length
            }
            _ => place,
        }
    }

    /// Scans the last line, which has no line ending or a lone carriage return, and ends the text.
    pub(super) fn finish(&mut self, rest: &[u8], at: usize, out: &mut Collector<'_>) {
        if !rest.is_empty() {
            let (content, ending) = split_ending(rest);
            self.scan_line(
                Line {
                    at,
                    content,
                    ending,
                },
                out,
            );
        }
        while let Step::Again(from) = self.scanner.finish(out) {
            self.scan_held(from, out);
        }
        self.held.clear();
    }
}

/// Where the next runs of three or more backticks and tildes start, as far as that is known.
#[derive(Debug, Default)]
struct Runs {
    backticks: Option<usize>,
    tildes: Option<usize>,
    /// The run before which there is nothing left to pass over.
    checked: usize,
}

impl Runs {
    /// The start of the first run of three `marker`s in `text` from `place` on, or the text's end.
    fn find(&mut self, marker: u8, text: &[u8], place: usize) -> usize {
        let known = match marker {
            b'`' => &mut self.backticks,
            _ => &mut self.tildes,
        };
        match *known {
            Some(run) if run >= place => run,
            _ => *known.insert(find_run(marker, text, place)),
        }
    }
}

/// The start of the first run of three `marker`s in `text` from `place` on, or the text's end.
fn find_run(marker: u8, text: &[u8], place: usize) -> usize {
    let rest = text.get(place..).unwrap_or_default();
    let run = memchr_iter(marker, rest).find(|&start| {
        let next = rest.get(start + 1..start + 3);
        next == Some(&[marker, marker])
    });
    let length = run.unwrap_or(rest.len());
    count_work(length);
    place + length
}

/// The start of the last line in `text` at which every block is closed that was open before,
/// whatever it was: a line after a blank one that continues no container.
///
/// ```text
/// - item
///
/// No item any more.
/// ^
/// ```
///
/// An HTML block that goes on over blank lines may start in `text`; then only what comes before it
/// is searched. `text` has no code fence.
fn find_reset(text: &[u8]) -> Option<usize> {
    count_work(text.len());
    let html = memchr_iter(b'<', text).find(|&start| {
        let name = text.get(start + 1..start + 3).unwrap_or_default();
        match name.first() {
            Some(b'!' | b'?') => true,
            _ => [b"sc", b"st", b"pr", b"te"]
                .iter()
                .any(|start| name.eq_ignore_ascii_case(*start)),
        }
    });
    let text = text.get(..html.unwrap_or(text.len()))?;
    let mut ends = memrchr_iter(b'\n', text);
    let reset = ends.find(|&end| {
        let line = text.get(..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let is_blank = matches!(line.last(), Some(b'\n' | b'\r'));
        let first = text.get(end + 1);
        is_blank && first.is_some_and(|byte| !matches!(byte, b' ' | b'\t' | b'>' | b'\n' | b'\r'))
    })?;
    Some(reset + 1)
}

//! A text cut into lines for the scanner, but for the stretches that cannot matter.
//!
//! Two of those are passed over at the speed of a search:
//! - Text before the next run of three backticks or tildes opens no fenced block. Of its lines, only
//!   those matter that decide which containers are open at the run: those since the last blank line
//!   after which every container and every leaf block is closed.
//! - Code before the next such run in a block outside of containers is code, line for line.

use memchr::{memchr_iter, memchr2, memchr3, memchr3_iter, memrchr, memrchr_iter};

use super::collector::Collector;
use super::extractor::Options;
use super::line::{count_run, is_space};
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
        if memchr2(b'\n', b'\r', text).is_none() {
            return text;
        }
        // Where the last search of the text ended: before, nothing is left to pass over.
        let mut searched = 0;
        let mut place = 0;
        loop {
            place = self.skip(text, place, at, &mut searched, out);
            let rest = text.get(place..).unwrap_or_default();
            let end = memchr2(b'\n', b'\r', rest);
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
            let (content, ending) = split_ending(rest);
            let line = Line {
                at,
                content,
                ending,
            };
            self.scan_line(line, out);
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

/// The start of the first line from `place` on, the start of a line, that may do anything but go
/// on with a paragraph outside of containers: all lines that begin with a letter, or with a
/// character beyond ASCII, do just that. In `text` is no code fence.
fn skip_paragraph(text: &[u8], place: usize) -> usize {
    let mut place = place;
    while let Some(rest @ [first, ..]) = text.get(place..)
        && (first.is_ascii_alphabetic() || !first.is_ascii())
        && let Some(end) = memchr2(b'\n', b'\r', rest)
        && rest.get(end) == Some(&b'\n')
    {
        place += end + 1;
        count_work(end + 1);
    }
    place
}

/// Whether a run of three `marker`s starts at `place`.
fn is_run(text: &[u8], place: usize, marker: u8) -> bool {
    text.get(place..place + 3) == Some(&[marker; 3])
}

/// The whole lines at the front of `text` that have no run of three `marker`s, no carriage return
/// and no NUL: code as it stands.
fn find_code(text: &[u8], marker: u8) -> &[u8] {
    let mut places = memchr3_iter(marker, b'\r', b'\0', text);
    let end = places.find(|&place| text.get(place) != Some(&marker) || is_run(text, place, marker));
    let plain = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    count_work(plain.len());
    let length = memrchr(b'\n', plain).map_or(0, |last| last + 1);
    plain.get(..length).unwrap_or_default()
}

/// How far a text goes without a code fence.
#[derive(Debug, Clone, Copy)]
struct Prose {
    /// The bytes before the first run of three backticks or tildes.
    length: usize,
    /// The bytes of these before an HTML block may start that goes on over blank lines.
    before_html: usize,
    /// Where the last line starts its text that may open an HTML block which a blank line ends.
    tag: Option<usize>,
}

/// Measures the text before the first code fence.
fn find_prose(text: &[u8]) -> Prose {
    let (mut html, mut tag) = (None, None);
    let run = memchr3_iter(b'`', b'~', b'<', text).find(|&place| match text.get(place) {
        Some(b'<') => {
            if html.is_none() && may_open_html(text.get(place + 1..).unwrap_or_default()) {
                html = Some(place);
            }
            if starts_line(text.get(..place).unwrap_or_default()) {
                tag = Some(place);
            }
            false
        }
        Some(&marker) => is_run(text, place, marker),
        None => false,
    });
    let length = run.unwrap_or(text.len());
    count_work(length);
    Prose {
        length,
        before_html: html.unwrap_or(length),
        tag,
    }
}

/// Whether nothing but white space, or a byte order mark, stands in the line at the end of
/// `before`.
fn starts_line(before: &[u8]) -> bool {
    let first = before.iter().rposition(|&byte| !is_space(byte));
    count_work(before.len() - first.unwrap_or(0));
    first.is_none_or(|first| matches!(before.get(first), Some(b'\n' | b'\r' | 0xBF)))
}

/// Whether the run after `prose` is an opening code fence outside of containers, whatever the prose
/// has opened.
///
/// ```text
/// - item
/// ```python
/// ^ no paragraph goes on in a fence, and what is not indented and no `>` continues no container
/// ```
///
/// Only an HTML block outside of containers could hide it.
fn is_plain_fence(text: &[u8], prose: Prose) -> bool {
    let Some((before, run @ [marker, ..])) = text.split_at_checked(prose.length) else {
        return false;
    };
    let in_html = prose.before_html < prose.length
        || prose.tag.is_some_and(|tag| {
            let mut ends = memchr_iter(b'\n', before.get(tag..).unwrap_or_default());
            ends.all(|end| before.get(tag + end + 1) != Some(&b'\n'))
        });
    if in_html || !matches!(before.last(), Some(b'\n' | b'\r')) {
        return false;
    }
    let info = run.get(count_run(run, *marker)..).unwrap_or_default();
    let end = memchr3(b'`', b'\n', b'\r', info).and_then(|end| info.get(end));
    end.is_some_and(|&end| end != b'`' || *marker == b'~')
}

/// Whether `rest`, what follows a `<`, may open an HTML block that goes on over blank lines.
fn may_open_html(rest: &[u8]) -> bool {
    match rest {
        [b'!' | b'?', ..] => true,
        [first, second, ..] => matches!(
            (first.to_ascii_lowercase(), second.to_ascii_lowercase()),
            (b's', b'c' | b't') | (b'p', b'r') | (b't', b'e')
        ),
        _ => false,
    }
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
/// In `text` are no code fence and no HTML block that goes on over blank lines.
fn find_reset(text: &[u8]) -> Option<usize> {
    let mut ends = memrchr_iter(b'\n', text);
    let reset = ends.find(|&end| {
        let line = text.get(..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let is_blank = matches!(line.last(), Some(b'\n' | b'\r'));
        let first = text.get(end + 1);
        is_blank && first.is_some_and(|byte| !matches!(byte, b' ' | b'\t' | b'>' | b'\n' | b'\r'))
    })?;
    count_work(text.len() - reset);
    Some(reset + 1)
}

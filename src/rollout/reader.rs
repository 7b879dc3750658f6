//! The bytes of a log in any pieces in, rollouts out, each as soon as it is whole.
//!
//! A line is a rollout. Three things take several lines: a session of STS, a JSON document with line feeds in
//! it, and a whole text.

use super::lines::{Line, LineSplitter};
use super::members::scan_items;
use super::{
    LineError, LogFormat, ReadOptions, Rollout, detect, openai, parse, read_text, read_value, sts,
};
use crate::python::value::Value;

/// One rollout of a log, or what cannot be read as one. Entries come in the order of the log, and nothing
/// but white space stands between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The line that it begins on, counted from 1.
    pub line: u64,
    /// Where it begins in the log, in bytes.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
    /// Whether a line feed ends it: what has none may be half written.
    pub ended: bool,
    /// What was read.
    pub result: Result<Rollout, LineError>,
}

/// Reads a log that comes in pieces. **Any split of the bytes gives the same entries.**
///
/// # Examples
///
/// ```
/// use fencerun::rollout::{DEFAULT_MAX_LINE_BYTES, ReadOptions, Reader};
/// let mut reader = Reader::new(ReadOptions::default(), DEFAULT_MAX_LINE_BYTES);
/// assert!(reader.push(b"{\"output\": \"1\"").is_empty());
/// let entries = reader.push(b"}\n{\"output\": \"2");
/// assert!(entries[0].result.is_ok());
/// assert!(reader.finish()[0].result.is_err());
/// ```
#[derive(Debug)]
pub struct Reader {
    options: ReadOptions,
    max_bytes: usize,
    lines: LineSplitter,
    open: Open,
    /// Whether a line was read that is whole in itself: then the log is no document.
    has_lines: bool,
}

/// What goes on behind the last line.
#[derive(Debug)]
enum Open {
    Nothing,
    Session {
        first: Place,
        lines: Vec<Value>,
    },
    Document(Document),
    /// A whole text; `None` when it became longer than the bound.
    Text {
        first: Place,
        bytes: Option<Vec<u8>>,
    },
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    line: u64,
    start: u64,
    end: u64,
    ended: bool,
}

impl Place {
    const fn of(line: &Line<'_>) -> Self {
        Self {
            line: line.number,
            start: line.start,
            end: line.end,
            ended: line.ended,
        }
    }

    const fn to(self, last: Self) -> Self {
        Self {
            end: last.end,
            ended: last.ended,
            ..self
        }
    }

    const fn entry(self, result: Result<Rollout, LineError>) -> Entry {
        Entry {
            line: self.line,
            start: self.start,
            end: self.end,
            ended: self.ended,
            result,
        }
    }
}

impl Reader {
    /// A reader of a log from its beginning. What is longer than `max_bytes`, a line or what takes several, is
    /// not kept: a line is then unreadable, and a session is read in parts. So no rollout spans more bytes. With the format
    /// [`LogFormat::Text`] the log is one text.
    #[must_use]
    pub const fn new(options: ReadOptions, max_bytes: usize) -> Self {
        Self {
            options,
            max_bytes,
            lines: LineSplitter::new(max_bytes),
            open: Open::Nothing,
            has_lines: false,
        }
    }

    /// Takes more bytes and gives back what they complete.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut lines = std::mem::replace(&mut self.lines, LineSplitter::new(0));
        lines.push(chunk, |line| self.take(&line, &mut entries));
        self.lines = lines;
        entries
    }

    /// Gives back what the end of the log completes.
    pub fn finish(&mut self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut lines = std::mem::replace(&mut self.lines, LineSplitter::new(self.max_bytes));
        lines.finish(|line| self.take(&line, &mut entries));
        self.close(&mut entries);
        self.has_lines = false;
        entries
    }

    fn take(&mut self, line: &Line<'_>, entries: &mut Vec<Entry>) {
        if self.options.format == Some(LogFormat::Text) {
            self.take_text(line);
            return;
        }
        let mark = "\u{feff}".as_bytes();
        let bytes = line.bytes.map(|bytes| {
            bytes
                .strip_prefix(mark)
                .filter(|_| line.number == 1)
                .unwrap_or(bytes)
        });
        if let (Open::Document(document), Some(bytes)) = (&mut self.open, bytes) {
            document.push(bytes, Place::of(line));
            match document.state(self.max_bytes) {
                State::Open => {}
                State::Whole => self.close(entries),
                State::Broken => self.give_up_document(entries),
            }
            return;
        }
        if !bytes.is_some_and(|bytes| bytes.trim_ascii().is_empty()) {
            self.take_line(line, bytes, entries);
        }
    }

    fn take_line(&mut self, line: &Line<'_>, bytes: Option<&[u8]>, entries: &mut Vec<Entry>) {
        let place = Place::of(line);
        let too_long = LineError::TooLong {
            max_bytes: self.max_bytes,
        };
        let text = bytes
            .ok_or(too_long)
            .and_then(|bytes| std::str::from_utf8(bytes).map_err(|_| LineError::NotUtf8));
        if let (false, Ok(text)) = (self.has_lines, &text) {
            let document = Document::new(text.as_bytes(), place);
            if matches!(document.state(self.max_bytes), State::Open) {
                self.close(entries);
                self.open = Open::Document(document);
                return;
            }
        }
        self.has_lines = true;
        let value = text.and_then(|text| Ok((parse(text)?, text.as_bytes())));
        match value {
            Ok((value, _)) if sts::is_line(&value) => {
                self.take_session(place, value, entries);
            }
            Ok((value, bytes)) => {
                self.close(entries);
                read_document(value, bytes, place, &self.options, entries);
            }
            Err(error) => {
                self.close(entries);
                entries.push(place.entry(Err(error)));
            }
        }
    }

    fn take_session(&mut self, place: Place, value: Value, entries: &mut Vec<Entry>) {
        let limit = self.max_bytes as u64;
        match &mut self.open {
            Open::Session { first, lines }
                if !sts::opens_session(&value) && place.end - first.start <= limit =>
            {
                *first = first.to(place);
                lines.push(value);
            }
            _ => {
                self.close(entries);
                self.open = Open::Session {
                    first: place,
                    lines: vec![value],
                };
            }
        }
    }

    fn take_text(&mut self, line: &Line<'_>) {
        // All of the text counts, its last line feed too.
        let place = Place {
            end: line.end + u64::from(line.ended),
            ..Place::of(line)
        };
        if !matches!(self.open, Open::Text { .. }) {
            self.open = Open::Text {
                first: place,
                bytes: Some(Vec::new()),
            };
        }
        let Open::Text { first, bytes } = &mut self.open else {
            return;
        };
        *first = first.to(place);
        let limit = self.max_bytes;
        let text = bytes.take().zip(line.bytes);
        *bytes = text
            .filter(|(text, more)| text.len() + more.len() < limit)
            .map(|(mut text, more)| {
                text.extend_from_slice(more);
                if line.ended {
                    text.push(b'\n');
                }
                text
            });
    }

    /// Ends what is open.
    fn close(&mut self, entries: &mut Vec<Entry>) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => {}
            Open::Session { first, lines, .. } => {
                let wanted = self
                    .options
                    .format
                    .is_none_or(|only| only == LogFormat::Sts);
                let rollout = wanted.then(|| sts::read(lines, &self.options));
                entries.push(first.entry(rollout.ok_or(LineError::UnknownFormat)));
            }
            Open::Text { first, bytes } => {
                let bytes = bytes.ok_or(LineError::TooLong {
                    max_bytes: self.max_bytes,
                });
                let rollout = bytes.and_then(|bytes| {
                    let text = std::str::from_utf8(&bytes).map_err(|_| LineError::NotUtf8)?;
                    Ok(read_text(text, &self.options))
                });
                entries.push(first.entry(rollout));
            }
            Open::Document(document) => {
                let text = std::str::from_utf8(&document.bytes).ok();
                if let Some(value) = text.and_then(|text| parse(text).ok()) {
                    let place = document.first.to(document.last);
                    read_document(value, &document.bytes, place, &self.options, entries);
                } else {
                    self.open = Open::Document(document);
                    self.give_up_document(entries);
                }
            }
        }
    }

    /// Reads the lines of what turned out to be no document.
    fn give_up_document(&mut self, entries: &mut Vec<Entry>) {
        let Open::Document(document) = std::mem::replace(&mut self.open, Open::Nothing) else {
            return;
        };
        self.has_lines = true;
        for line in document.lines() {
            if !line
                .bytes
                .is_some_and(|bytes| bytes.trim_ascii().is_empty())
            {
                self.take_line(&line, line.bytes, entries);
            }
        }
    }
}

/// The rollout that a value is, or those that an array holds, each where it stands.
fn read_document(
    value: Value,
    bytes: &[u8],
    place: Place,
    options: &ReadOptions,
    entries: &mut Vec<Entry>,
) {
    let is_rollout = |item: &Value| matches!(item, Value::Dict(_)) && detect(item).is_some();
    let is_conversation = openai::is_conversation(&value);
    match value {
        Value::List(items) if !is_conversation && items.iter().any(is_rollout) => {
            for (item, span) in items.into_iter().zip(scan_items(bytes)) {
                let before = bytes.get(..span.start).unwrap_or_default();
                let place = Place {
                    line: place.line + memchr::memchr_iter(b'\n', before).count() as u64,
                    // The mark of the byte order is not among the bytes.
                    start: place.end - (bytes.len() - span.start) as u64,
                    end: place.end - (bytes.len() - span.end) as u64,
                    ..place
                };
                entries.push(place.entry(read_value(item, options)));
            }
        }
        value => entries.push(place.entry(read_value(value, options))),
    }
}

/// The lines of what may be one JSON document. Where each stands is told by the bytes: to keep a place for each would take many times
/// the memory where they are short.
#[derive(Debug)]
struct Document {
    /// The lines with the line feeds between them, without a mark of the byte order.
    bytes: Vec<u8>,
    first: Place,
    last: Place,
    /// The brackets that are open.
    open: Vec<u8>,
    /// The last byte that is no white space. To look for it each time would take all blank lines before it again.
    last_byte: Option<u8>,
    is_broken: bool,
}

enum State {
    Open,
    Whole,
    Broken,
}

impl Document {
    /// A document that begins with a line.
    fn new(line: &[u8], place: Place) -> Self {
        let mut document = Self {
            bytes: line.to_vec(),
            first: place,
            last: place,
            open: Vec::new(),
            last_byte: None,
            is_broken: false,
        };
        document.follow(line);
        document
    }

    /// Appends a line.
    fn push(&mut self, line: &[u8], place: Place) {
        self.bytes.push(b'\n');
        self.bytes.extend_from_slice(line);
        self.last = place;
        self.follow(line);
    }

    /// The lines, each where it stands in the log.
    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let Place { end, ended, .. } = self.last;
        let mut start = end - self.bytes.len() as u64;
        let lines = self.bytes.split(|&byte| byte == b'\n');
        lines.zip(self.first.line..).map(move |(bytes, number)| {
            let line = Line {
                number,
                // The mark of the byte order is not among the bytes.
                start: if number == 1 { self.first.start } else { start },
                end: start + bytes.len() as u64,
                bytes: Some(bytes),
                ended: ended || start + (bytes.len() as u64) < end,
            };
            start = line.end + 1;
            line
        })
    }

    /// Follows the brackets of a line. No string of JSON spans lines, and no object stands in another without a name: such a line is
    /// a rollout by itself.
    fn follow(&mut self, line: &[u8]) {
        let nameless = self.open.last() == Some(&b'{') && self.last_byte != Some(b':');
        self.is_broken |= nameless && line.trim_ascii_start().starts_with(b"{");
        let (mut in_string, mut escaped) = (false, false);
        for &byte in line {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                _ if in_string => {}
                b'{' | b'[' => self.open.push(byte),
                b'}' => self.is_broken |= self.open.pop() != Some(b'{'),
                b']' => self.is_broken |= self.open.pop() != Some(b'['),
                _ => {}
            }
        }
        self.last_byte = line.trim_ascii_end().last().copied().or(self.last_byte);
        self.is_broken |= in_string;
    }

    fn state(&self, max_bytes: usize) -> State {
        if self.is_broken || self.bytes.len() > max_bytes {
            State::Broken
        } else if self.open.is_empty() {
            State::Whole
        } else {
            State::Open
        }
    }
}

//! From the scanner's calls to blocks and events: what the code of a block is, where it stands,
//! and how much of it is certain.
//!
//! With the whole text at hand nothing is copied while a block's code stands in the text in one
//! piece. In a stream, where the text passes by, every piece is.

use std::borrow::Cow;
use std::mem;

use fencerun_bytes::search::find;

use super::block::{BlockKind, CodeBlock, Event, LineEndings, Opening};
use super::repair::{Repair, Repairs};
use super::scanner::Line;
use crate::span::Span;
use fencerun_constructs::info_string::{decode_info, first_word};
use fencerun_constructs::repair::brace_tag;

/// Where a block starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pub(super) kind: BlockKind,
    /// The first byte of the block.
    pub(super) at: usize,
    /// The end of the block's first line, without and with its line ending.
    pub(super) head_end: usize,
    pub(super) body: usize,
    pub(super) depth: usize,
}

/// Where blocks go, and where their text comes from.
#[derive(Debug)]
pub(super) enum Target<'text> {
    /// The whole text is at hand; blocks borrow from it.
    Whole {
        text: &'text str,
        blocks: Vec<CodeBlock<'text>>,
    },
    /// The text passes by; blocks are copied and events are told.
    Stream { events: Vec<Event> },
}

/// Builds blocks from the calls of the scanner.
#[derive(Debug)]
pub(super) struct Collector<'text> {
    target: Target<'text>,
    line_endings: LineEndings,
    repairs: Repairs,
    open: Option<Open<'text>>,
}

/// The block that is open.
#[derive(Debug)]
struct Open<'text> {
    start: Start,
    info: Cow<'text, str>,
    lang: Option<Cow<'text, str>>,
    code: Code,
    repairs: Repairs,
    /// How the code stood when [`Collector::mark`] was called.
    mark: Option<Mark>,
    /// The bytes of code that have been told as events.
    told: usize,
}

/// The code of a block.
#[derive(Debug, Default)]
struct Code {
    /// The code, unless it is `piece` and the whole text is at hand.
    owned: String,
    /// Where in the text the code stands so far; `None` while there is none.
    range: Option<Span>,
    /// Whether the code differs from the text at `range`.
    scattered: bool,
}

/// A state of [`Code`] to go back to.
#[derive(Debug, Clone, Copy)]
struct Mark {
    length: usize,
    range: Option<Span>,
    scattered: bool,
}

impl Code {
    const fn mark(&self) -> Mark {
        Mark {
            length: self.owned.len(),
            range: self.range,
            scattered: self.scattered,
        }
    }

    fn roll_back(&mut self, mark: Mark) {
        self.owned.truncate(mark.length);
        self.range = mark.range;
        self.scattered = mark.scattered;
    }

    /// Makes the code differ from the text, before something is added that is not in it.
    fn scatter(&mut self, text: Option<&str>) {
        if !self.scattered {
            self.scattered = true;
            if let (Some(text), Some(range)) = (text, self.range) {
                self.owned.push_str(range.of(text).unwrap_or_default());
            }
        }
    }

    fn reach(&mut self, span: Span) {
        self.range = match self.range {
            Some(range) => Some(Span::new(range.start, span.end)),
            None => Some(span),
        };
    }

    /// Adds `bytes`, which stand in the text at `at`.
    fn add(&mut self, at: usize, bytes: &[u8], has_nul: bool, text: Option<&str>) {
        if bytes.is_empty() {
            return;
        }
        let span = Span::new(at, at + bytes.len());
        let piece = text.map_or_else(|| std::str::from_utf8(bytes).ok(), |text| span.of(text));
        let piece = piece.filter(|_| !has_nul);
        if self.range.is_some_and(|range| range.end != at) || piece.is_none() {
            self.scatter(text);
        }
        self.reach(span);
        match piece {
            Some(_) if text.is_some() && !self.scattered => {}
            Some(piece) => self.owned.push_str(piece),
            None => push_readable(&mut self.owned, bytes),
        }
    }

    /// Adds `inserted`, which stands for `span` of the text.
    fn insert(&mut self, inserted: &str, span: Option<Span>, text: Option<&str>) {
        self.scatter(text);
        if let Some(span) = span {
            self.reach(span);
        }
        self.owned.push_str(inserted);
    }
}

/// `bytes` without an incomplete character at the end.
fn whole_characters(bytes: &[u8]) -> &[u8] {
    let mut checked = 0;
    while let Err(error) = std::str::from_utf8(bytes.get(checked..).unwrap_or_default()) {
        checked += error.valid_up_to();
        match error.error_len() {
            Some(length) => checked += length,
            None => return bytes.get(..checked).unwrap_or_default(),
        }
    }
    bytes
}

/// Adds `bytes` to `text`: what is no UTF-8, and NUL
/// ([section 2.3](https://spec.commonmark.org/0.31.2/#insecure-characters)), becomes U+FFFD.
fn push_readable(text: &mut String, bytes: &[u8]) {
    let mut separator = "";
    for piece in bytes.split(|&byte| byte == 0) {
        text.push_str(separator);
        for chunk in piece.utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                text.push('\u{FFFD}');
            }
        }
        separator = "\u{FFFD}";
    }
}

impl<'text> Collector<'text> {
    pub(super) const fn new(
        target: Target<'text>,
        line_endings: LineEndings,
        repairs: Repairs,
    ) -> Self {
        Self {
            target,
            line_endings,
            repairs,
            open: None,
        }
    }

    /// The text, if it is at hand as a whole.
    const fn text(&self) -> Option<&'text str> {
        match self.target {
            Target::Whole { text, .. } => Some(text),
            Target::Stream { .. } => None,
        }
    }

    /// Opens a block, with the info string that stands at `info_at`.
    pub(super) fn open(&mut self, start: Start, info_at: usize, info: &[u8]) {
        let info = if let Some(text) = self.text() {
            let span = Span::new(info_at, info_at + info.len());
            Cow::Borrowed(span.of(text).unwrap_or_default())
        } else {
            let mut readable = String::new();
            push_readable(&mut readable, info);
            Cow::Owned(readable)
        };
        let info = decode_info(info);
        let mut repairs = Repairs::NONE;
        let mut lang = first_word(&info);
        if self.repairs.contains(Repair::BraceTag)
            && let Some(tag) = brace_tag::read_tag(&info)
        {
            lang = Some(Cow::Owned(tag.to_owned()));
            repairs = repairs.with(Repair::BraceTag);
        }
        if let Target::Stream { events } = &mut self.target {
            events.push(Event::Opened(Opening {
                kind: start.kind,
                lang: lang.as_deref().map(str::to_owned),
                info: info.clone().into_owned(),
                at: start.at,
                depth: start.depth,
            }));
        }
        self.open = Some(Open {
            start,
            info,
            lang,
            code: Code::default(),
            repairs,
            mark: None,
            told: 0,
        });
    }

    /// Notes that `repair` has made the open block what it is.
    pub(super) fn note(&mut self, repair: Repair) {
        if let Some(open) = &mut self.open {
            open.repairs = open.repairs.with(repair);
        }
    }

    /// Adds code that stands in the text at `at`.
    pub(super) fn code(&mut self, at: usize, bytes: &[u8]) {
        self.add(at, bytes, find(0, bytes).is_some());
    }

    /// Adds code like [`code`](Self::code); there is no NUL in it.
    pub(super) fn code_without_nul(&mut self, at: usize, bytes: &[u8]) {
        self.add(at, bytes, false);
    }

    fn add(&mut self, at: usize, bytes: &[u8], has_nul: bool) {
        let text = self.text();
        if let Some(open) = &mut self.open {
            open.code.add(at, bytes, has_nul, text);
        }
    }

    /// Adds code that stands nowhere in the text.
    pub(super) fn insert(&mut self, inserted: &str) {
        let text = self.text();
        if let (Some(open), false) = (&mut self.open, inserted.is_empty()) {
            open.code.insert(inserted, None, text);
        }
    }

    /// Tells code that is certain before its line has ended; [`code`](Self::code) will add it later.
    /// Returns how many of the bytes have been told: the others may be part of a character.
    pub(super) fn tell_early(&mut self, inserted: &str, bytes: &[u8]) -> usize {
        let (Some(open), Target::Stream { events }) = (&mut self.open, &mut self.target) else {
            return 0;
        };
        if open.mark.is_some() {
            return 0;
        }
        open.tell(events);
        let whole = whole_characters(bytes);
        let mut text = inserted.to_owned();
        push_readable(&mut text, whole);
        if !text.is_empty() {
            open.told += text.len();
            events.push(Event::Code(text));
        }
        whole.len()
    }

    /// Adds the code of `line` from the place `start` in it on, and its line ending as the options say.
    pub(super) fn line(&mut self, line: Line<'_>, start: usize) {
        let at = line.at + start;
        let ending = line.bytes.get(line.length..).unwrap_or_default();
        if self.line_endings == LineEndings::Keep || !ending.contains(&b'\r') {
            self.code(at, line.bytes.get(start..).unwrap_or_default());
            return;
        }
        self.code(at, line.content().get(start..).unwrap_or_default());
        let (text, span) = (self.text(), Span::new(line.content_end(), line.end()));
        if let Some(open) = &mut self.open {
            open.code.insert("\n", Some(span), text);
        }
    }

    /// Remembers the code so far, unless an earlier state is remembered: what is added from now on
    /// is not certain.
    pub(super) fn mark(&mut self) {
        if let Some(open) = &mut self.open {
            let code = &open.code;
            open.mark.get_or_insert_with(|| code.mark());
        }
    }

    /// Makes certain what was added since the mark.
    pub(super) fn commit(&mut self) {
        if let Some(open) = &mut self.open {
            open.mark = None;
        }
    }

    /// Takes back what was added since the mark, if there is one.
    pub(super) fn roll_back(&mut self) {
        if let Some(open) = &mut self.open
            && let Some(mark) = open.mark.take()
        {
            open.code.roll_back(mark);
        }
    }

    /// Closes the open block by a closing fence on a line that ends, without its ending, at `end`.
    pub(super) fn close(&mut self, end: usize) {
        self.finish_block(Some(end));
    }

    /// Closes the open block because its container or the text ends.
    pub(super) fn end(&mut self) {
        self.roll_back();
        self.finish_block(None);
    }

    fn finish_block(&mut self, fence_end: Option<usize>) {
        let text = self.text();
        let Some(open) = self.open.as_mut() else {
            return;
        };
        if let Target::Stream { events } = &mut self.target {
            open.tell(events);
        }
        let Some(open) = self.open.take() else {
            return;
        };
        let (start, code) = (open.start, open.code);
        let body = fence_end.map_or(start.head_end, |_| start.body);
        let range = code.range.unwrap_or(Span::new(body, body));
        let code_span = (!code.scattered).then_some(range);
        let code = match (text, code_span) {
            (Some(text), Some(span)) => Cow::Borrowed(span.of(text).unwrap_or_default()),
            _ => Cow::Owned(code.owned),
        };
        let block = CodeBlock {
            kind: start.kind,
            lang: open.lang,
            info: open.info,
            code,
            span: Span::new(start.at, fence_end.unwrap_or(range.end)),
            code_span,
            closed: fence_end.is_some() || start.kind == BlockKind::Indented,
            depth: start.depth,
            repairs: open.repairs,
        };
        match &mut self.target {
            Target::Whole { blocks, .. } => blocks.push(block),
            Target::Stream { events } => events.push(Event::Closed(block.into())),
        }
    }

    /// Where the open block starts.
    pub(super) fn open_at(&self) -> Option<usize> {
        self.open.as_ref().map(|open| open.start.at)
    }

    /// The events of a stream since the last call.
    pub(super) fn take_events(&mut self) -> Vec<Event> {
        let Target::Stream { events } = &mut self.target else {
            return Vec::new();
        };
        if let Some(open) = &mut self.open {
            open.tell(events);
        }
        mem::take(events)
    }

    /// The blocks of a whole text.
    pub(super) fn into_blocks(self) -> Vec<CodeBlock<'text>> {
        match self.target {
            Target::Whole { blocks, .. } => blocks,
            Target::Stream { .. } => Vec::new(),
        }
    }
}

impl Open<'_> {
    /// Tells the code that is certain and has not been told.
    fn tell(&mut self, events: &mut Vec<Event>) {
        let certain = self.mark.map_or(self.code.owned.len(), |mark| mark.length);
        if let Some(new) = self.code.owned.get(self.told..certain)
            && !new.is_empty()
        {
            events.push(Event::Code(new.to_owned()));
            self.told = certain;
        }
    }
}

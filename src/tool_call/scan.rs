//! What the formats have in common: elements with a name and a body, and texts without them.
//!
//! Every search that fails ends the search of its kind for good, because no later start can
//! succeed where it failed. That keeps every format linear, however many tags stay open.

use crate::python::search;
use crate::python::text::{skip_start, text_from, text_to};
use crate::span::Span;

#[cfg(test)]
thread_local! {
    /// How many bytes the searches looked at.
    pub(super) static WORK: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Where `needle` starts at or behind `from`. All searching goes through here and through
/// [`find_end`], so that tests can count the work.
#[inline(never)]
pub(super) fn find(text: &str, needle: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let found = search::find(rest, needle);
    count_work(found.unwrap_or(rest.len()));
    Some(from + found?)
}

/// Where the run of characters that `belong` ends which starts at `from`.
#[inline(never)]
pub(super) fn find_end(text: &str, from: usize, belong: &dyn Fn(char) -> bool) -> usize {
    let behind = skip_start(text_from(text, from), belong);
    let end = text.len() - behind.len();
    count_work(end.saturating_sub(from));
    end
}

#[cfg(not(test))]
const fn count_work(_bytes: usize) {}

#[cfg(test)]
fn count_work(bytes: usize) {
    WORK.set(WORK.get() + bytes + 1);
}

/// The text at a span that lies inside it.
#[inline(never)]
pub(super) fn slice(text: &str, span: Span) -> &str {
    span.of(text).unwrap_or_default()
}

/// How the elements of one kind are written: `open`, a name and what ends it, the body, `close`.
#[derive(Debug)]
pub(super) struct Mark<'a> {
    pub(super) open: &'a str,
    /// Reads the name that stands behind `open`, at a position of a text; `None` where neither
    /// it nor any later name can end.
    pub(super) name: fn(&str, usize) -> Option<Name>,
    pub(super) close: &'a str,
    /// What stands at the end of the text behind an element that has no `close`; `None` where
    /// that is no element.
    pub(super) unclosed: Option<&'a str>,
}

impl<'a> Mark<'a> {
    /// A pair of tags.
    pub(super) const fn pair(open: &'a str, close: &'a str) -> Self {
        Self::named(open, Name::none, close)
    }

    pub(super) const fn named(
        open: &'a str,
        name: fn(&str, usize) -> Option<Name>,
        close: &'a str,
    ) -> Self {
        Self {
            open,
            name,
            close,
            unclosed: None,
        }
    }

    /// The same, where the last element may lack its end.
    pub(super) const fn or_unclosed(self, behind: &'a str) -> Self {
        Self {
            unclosed: Some(behind),
            ..self
        }
    }
}

/// What stands behind the opening of an element.
pub(super) enum Name {
    /// A name, and where the body starts.
    Read(Span, usize),
    /// No name; the next element opens here or later.
    Passed(usize),
}

impl Name {
    /// No name at all: the body follows.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "one way to read a name among others"
    )]
    pub(super) const fn none(_text: &str, at: usize) -> Option<Self> {
        Some(Self::Read(Span::new(at, at), at))
    }

    /// Whatever stands in front of `end`.
    pub(super) fn up_to(text: &str, at: usize, end: &str) -> Option<Self> {
        let stop = find(text, end, at)?;
        Some(Self::Read(Span::new(at, stop), stop + end.len()))
    }
}

/// One element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    /// The element with its tags.
    pub(super) span: Span,
    pub(super) name: Span,
    pub(super) body: Span,
}

/// The elements in a part of a text, in order: the regular expression `open NAME (.*?)close`.
#[inline(never)]
pub(super) fn elements<'a>(text: &'a str, within: Span, mark: &'a Mark<'a>) -> Elements<'a> {
    Elements {
        text: text_to(text, within.end),
        mark,
        from: within.start,
    }
}

/// All pairs of tags in a text.
pub(super) fn pairs<'a>(text: &'a str, mark: &'a Mark<'a>) -> Elements<'a> {
    elements(text, Span::new(0, text.len()), mark)
}

/// What [`elements`] gives.
#[derive(Debug)]
pub(super) struct Elements<'a> {
    text: &'a str,
    mark: &'a Mark<'a>,
    from: usize,
}

impl Iterator for Elements<'_> {
    type Item = Element;

    #[inline(never)]
    fn next(&mut self) -> Option<Element> {
        let (text, mark) = (self.text, self.mark);
        loop {
            let start = find(text, mark.open, self.from)?;
            let (name, body) = match (mark.name)(text, start + mark.open.len())? {
                Name::Read(name, body) => (name, body),
                Name::Passed(at) => {
                    self.from = at;
                    continue;
                }
            };
            let close = if let Some(close) = find(text, mark.close, body) {
                self.from = close + mark.close.len();
                close
            } else {
                self.from = text.len();
                let shorter = text.strip_suffix(mark.unclosed?).unwrap_or(text);
                shorter.len().max(body)
            };
            return Some(Element {
                span: Span::new(start, self.from),
                name,
                body: Span::new(body, close),
            });
        }
    }
}

/// The text without the spans, which are in order.
pub(super) fn without(text: &str, spans: &[Span]) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for span in spans {
        kept.push_str(slice(text, Span::new(from, span.start)));
        from = span.end;
    }
    kept.push_str(text_from(text, from));
    kept
}

/// A text with parts left out, which knows where the rest stood.
#[derive(Debug)]
pub(super) struct Cut {
    /// What is left. More may be put behind it, which stands at the end of the original.
    pub(super) text: String,
    /// Where each byte of the text stood, and its end; nothing where nothing was left out.
    places: Vec<usize>,
    /// The length of the original.
    pub(super) whole: usize,
    /// How much was left out.
    left_out: usize,
}

impl Cut {
    /// A text without spans of it, which are in order.
    pub(super) fn new(text: &str, left_out: &[Span]) -> Self {
        let mut cut = Self {
            text: text.to_owned(),
            places: Vec::new(),
            whole: text.len(),
            left_out: 0,
        };
        cut.leave_out(left_out);
        cut
    }

    /// Leaves out more: spans of what is left, in order.
    #[inline(never)]
    fn leave_out(&mut self, spans: &[Span]) {
        if spans.is_empty() {
            return;
        }
        let mut places = Vec::with_capacity(self.text.len() + 1);
        let (mut left, mut at) = (spans, 0);
        while at <= self.text.len() {
            if let Some((span, rest)) = left.split_first()
                && span.start <= at
            {
                (left, at) = (rest, span.end);
            } else {
                places.push(self.place(at));
                at += 1;
            }
        }
        self.left_out += self.text.len() + 1 - places.len();
        self.text = without(&self.text, spans);
        self.places = places;
    }

    /// Leaves out every pair of tags, with what stands between.
    pub(super) fn leave_out_pairs(&mut self, open: &str, close: &str) {
        if !open.is_empty() {
            let mark = Mark::pair(open, close);
            let mut spans = Vec::new();
            for pair in pairs(&self.text, &mark) {
                spans.push(pair.span);
            }
            self.leave_out(&spans);
        }
    }

    /// The span in the original text; parts left out inside it are inside.
    pub(super) fn original(&self, span: Span) -> Span {
        // A part left out at the very end of a span stays outside of it.
        let last = span.end.saturating_sub(1).max(span.start);
        let end = self.place(last) + (span.end - last);
        Span::new(self.place(span.start), end.min(self.whole))
    }

    /// Where a byte of the text stood in the original.
    pub(super) fn place(&self, at: usize) -> usize {
        let behind = at + self.left_out;
        self.places.get(at).copied().unwrap_or(behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_knows_where_its_parts_stood() {
        let mut cut = Cut::new("ab<p>cd<p><p>ef", &[]);
        cut.leave_out_pairs("<p>", "");
        assert_eq!(cut.text, "abcdef");
        let original = |start, end| cut.original(Span::new(start, end));
        assert_eq!(original(0, 2), Span::new(0, 2));
        assert_eq!(original(1, 3), Span::new(1, 6));
        assert_eq!(original(2, 4), Span::new(5, 7));
        assert_eq!(original(4, 6), Span::new(13, 15));
        cut.leave_out_pairs("bcd", "");
        assert_eq!(cut.text, "aef");
        assert_eq!(cut.original(Span::new(1, 3)), Span::new(13, 15));
        assert_eq!(cut.original(Span::new(0, 2)), Span::new(0, 14));
    }

    #[test]
    fn pairs_end_with_the_first_tag_that_stays_open() {
        let found: Vec<_> = pairs("(a)(b", &Mark::pair("(", ")"))
            .map(|pair| pair.body)
            .collect();
        assert_eq!(found, [Span::new(1, 2)]);
    }
}

//! What the formats have in common: elements with a name and a body, and texts without them.
//!
//! Every search that fails ends the search of its kind for good, because no later start can
//! succeed where it failed. That keeps every format linear, however many tags stay open.

use crate::python::search;
use crate::python::text::{skip_start, text_from};
use crate::span::Span;

#[cfg(test)]
thread_local! {
    /// How many bytes the searches looked at.
    pub(super) static WORK: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Where `needle` starts at or behind `from`. All searching goes through here and through
/// [`find_any`], so that tests can count the work.
#[inline(never)]
pub(super) fn find(text: &str, needle: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let found = search::find(rest, needle);
    count_work(found.unwrap_or(rest.len()));
    Some(from + found?)
}

/// Where the first character that `belongs` stands at or behind `from`.
#[inline(never)]
pub(super) fn find_any(text: &str, from: usize, belongs: &dyn Fn(char) -> bool) -> Option<usize> {
    let rest = text.get(from..)?;
    let behind = skip_start(rest, &|character| !belongs(character));
    count_work(rest.len() - behind.len());
    (!behind.is_empty()).then_some(text.len() - behind.len())
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
pub(super) struct Mark<'a> {
    pub(super) open: &'a str,
    /// Reads the name that stands behind `open`, at a position of a text; `None` where neither
    /// it nor any later name can end.
    pub(super) name: fn(&str, usize) -> Option<Name>,
    pub(super) close: &'a str,
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
pub(super) fn elements(text: &str, within: Span, mark: &Mark<'_>) -> Vec<Element> {
    let inside = slice(text, within);
    let span = |start, end| Span::new(within.start + start, within.start + end);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = find(inside, mark.open, from) {
        let (name, body) = match (mark.name)(inside, start + mark.open.len()) {
            Some(Name::Read(name, body)) => (name, body),
            Some(Name::Passed(at)) => {
                from = at;
                continue;
            }
            None => break,
        };
        let Some(close) = find(inside, mark.close, body) else {
            break;
        };
        from = close + mark.close.len();
        found.push(Element {
            span: span(start, from),
            name: span(name.start, name.end),
            body: span(body, close),
        });
    }
    found
}

/// All pairs of tags in a text.
pub(super) fn pairs(text: &str, open: &str, close: &str) -> Vec<Element> {
    let name = Name::none;
    elements(text, Span::new(0, text.len()), &Mark { open, name, close })
}

/// Where elements stand.
pub(super) fn spans(elements: &[Element]) -> Vec<Span> {
    elements.iter().map(|element| element.span).collect()
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
#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub(super) text: String,
    /// What was left out each time: where in the text of that time kept parts start, and how much
    /// was left out before each.
    left_out: Vec<Vec<(usize, usize)>>,
}

impl Cut {
    /// The whole text.
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            left_out: Vec::new(),
        }
    }

    /// Leaves out more: spans of what is left, in order.
    pub(super) fn leave_out(&mut self, spans: &[Span]) {
        let mut gone = 0;
        let mut left_out = Vec::with_capacity(spans.len());
        for span in spans {
            left_out.push((span.start - gone, gone + span.len()));
            gone += span.len();
        }
        self.left_out.push(left_out);
        self.text = without(&self.text, spans);
    }

    /// Leaves out every pair of tags, with what stands between.
    pub(super) fn leave_out_pairs(&mut self, open: &str, close: &str) {
        if !open.is_empty() {
            let spans = spans(&pairs(&self.text, open, close));
            self.leave_out(&spans);
        }
    }

    /// The span in the original text; parts left out inside it are inside.
    pub(super) fn original(&self, span: Span) -> Span {
        // A part left out at the very end of a span stays outside of it.
        let last = span.end.saturating_sub(1).max(span.start);
        let end = self.shift(last) + (span.end - last);
        Span::new(self.shift(span.start), end)
    }

    fn shift(&self, at: usize) -> usize {
        self.left_out.iter().rev().fold(at, |at, left_out| {
            let after = left_out.partition_point(|&(start, _)| start <= at);
            let before = after.checked_sub(1).and_then(|index| left_out.get(index));
            at + before.map_or(0, |&(_, left_out)| left_out)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_knows_where_its_parts_stood() {
        let mut cut = Cut::new("ab<p>cd<p><p>ef");
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
        let found: Vec<_> = pairs("(a)(b", "(", ")")
            .iter()
            .map(|pair| pair.body)
            .collect();
        assert_eq!(found, [Span::new(1, 2)]);
    }
}

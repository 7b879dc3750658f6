//! What the formats have in common: finding tags, pairs of tags and what stands between them.
//!
//! Every search that fails ends the search of its kind for good, because no later start can
//! succeed where it failed. That keeps every format linear, however many tags stay open.

use crate::python::search::{self, places};
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
pub(super) fn find_any(
    text: &str,
    from: usize,
    mut belongs: impl FnMut(char) -> bool,
) -> Option<usize> {
    let rest = text.get(from..)?;
    let found = rest.find(&mut belongs);
    count_work(found.unwrap_or(rest.len()));
    Some(from + found?)
}

#[cfg(not(test))]
const fn count_work(_bytes: usize) {}

#[cfg(test)]
fn count_work(bytes: usize) {
    WORK.set(WORK.get() + bytes + 1);
}

/// The text at a span that lies inside it.
pub(super) fn slice(text: &str, span: Span) -> &str {
    span.of(text).unwrap_or_default()
}

/// One pair of tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    /// The pair with what stands between.
    pub(super) span: Span,
    /// What stands between.
    pub(super) body: Span,
}

/// The next opening tag at or behind `from` and the first closing tag behind it: the regular
/// expression `open(.*?)close`.
pub(super) fn find_pair(text: &str, open: &str, close: &str, from: usize) -> Option<Pair> {
    let start = find(text, open, from)?;
    let body = start + open.len();
    let end = find(text, close, body)?;
    Some(Pair {
        span: Span::new(start, end + close.len()),
        body: Span::new(body, end),
    })
}

/// All pairs of tags, in order.
pub(super) fn pairs<'a>(
    text: &'a str,
    open: &'a str,
    close: &'a str,
) -> impl Iterator<Item = Pair> + 'a {
    let mut from = Some(0);
    std::iter::from_fn(move || {
        let pair = from.and_then(|from| find_pair(text, open, close, from));
        from = pair.map(|pair| pair.span.end);
        pair
    })
}

/// The text without the spans, which are in order.
pub(super) fn without(text: &str, spans: impl Iterator<Item = Span>) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for span in spans {
        kept.push_str(slice(text, Span::new(from, span.start)));
        from = span.end;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    kept
}

/// A text with parts left out, which knows where the rest stood.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub(super) text: String,
    /// Where in the text kept parts start, and how much was left out before each.
    left_out: Vec<(usize, usize)>,
}

impl Cut {
    /// The whole text.
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            left_out: vec![(0, 0)],
        }
    }

    /// Leaves out more: spans of what is left, in order.
    pub(super) fn leave_out(&mut self, spans: &[Span]) {
        if spans.is_empty() {
            return;
        }
        let mut left_out = Vec::with_capacity(self.left_out.len() + spans.len());
        let mut old = self.left_out.iter().copied().peekable();
        let (mut gone, mut base) = (0, 0);
        for span in spans {
            while let Some((at, before)) = old.next_if(|&(at, _)| at <= span.end) {
                base = before;
                if at <= span.start {
                    left_out.push((at - gone, before + gone));
                }
            }
            gone += span.len();
            left_out.push((span.end - gone, base + gone));
        }
        left_out.extend(old.map(|(at, before)| (at - gone, before + gone)));
        self.left_out = left_out;
        self.text = without(&self.text, spans.iter().copied());
    }

    /// Leaves out every occurrence of a text.
    pub(super) fn leave_out_all(&mut self, needle: &str) {
        if needle.is_empty() {
            return;
        }
        let spans: Vec<_> = places(&self.text, needle)
            .map(|start| Span::new(start, start + needle.len()))
            .collect();
        self.leave_out(&spans);
    }

    /// The span in the original text; parts left out inside it are inside.
    pub(super) fn original(&self, span: Span) -> Span {
        // A part left out at the very end of a span stays outside of it.
        let last = span.end.saturating_sub(1).max(span.start);
        let end = self.shift(last) + (span.end - last);
        Span::new(self.shift(span.start), end)
    }

    fn shift(&self, at: usize) -> usize {
        let after = self.left_out.partition_point(|&(start, _)| start <= at);
        let before = after
            .checked_sub(1)
            .and_then(|index| self.left_out.get(index));
        at + before.map_or(0, |&(_, left_out)| left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_knows_where_its_parts_stood() {
        let mut cut = Cut::new("ab<p>cd<p><p>ef");
        cut.leave_out_all("<p>");
        assert_eq!(cut.text, "abcdef");
        let original = |start, end| cut.original(Span::new(start, end));
        assert_eq!(original(0, 2), Span::new(0, 2));
        assert_eq!(original(1, 3), Span::new(1, 6));
        assert_eq!(original(2, 4), Span::new(5, 7));
        assert_eq!(original(4, 6), Span::new(13, 15));
        cut.leave_out_all("bcd");
        assert_eq!(cut.text, "aef");
        assert_eq!(cut.original(Span::new(1, 3)), Span::new(13, 15));
        assert_eq!(cut.original(Span::new(0, 2)), Span::new(0, 14));
    }

    #[test]
    fn pairs_end_with_the_first_tag_that_stays_open() {
        let found: Vec<_> = pairs("(a)(b", "(", ")").map(|pair| pair.body).collect();
        assert_eq!(found, [Span::new(1, 2)]);
    }
}

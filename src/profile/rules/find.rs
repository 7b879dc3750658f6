//! Text and a pattern in, matches out: what `re.findall` finds with an opener, a lazy body and a
//! closer.
//!
//! Patterns are written as the originals write them, in the part of Python's syntax that they need:
//! characters, `\w`, `\s` and sets with `*`, `+` and `?`, groups of alternatives, which `?` may make
//! optional, and `(?i)` in front. `(.*?)`, once, is the body: the shortest text, whatever is in it.
//! Everything else takes what it can and gives nothing back, so that an opener matches in one way
//! only; no pattern here could match anything by giving back. A group that captures is the head.
//!
//! No closer depends on its opener. So a closer that is not found behind one opener is not found
//! behind any later one, and the search ends there: a flood of unclosed openers costs one look for
//! the closer, not one each.

use std::borrow::Cow;

use super::show::fill;
use crate::python::order;
use crate::python::search::{find as find_text, split_once};
use crate::python::text::{
    is_letter_of_any_case, is_space, is_word, skip_start, strip, strip_end, text_between,
    text_from, text_to,
};

/// Three backticks.
pub const FENCE: &str = "```";

/// One match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    /// What the group in the opener matched: the tag or info string. Empty without such a group.
    pub head: &'a str,
    /// What stands between opener and closer. Empty for a pattern without a body.
    pub body: &'a str,
    /// Where the opener begins.
    pub start: usize,
    /// Where the closer ends.
    pub end: usize,
}

/// Every match in `text`, from left to right without overlaps.
#[must_use]
pub fn find_all<'a>(text: &'a str, pattern: &str) -> Vec<Found<'a>> {
    Pattern::new(pattern).find_all(text)
}

/// Every match of the first of these patterns that has any.
#[inline(never)]
#[must_use]
pub fn find_all_of<'a>(text: &'a str, patterns: &[&str]) -> Vec<Found<'a>> {
    let mut all = Vec::new();
    for pattern in patterns {
        if all.is_empty() {
            all = find_all(text, pattern);
        }
    }
    all
}

/// The first match in `text`.
#[must_use]
pub fn find<'a>(text: &'a str, pattern: &str) -> Option<Found<'a>> {
    find_from(text, pattern, 0)
}

/// The first match that begins at `from` or later.
#[must_use]
pub fn find_from<'a>(text: &'a str, pattern: &str, from: usize) -> Option<Found<'a>> {
    Pattern::new(pattern).find_from(text, from)
}

/// How much of `text` a pattern without a body matches at its front.
#[must_use]
pub fn match_front(text: &str, pattern: &str) -> Option<usize> {
    let sensitive = pattern.strip_prefix("(?i)");
    let part = Part {
        literal: "",
        rest: sensitive.unwrap_or(pattern),
        any_case: sensitive.is_some(),
        on_new_line: false,
    };
    let matcher = part.match_at(text, 0);
    matcher.is_match.then_some(matcher.at)
}

/// `text` without the matches of `pattern`.
#[must_use]
pub fn remove_all<'a>(text: &'a str, pattern: &str) -> Cow<'a, str> {
    let mut kept = String::new();
    let mut from = 0;
    for found in find_all(text, pattern) {
        kept.push_str(text_between(text, from, found.start));
        from = found.end;
    }
    match from {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(kept + text_from(text, from)),
    }
}

/// Every pair of tags, which are no patterns, with the shortest body between them.
#[must_use]
pub fn find_pairs<'a>(text: &'a str, open: &str, close: &str) -> Vec<Found<'a>> {
    Pattern::of_tags(open, close).find_all(text)
}

struct Pattern<'a> {
    open: Part<'a>,
    close: Part<'a>,
}

/// An opener or a closer: what it begins with, to be searched for, and the pattern of its rest.
#[derive(Clone, Copy)]
struct Part<'a> {
    literal: &'a str,
    rest: &'a str,
    any_case: bool,
    /// Whether the literal stands behind a line end and white space, which belong to the match:
    /// searched for backwards, as most lines do not go on with it.
    on_new_line: bool,
}

impl<'a> Pattern<'a> {
    #[inline(never)]
    fn new(pattern: &'a str) -> Self {
        let sensitive = pattern.strip_prefix("(?i)");
        let any_case = sensitive.is_some();
        let pattern = sensitive.unwrap_or(pattern);
        let (open, close) = split_once(pattern, "(.*?)").unwrap_or((pattern, ""));
        Self {
            open: Part::new(open, any_case),
            close: Part::new(close, any_case),
        }
    }

    fn of_tags(open: &'a str, close: &'a str) -> Self {
        let [open, close] = [open, close].map(|literal| Part {
            literal,
            rest: "",
            any_case: false,
            on_new_line: false,
        });
        Self { open, close }
    }

    fn find_all<'t>(&self, text: &'t str) -> Vec<Found<'t>> {
        let mut all = Vec::new();
        let mut from = 0;
        while let Some(found) = self.find_from(text, from) {
            // A pair of empty tags ends where it starts.
            from = found.end.max(from + 1);
            all.push(found);
        }
        all
    }

    #[inline(never)]
    fn find_from<'t>(&self, text: &'t str, from: usize) -> Option<Found<'t>> {
        let (start, open) = self.open.search(text, from)?;
        let (end_of_body, close) = self.close.search(text, open.at)?;
        Some(Found {
            head: open.head,
            body: text_between(text, open.at, end_of_body),
            start,
            end: close.at,
        })
    }
}

impl<'a> Part<'a> {
    #[inline(never)]
    fn new(pattern: &'a str, any_case: bool) -> Self {
        let behind_space = pattern.strip_prefix("\n\\s*");
        let pattern = behind_space.unwrap_or(pattern);
        let length = literal_length(pattern, any_case);
        Self {
            literal: text_to(pattern, length),
            rest: text_from(pattern, length),
            any_case,
            on_new_line: behind_space.is_some(),
        }
    }

    /// The first match from `from` on: where it starts, and the matcher behind it.
    #[inline(never)]
    fn search<'t>(&self, text: &'t str, mut from: usize) -> Option<(usize, Matcher<'t>)> {
        let first = from;
        loop {
            let mut start = from + search(text.get(from..)?, self.literal)?;
            let mut matcher = self.match_at(text, start);
            if matcher.ran_out && !matcher.is_match {
                return None;
            }
            from = start + 1;
            if self.on_new_line {
                // The runs of white space before the literals lie apart: all are walked once.
                let before = text_between(text, first, start);
                let body = strip_end(before).len();
                count_work(before.len() - body);
                let line_end = find_text(text_from(before, body), "\n");
                matcher.is_match &= line_end.is_some();
                start = first + body + line_end.unwrap_or_default();
            }
            if matcher.is_match {
                return Some((start, matcher));
            }
            while from < text.len() && !text.is_char_boundary(from) {
                from += 1;
            }
        }
    }

    /// Matches the rest of the pattern behind the literal, which stands at `start`.
    fn match_at<'t>(&self, text: &'t str, start: usize) -> Matcher<'t> {
        let behind = start + self.literal.len();
        let mut matcher = Matcher {
            text,
            at: behind,
            head: "",
            any_case: self.any_case,
            is_match: false,
            ran_out: false,
        };
        matcher.is_match = matcher.takes(self.rest);
        count_work(matcher.at - behind);
        matcher
    }
}

/// Goes through a text by a pattern.
struct Matcher<'a> {
    text: &'a str,
    at: usize,
    head: &'a str,
    any_case: bool,
    is_match: bool,
    /// Whether a run went on to the end of the text. What fails behind it fails from any later place.
    ran_out: bool,
}

impl Matcher<'_> {
    /// Whether the text goes on with what `pattern` matches, which is taken then.
    #[inline(never)]
    fn takes(&mut self, pattern: &str) -> bool {
        let mut rest = pattern;
        while !rest.is_empty() {
            let literal = text_to(rest, literal_length(rest, false)).as_bytes();
            let next = self.text.as_bytes().get(self.at..self.at + literal.len());
            let is_next = |next: &[u8]| {
                next == literal || self.any_case && next.eq_ignore_ascii_case(literal)
            };
            if !literal.is_empty() {
                if next.is_some_and(is_next) {
                    self.at += literal.len();
                    rest = text_from(rest, literal.len());
                    continue;
                }
                // Outside of ASCII, another letter may count as the same.
                if !self.any_case || next.is_none_or(<[u8]>::is_ascii) {
                    return false;
                }
            }
            let mut characters = rest.chars();
            let length = match characters.next() {
                Some('[') => end_of(rest, b']') + 1,
                Some('(') => end_of(rest, b')') + 1,
                Some('\\') => 1 + characters.next().map_or(0, char::len_utf8),
                first => first.map_or(0, char::len_utf8),
            };
            let item = text_to(rest, length);
            rest = text_from(rest, length);
            let quantifier = rest.bytes().next().filter(|byte| b"*+?".contains(byte));
            rest = text_from(rest, usize::from(quantifier.is_some()));
            let takes = self.takes_item(item);
            match quantifier {
                Some(b'*' | b'+') if takes => {
                    let rest = text_from(self.text, self.at);
                    let behind = match item.as_bytes() {
                        [b'(', ..] => {
                            while self.takes_item(item) {}
                            continue;
                        }
                        b"[^\n]" => text_from(rest, find_text(rest, "\n").unwrap_or(rest.len())),
                        _ => skip_start(rest, &|next| is_in(next, item, self.any_case)),
                    };
                    self.at = self.text.len() - behind.len();
                    self.ran_out |= self.at == self.text.len();
                }
                None | Some(b'+') if !takes => return false,
                _ => {}
            }
        }
        true
    }

    /// Whether a character or a group is next, which is taken then.
    fn takes_item(&mut self, item: &str) -> bool {
        let start = self.at;
        let Some(group) = item.strip_prefix('(') else {
            let Some(next) = text_from(self.text, start).chars().next() else {
                return false;
            };
            let takes = is_in(next, item, self.any_case);
            if takes {
                self.at += next.len_utf8();
            }
            return takes;
        };
        let alternatives = group.strip_prefix("?:");
        let mut rest = alternatives.unwrap_or(group);
        while !rest.is_empty() {
            let length = end_of(rest, b'|').min(rest.len() - 1);
            if self.takes(text_to(rest, length)) {
                if alternatives.is_none() {
                    self.head = text_between(self.text, start, self.at);
                }
                return true;
            }
            self.at = start;
            rest = text_from(rest, length + 1);
        }
        false
    }
}

/// How long the front of a pattern is that stands for itself.
#[inline(never)]
fn literal_length(pattern: &str, any_case: bool) -> usize {
    let is_literal =
        |byte: &u8| !(b"\\[(*+?".contains(byte) || any_case && byte.is_ascii_alphabetic());
    let length = pattern.bytes().take_while(is_literal).count();
    // What may be missing or stand there again is a pattern.
    let next = pattern.as_bytes().get(length);
    length - usize::from(length > 0 && next.is_some_and(|next| b"*+?".contains(next)))
}

/// Where `end` first stands in a pattern unescaped.
fn end_of(pattern: &str, end: u8) -> usize {
    let mut escaped = false;
    let is_end = |byte: u8| {
        let is_end = byte == end && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_end
    };
    pattern.bytes().position(is_end).unwrap_or(pattern.len())
}

/// Whether a character, an escape or a set of them matches `character`.
fn is_in(character: char, item: &str, any_case: bool) -> bool {
    let set = match item.as_bytes() {
        b"\\w" => return is_word(character),
        b"\\s" => return is_space(character),
        [b'[', .., b']'] => text_between(item, 1, item.len() - 1),
        _ => item,
    };
    let others = set.strip_prefix('^');
    let mut rest = others.unwrap_or(set).chars();
    let mut found = false;
    while let Some(mut first) = rest.next().filter(|_| !found) {
        let is_escaped = first == '\\';
        if is_escaped {
            first = rest.next().unwrap_or(first);
        }
        let mut last = first;
        let mut ahead = rest.clone();
        if let (Some('-'), Some(end)) = (ahead.next(), ahead.next()) {
            (last, rest) = (end, ahead);
        }
        found = match first {
            'w' if is_escaped => is_word(character),
            's' if is_escaped => is_space(character),
            _ if any_case => is_letter_of_any_case(character, first.to_ascii_lowercase()),
            _ => (first..=last).contains(&character),
        };
    }
    found != others.is_some()
}

/// Where `needle` first stands in `text`. All searching goes through here, so that tests can count
/// the work.
#[must_use]
pub fn search(text: &str, needle: &str) -> Option<usize> {
    let at = find_text(text, needle);
    count_work(at.unwrap_or(text.len()));
    at
}

#[cfg(not(test))]
const fn count_work(_: usize) {}

#[cfg(test)]
thread_local! {
    /// How many bytes the searches of this thread have looked at.
    pub(in crate::profile) static WORK: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
fn count_work(bytes: usize) {
    WORK.set(WORK.get() + bytes + 1);
}

/// The bodies of matches.
#[inline(never)]
#[must_use]
pub fn bodies<'a>(found: &[Found<'a>]) -> Vec<&'a str> {
    let mut bodies = Vec::new();
    for found in found {
        bodies.push(found.body);
    }
    bodies
}

/// The bodies of matches, each stripped.
#[inline(never)]
#[must_use]
pub fn stripped<'a>(found: &[Found<'a>]) -> Vec<&'a str> {
    let mut bodies = bodies(found);
    for body in &mut bodies {
        *body = strip(body);
    }
    bodies
}

/// `<(\w+)>(.*?)</\1>`: the first tag that is closed, with its name as the head, of which `name` is
/// the pattern.
///
/// The closing tags are listed first, so that a flood of tags that are never closed costs a look
/// into that list each.
#[must_use]
pub fn find_tag<'a>(text: &'a str, name: &str) -> Option<Found<'a>> {
    let closers = find_all(text, &fill("</({})>", &[name]));
    let mut starts = Vec::new();
    for closer in &closers {
        starts.push((closer.head.as_bytes().to_vec(), closer.start));
    }
    let starts = order::sort(starts);
    let openers = find_all(text, &fill("<({})>", &[name]));
    let is_closed = |open: &&Found<'_>| {
        let last = order::last(&starts, open.head.as_bytes());
        last.is_some_and(|closer| closer >= open.end)
    };
    let head = openers.iter().find(is_closed)?.head;
    // No tag of this name stands open before that one.
    let [open, close] = ["<{}>", "</{}>"].map(|template| fill(template, &[head]));
    let pair = Pattern::of_tags(&open, &close).find_from(text, 0)?;
    Some(Found { head, ..pair })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies<'a>(text: &'a str, pattern: &str) -> Vec<&'a str> {
        super::bodies(&find_all(text, pattern))
    }

    #[test]
    fn a_closer_may_be_indented_but_stands_on_its_own_line() {
        let bodies = |text| bodies(text, "```[^\n]*\n(.*?)\n\\s*```");
        assert_eq!(bodies("```py\na ```\nb\n \n\u{a0}```"), ["a ```\nb"]);
        assert_eq!(bodies("```\n\n\n\n```"), [""]);
        assert_eq!(bodies("```\n```"), Vec::<&str>::new());
    }

    #[test]
    fn an_opener_may_begin_inside_a_longer_run() {
        let words = "```(\\w*)\n(.*?)```";
        assert_eq!(bodies("````py\na````\n```\nb```", words), ["a", "b"]);
        assert_eq!(
            find("````py\na```", words).map(|found| found.head),
            Some("py")
        );
    }

    #[test]
    fn patterns_are_read_as_those_of_python() {
        // `re.match(pattern, text).end()`, None where there is no match.
        for (pattern, text, end) in [
            ("(?:ab|a)?c", "abc", Some(3)),
            ("(?:ab|a)?c", "ac", Some(2)),
            ("(?:ab|a)?c", "bc", None),
            ("a?b", "b", Some(1)),
            ("ab*", "abbb", Some(4)),
            ("ab+", "a", None),
            ("[^a\\-]+", "xyz-", Some(3)),
            ("[\\w+#.-]*", "c++-é.", Some(7)),
            ("[@-Z\\\\-_]", "]", Some(1)),
            ("[@-Z\\\\-_]", "[", None),
            ("[\u{80}-\u{9f}]", "\u{85}", Some(2)),
            ("(?i)pYth(?:on|s)", "PyTh\u{17f}", Some(6)),
            ("(?:c\\+\\+|a\\|b|\\))", "a|b", Some(3)),
            ("(?:c\\+\\+|a\\|b|\\))", ")", Some(1)),
        ] {
            assert_eq!(match_front(text, pattern), end, "{pattern} on {text}");
        }
    }

    #[test]
    fn empty_tags_stand_between_all_characters_and_the_search_ends() {
        // As `re.findall("(.*?)", "ab")` has three matches.
        let bodies = stripped(&find_pairs("ab", "", ""));
        assert_eq!(bodies, ["", "", ""]);
    }

    #[test]
    fn the_first_closed_tag_is_found_with_its_own_closer() {
        let find = |text| find_tag(text, "\\w+").map(|found| (found.head, found.body, found.end));
        assert_eq!(find("<a><b>1</a></b>"), Some(("a", "<b>1", 11)));
        assert_eq!(find("</a><a><b>1</b>"), Some(("b", "1", 15)));
        assert_eq!(find("<a>1</a >"), None);
    }
}

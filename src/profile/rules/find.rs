//! Text in, matches out: what `re.findall` finds with an opener, a lazy body and a closer.
//!
//! All these patterns have one form: a fixed beginning, a head that can match in one way only,
//! the shortest body, and a closer that does not depend on the opener. So a closer that is not
//! found behind one opener is not found behind any later one, and the search ends there: a flood
//! of unclosed openers costs one look for the closer, not one each.

use crate::python::order;
use crate::python::search::{find, places};
use crate::python::text::{is_space, is_word, skip_start, strip, strip_end};

/// Three backticks.
pub const FENCE: &str = "```";

/// One match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    /// What the head matched: the tag or info string behind the beginning.
    pub head: &'a str,
    /// What stands between opener and closer.
    pub body: &'a str,
    /// Where the opener begins.
    pub start: usize,
    /// Where the closer ends.
    pub end: usize,
}

/// The rest of an opener behind its beginning: the length it matches.
pub type Head = fn(&str) -> Result<usize, Miss>;

/// Why a head does not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Miss {
    /// It does not match here.
    Here,
    /// It matches neither here nor later.
    FromHereOn,
}

/// The first closer in what follows an opener: the lengths of what stands before it and of itself.
pub type Close = fn(&str) -> Option<(usize, usize)>;

/// One pattern, searched for from left to right without overlaps.
#[derive(Debug, Clone, Copy)]
pub struct Pattern<H = Head> {
    /// The beginning of the opener, written out.
    pub open: &'static str,
    /// The rest of the opener.
    pub head: H,
    /// The closer.
    pub close: Close,
}

impl<H: Fn(&str) -> Result<usize, Miss>> Pattern<H> {
    /// Every match in `text`, in order.
    #[must_use]
    pub fn find_all<'a>(&self, text: &'a str) -> Vec<Found<'a>> {
        let mut all = Vec::new();
        let mut from = 0;
        while let Some(found) = self.find_from(text, from) {
            from = found.end;
            all.push(found);
        }
        all
    }

    /// The first match in `text`.
    #[must_use]
    pub fn find<'a>(&self, text: &'a str) -> Option<Found<'a>> {
        self.find_from(text, 0)
    }

    fn find_from<'a>(&self, text: &'a str, from: usize) -> Option<Found<'a>> {
        let mut from = from;
        loop {
            let start = from + search(text.get(from..)?, self.open)?;
            let behind = text.get(start + self.open.len()..)?;
            let head = match (self.head)(behind) {
                Ok(head) => head,
                Err(Miss::FromHereOn) => return None,
                Err(Miss::Here) => {
                    // Openers are ASCII, and a match may begin in the middle of a longer run.
                    from = start + 1;
                    continue;
                }
            };
            let rest = behind.get(head..)?;
            let (body, closer) = (self.close)(rest)?;
            return Some(Found {
                head: behind.get(..head)?,
                body: rest.get(..body)?,
                start,
                end: start + self.open.len() + head + body + closer,
            });
        }
    }
}

/// A head that matches nothing, and always.
pub const NO_HEAD: Head = |_| Ok(0);

/// A line end right behind the beginning.
pub const NEWLINE: Head = |rest| one_of(rest, &["\n"]);

/// `(?:py|python)?\n`
pub const PYTHON_NEWLINE: Head = |rest| one_of(rest, &["\n", "py\n", "python\n"]);

/// `\n?python`
pub const LOOSE_PYTHON: Head = |rest| one_of(rest, &["\npython", "python"]);

/// `\n?py`
pub const LOOSE_PY: Head = |rest| one_of(rest, &["\npy", "py"]);

/// `\w*\n`
pub const WORD_NEWLINE: Head = |rest| {
    let word = word_length(rest);
    let newline = rest.get(word..).is_some_and(|rest| rest.starts_with('\n'));
    newline.then_some(word + 1).ok_or(Miss::Here)
};

/// `[^\n]*\n`
pub const LINE: Head = |rest| {
    search(rest, "\n")
        .map(|end| end + 1)
        .ok_or(Miss::FromHereOn)
};

/// The first of these that stands at the front.
///
/// # Errors
///
/// [`Miss::Here`] when none does.
pub fn one_of(rest: &str, words: &[&str]) -> Result<usize, Miss> {
    let found = words.iter().find(|word| rest.starts_with(**word));
    found.map(|word| word.len()).ok_or(Miss::Here)
}

/// The length of the front of `text` that is made of such characters.
#[must_use]
pub fn length_while(text: &str, matches: fn(char) -> bool) -> usize {
    count_work(text.len() - skip_start(text, &matches).len())
}

/// The length of the word at the front of `text`: `\w*`.
#[must_use]
pub fn word_length(text: &str) -> usize {
    length_while(text, is_word)
}

/// The length of the white space at the front of `text`: `\s*`.
#[must_use]
pub fn space_length(text: &str) -> usize {
    length_while(text, is_space)
}

/// Where `needle` first stands in `text`. All searching goes through here, so that tests can count
/// the work.
#[must_use]
pub fn search(text: &str, needle: &str) -> Option<usize> {
    let at = find(text, needle);
    count_work(at.unwrap_or(text.len()));
    at
}

#[cfg(not(test))]
const fn count_work(bytes: usize) -> usize {
    bytes
}

#[cfg(test)]
thread_local! {
    /// How many bytes the searches of this thread have looked at.
    pub(in crate::profile) static WORK: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
fn count_work(bytes: usize) -> usize {
    WORK.set(WORK.get() + bytes + 1);
    bytes
}

/// Three backticks.
pub const CLOSE_FENCE: Close = |rest| close_with(rest, FENCE);

/// Three backticks at the beginning of a line that is not the first.
pub const CLOSE_FENCE_LINE: Close = |rest| close_with(rest, "\n```");

/// `\n\s*` and three backticks: the closest closer, from its first line end on. The runs of white
/// space before the fences lie apart, so all of them together are walked once.
pub const CLOSE_INDENTED_FENCE: Close = |rest| {
    let mut from = 0;
    loop {
        let fence = from + search(rest.get(from..)?, FENCE)?;
        let before = rest.get(..fence)?;
        let body = strip_end(before).len();
        count_work(fence - body);
        if let Some(line_end) = find(before.get(body..)?, "\n") {
            let start = body + line_end;
            return Some((start, fence + FENCE.len() - start));
        }
        from = fence + 1;
    }
};

/// A closer written out.
#[must_use]
pub fn close_with(rest: &str, closer: &str) -> Option<(usize, usize)> {
    search(rest, closer).map(|body| (body, closer.len()))
}

/// `open` and `close` written out, with the shortest body between them: every pair of tags.
#[must_use]
pub fn find_pairs<'a>(text: &'a str, open: &str, close: &str) -> Vec<Found<'a>> {
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(found) = find_pair_from(text, open, close, from) {
        // A pair of empty tags ends where it starts.
        from = found.end.max(from + 1);
        all.push(found);
    }
    all
}

/// The first pair of tags.
#[must_use]
pub fn find_pair<'a>(text: &'a str, open: &str, close: &str) -> Option<Found<'a>> {
    find_pair_from(text, open, close, 0)
}

fn find_pair_from<'a>(text: &'a str, open: &str, close: &str, from: usize) -> Option<Found<'a>> {
    let start = from + search(text.get(from..)?, open)?;
    let rest = text.get(start + open.len()..)?;
    let (body, closer) = close_with(rest, close)?;
    Some(Found {
        head: "",
        body: rest.get(..body)?,
        start,
        end: start + open.len() + body + closer,
    })
}

/// The bodies of matches, each stripped.
#[must_use]
pub fn stripped<'a>(found: &[Found<'a>]) -> Vec<&'a str> {
    found.iter().map(|found| strip(found.body)).collect()
}

/// `<(\w+)>(.*?)</\1>`: the first tag that is closed, as its name and its body. `is_name` says
/// which characters a name is made of.
///
/// The closing tags are listed first, so that a flood of tags that are never closed costs a look
/// into that list each.
#[must_use]
pub fn find_tag(text: &str, is_name: fn(char) -> bool) -> Option<Found<'_>> {
    let closers = tags(text, "</", is_name).map(|(at, name)| (name.as_bytes().to_vec(), at));
    let closers = order::sort(closers.collect());
    tags(text, "<", is_name).find_map(|(at, name)| {
        let start = at + name.len() + 2;
        let found = order::last(&closers, name.as_bytes()).is_some_and(|closer| closer >= start);
        let rest = text.get(start..).filter(|_| found)?;
        let mut closers = tags(rest, "</", is_name).filter(|(_, closer)| *closer == name);
        let (body, _) = closers.next()?;
        Some(Found {
            head: name,
            body: rest.get(..body)?,
            start: at,
            end: start + body + name.len() + 3,
        })
    })
}

/// Every `open` with a name and `>` behind it: its position and the name.
fn tags<'a>(
    text: &'a str,
    open: &'static str,
    is_name: fn(char) -> bool,
) -> impl Iterator<Item = (usize, &'a str)> {
    places(text, open).filter_map(move |at| {
        let rest = text.get(at + open.len()..)?;
        let name = rest.get(..length_while(rest, is_name))?;
        let closed = rest.get(name.len()..)?.starts_with('>');
        (closed && !name.is_empty()).then_some((at, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(pattern: Pattern, text: &str) -> Vec<&str> {
        pattern
            .find_all(text)
            .iter()
            .map(|found| found.body)
            .collect()
    }

    const INDENTED: Pattern = Pattern {
        open: FENCE,
        head: LINE,
        close: CLOSE_INDENTED_FENCE,
    };

    #[test]
    fn a_closer_may_be_indented_but_stands_on_its_own_line() {
        assert_eq!(
            bodies(INDENTED, "```py\na ```\nb\n \n\u{a0}```"),
            ["a ```\nb"]
        );
        assert_eq!(bodies(INDENTED, "```\n\n\n\n```"), [""]);
        assert_eq!(bodies(INDENTED, "```\n```"), Vec::<&str>::new());
    }

    #[test]
    fn an_opener_may_begin_inside_a_longer_run() {
        let words = Pattern {
            open: FENCE,
            head: WORD_NEWLINE,
            close: CLOSE_FENCE,
        };
        assert_eq!(bodies(words, "````py\na````\n```\nb```"), ["a", "b"]);
        assert_eq!(
            words.find("````py\na```").map(|found| found.head),
            Some("py\n")
        );
    }

    #[test]
    fn empty_tags_stand_between_all_characters_and_the_search_ends() {
        // As `re.findall("(.*?)", "ab")` has three matches.
        let bodies = stripped(&find_pairs("ab", "", ""));
        assert_eq!(bodies, ["", "", ""]);
    }

    #[test]
    fn the_first_closed_tag_is_found_with_its_own_closer() {
        let find = |text| find_tag(text, is_word).map(|found| (found.head, found.body, found.end));
        assert_eq!(find("<a><b>1</a></b>"), Some(("a", "<b>1", 11)));
        assert_eq!(find("</a><a><b>1</b>"), Some(("b", "1", 15)));
        assert_eq!(find("<a>1</a >"), None);
    }
}

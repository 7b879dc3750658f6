//! A text in a text: `str.find`, `str.split`, `str.replace` and their kin, for parts that are not empty.
//!
//! The standard library has all of it, but brings its search again for every type of pattern and
//! every iterator upon it. In WebAssembly that is 10 kB; so all the core searches by one function.

use memchr::memchr;

/// Up to this length a text is compared at every place of its first byte. A longer one could make
/// that quadratic.
const SHORT: usize = 64;

/// So often a longer one is compared where its front stands, which is fast and mostly enough.
const TRIES: usize = 16;

/// Where `part` first stands in `text`.
///
/// # Complexity
///
/// Linear in both texts.
#[inline(never)]
#[must_use]
pub fn find(text: &str, part: &str) -> Option<usize> {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let Some((front, _)) = part.split_at_checked(SHORT) else {
        return find_short(text, part);
    };
    let mut from = 0;
    for _ in 0..TRIES {
        let at = from + find_short(text.get(from..)?, front)?;
        if text.get(at..)?.starts_with(part) {
            return Some(at);
        }
        from = at + 1;
    }
    Some(from + find_by_borders(text.get(from..)?, part)?)
}

#[inline(never)]
fn find_short(text: &[u8], part: &[u8]) -> Option<usize> {
    let Some(first) = part.first() else {
        return Some(0);
    };
    let mut from = 0;
    loop {
        let at = from + memchr(*first, text.get(from..)?)?;
        if text.get(at..)?.starts_with(part) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// By Knuth, Morris and Pratt: `borders` holds, for every front of `part`, the length of the longest
/// shorter front that also ends it.
fn find_by_borders(text: &[u8], part: &[u8]) -> Option<usize> {
    let mut borders = vec![0];
    let mut length = 0;
    for byte in part.get(1..)? {
        length = extend_match(part, &borders, length, *byte);
        borders.push(length);
    }
    length = 0;
    for (at, byte) in text.iter().enumerate() {
        length = extend_match(part, &borders, length, *byte);
        if length == part.len() {
            return Some(at + 1 - length);
        }
    }
    None
}

/// How much of `part` is matched after `byte`, where the first `length` bytes were before it.
fn extend_match(part: &[u8], borders: &[usize], mut length: usize, byte: u8) -> usize {
    while length > 0 && part.get(length) != Some(&byte) {
        length = borders.get(length - 1).copied().unwrap_or_default();
    }
    length + usize::from(part.get(length) == Some(&byte))
}

/// Where `part`, which is short, last stands in `text`.
#[inline(never)]
#[must_use]
pub fn find_last(text: &str, part: &str) -> Option<usize> {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let Some(first) = part.first() else {
        return Some(text.len());
    };
    let mut end = text.len();
    loop {
        // Byte by byte, as the search for many at once is long and is there in the other direction already.
        let at = text.get(..end)?.iter().rposition(|byte| byte == first)?;
        if text.get(at..)?.starts_with(part) {
            return Some(at);
        }
        end = at;
    }
}

/// Whether `part` stands in `text`.
#[must_use]
pub fn contains(text: &str, part: &str) -> bool {
    find(text, part).is_some()
}

/// What stands before and behind the first `part`.
#[inline(never)]
#[must_use]
pub fn split_once<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    split_at(text, find(text, part)?, part)
}

/// What stands before and behind the last `part`, which is short.
#[inline(never)]
#[must_use]
pub fn split_last<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    split_at(text, find_last(text, part)?, part)
}

/// Nothing is split by an empty text, so that whatever goes on behind a part comes to an end.
fn split_at<'a>(text: &'a str, at: usize, part: &str) -> Option<(&'a str, &'a str)> {
    let behind = text.get(at + part.len()..).filter(|_| !part.is_empty())?;
    Some((text.get(..at)?, behind))
}

/// What stands before the first `part`, or all of `text`.
#[must_use]
pub fn first_of<'a>(text: &'a str, part: &str) -> &'a str {
    split_once(text, part).map_or(text, |(first, _)| first)
}

/// What stands behind the last `part`, which is short, or all of `text`.
#[must_use]
pub fn last_of<'a>(text: &'a str, part: &str) -> &'a str {
    split_last(text, part).map_or(text, |(_, last)| last)
}

/// `text.split(part)`
#[must_use]
pub const fn split<'a>(text: &'a str, part: &'a str) -> Split<'a> {
    Split {
        rest: Some(text),
        part,
    }
}

/// What [`split`] gives.
#[derive(Debug, Clone)]
pub struct Split<'a> {
    rest: Option<&'a str>,
    part: &'a str,
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        let (next, rest) = match split_once(rest, self.part) {
            Some((next, rest)) => (next, Some(rest)),
            None => (rest, None),
        };
        self.rest = rest;
        Some(next)
    }
}

/// Where `part` stands in `text`, without overlaps.
#[must_use]
pub const fn places<'a>(text: &'a str, part: &'a str) -> Places<'a> {
    Places {
        text,
        part,
        from: 0,
    }
}

/// What [`places`] gives.
#[derive(Debug, Clone)]
pub struct Places<'a> {
    text: &'a str,
    part: &'a str,
    from: usize,
}

impl Iterator for Places<'_> {
    type Item = usize;

    #[inline(never)]
    fn next(&mut self) -> Option<usize> {
        let at = self.from + find(self.text.get(self.from..)?, self.part)?;
        self.from = at + self.part.len().max(1);
        Some(at)
    }
}

/// `text.replace(part, by)`
#[inline(never)]
#[must_use]
pub fn replace(text: &str, part: &str, by: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = split_once(rest, part) {
        replaced.push_str(before);
        replaced.push_str(by);
        rest = behind;
    }
    replaced.push_str(rest);
    replaced
}

/// `between.join(parts)`
#[must_use]
pub fn join<T: AsRef<str>>(parts: &[T], between: &str) -> String {
    let mut joined = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            joined.push_str(between);
        }
        joined.push_str(part.as_ref());
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of few letters, some of more bytes than one, where parts of a text look like others.
    fn texts(length: usize) -> impl Iterator<Item = String> {
        let letters = ["a", "b", "é"];
        (0..letters.len().pow(u32::try_from(length).unwrap())).map(move |number| {
            let mut rest = number;
            let mut text = String::new();
            for _ in 0..length {
                text += letters[rest % letters.len()];
                rest /= letters.len();
            }
            text
        })
    }

    #[test]
    fn all_answers_are_those_of_the_standard_library() {
        for text in (0..=6).flat_map(texts) {
            for part in (1..=3).flat_map(texts) {
                let part = part.as_str();
                assert_eq!(find(&text, part), text.find(part), "{part} in {text}");
                assert_eq!(find_last(&text, part), text.rfind(part), "{part} in {text}");
                assert_eq!(split_once(&text, part), text.split_once(part));
                assert_eq!(split_last(&text, part), text.rsplit_once(part));
                assert!(split(&text, part).eq(text.split(part)), "{part} in {text}");
                assert!(places(&text, part).eq(text.match_indices(part).map(|(at, _)| at)));
                assert_eq!(replace(&text, part, "xé"), text.replace(part, "xé"));
                let long = find_by_borders(text.as_bytes(), part.as_bytes());
                assert_eq!(long, text.find(part), "{part} in {text}");
            }
        }
    }

    #[test]
    fn a_long_part_is_found_where_it_nearly_stands_everywhere() {
        let part = "a".repeat(2 * SHORT) + "b";
        let text = "a".repeat(5 * SHORT) + "b" + &part;
        assert_eq!(find(&text, &part), text.find(&part));
        assert_eq!(find(&text, &(part + "c")), None);
    }

    #[test]
    fn parts_are_joined_by_what_stands_between_them() {
        assert_eq!(join(&["a", "", "b"], ", "), "a, , b");
        assert_eq!(join::<&str>(&[], ", "), "");
    }
}

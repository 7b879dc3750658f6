//! `str` and `re` on texts: where Python sees white space, lines and characters.
//!
//! Answers are those of `CPython` 3.11. Positions that Python counts in code points are counted so
//! here, too; everything else is bytes.

pub use super::letters::{is_letter, is_word};
use super::string::count_code_points;

/// Whether Python's `\s`, `str.isspace` and `str.strip` take `character` for white space.
///
/// Rust's [`char::is_whitespace`] does not count the separators U+001C to U+001F.
#[must_use]
pub fn is_space(character: char) -> bool {
    match character {
        '\t'..='\r' | '\u{1c}'..=' ' => true,
        '\0'..='\x7f' => false,
        _ => character.is_whitespace(),
    }
}

/// `text.strip()`.
#[must_use]
pub fn strip(text: &str) -> &str {
    strip_end(strip_start(text))
}

/// `text.lstrip()`.
#[must_use]
pub fn strip_start(text: &str) -> &str {
    skip_start(text, &is_space)
}

/// `text.rstrip()`.
#[must_use]
pub fn strip_end(text: &str) -> &str {
    skip_end(text, &is_space)
}

/// `text.strip(characters)`.
#[must_use]
pub fn strip_of<'a>(text: &'a str, characters: &str) -> &'a str {
    strip_end_of(strip_start_of(text, characters), characters)
}

/// `text.lstrip(characters)`.
#[must_use]
pub fn strip_start_of<'a>(text: &'a str, characters: &str) -> &'a str {
    skip_start(text, &|character| has(characters, character))
}

/// `text.rstrip(characters)`.
#[must_use]
pub fn strip_end_of<'a>(text: &'a str, characters: &str) -> &'a str {
    skip_end(text, &|character| has(characters, character))
}

fn has(characters: &str, wanted: char) -> bool {
    characters.chars().any(|character| character == wanted)
}

/// `text` from its first character on that does not match. One function for all that is stripped
/// and skipped, as the standard library's is another for every kind of pattern.
#[inline(never)]
#[must_use]
pub fn skip_start<'a>(text: &'a str, matches: &dyn Fn(char) -> bool) -> &'a str {
    let mut rest = text.chars();
    loop {
        let left = rest.as_str();
        if !rest.next().is_some_and(matches) {
            return left;
        }
    }
}

/// `text` up to its last character that does not match.
#[inline(never)]
#[must_use]
pub fn skip_end<'a>(text: &'a str, matches: &dyn Fn(char) -> bool) -> &'a str {
    let mut rest = text.chars();
    loop {
        let left = rest.as_str();
        if !rest.next_back().is_some_and(matches) {
            return left;
        }
    }
}

/// What stands in `text` from a position on; nothing where the position splits a character or lies
/// outside. One function, as so many small checks add up in WebAssembly.
#[inline(never)]
#[must_use]
pub fn text_from(text: &str, start: usize) -> &str {
    text.get(start..).unwrap_or_default()
}

/// What stands in `text` before a position; nothing where [`text_from`] gives nothing.
#[inline(never)]
#[must_use]
pub fn text_to(text: &str, end: usize) -> &str {
    text.get(..end).unwrap_or_default()
}

/// What stands in `text` between two positions; nothing where [`text_from`] gives nothing.
#[inline(never)]
#[must_use]
pub fn text_between(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// What stands between the characters that match, none of it empty.
#[inline(never)]
#[must_use]
pub fn words<'a>(text: &'a str, matches: &dyn Fn(char) -> bool) -> Vec<&'a str> {
    let mut words = Vec::new();
    let mut rest = skip_start(text, matches);
    while !rest.is_empty() {
        let behind = skip_start(rest, &|character| !matches(character));
        words.push(text_to(rest, rest.len() - behind.len()));
        rest = skip_start(behind, matches);
    }
    words
}

/// Whether `str.splitlines` ends a line at `character`.
#[must_use]
pub fn is_line_end(character: char) -> bool {
    matches!(
        character,
        '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// `text.splitlines()`: the lines without their ends, where CR LF is one end and an end at the end
/// of the text opens no further line. `text.split("\n")` is Rust's own.
#[must_use]
pub fn split_lines(text: &str) -> Vec<&str> {
    read_lines(text, false)
}

/// `text.splitlines(True)`: the lines with their ends.
#[must_use]
pub fn split_lines_with_ends(text: &str) -> Vec<&str> {
    read_lines(text, true)
}

fn read_lines(text: &str, with_ends: bool) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.len() - skip_start(rest, &|character| !is_line_end(character)).len();
        let after = text_from(rest, length);
        let end = match after.strip_prefix("\r\n") {
            Some(_) => 2,
            None => after.chars().next().map_or(0, char::len_utf8),
        };
        lines.push(text_to(rest, if with_ends { length + end } else { length }));
        rest = text_from(after, end);
    }
    lines
}

/// `text.isalpha()`: at least one character, and letters only.
#[must_use]
pub fn is_alpha(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_letter)
}

/// `len(text)`: the number of code points.
#[must_use]
pub fn count(text: &str) -> usize {
    count_code_points(text.as_bytes())
}

/// `text[start:stop]`, counted in code points: negative ends count from the end of the text, and
/// ends outside of it are moved to it.
///
/// # Examples
///
/// ```
/// use fencerun::python::text::slice;
/// assert_eq!(slice("naïve", None, Some(3)), "naï");
/// assert_eq!(slice("naïve", Some(-3), None), "ïve");
/// assert_eq!(slice("naïve", Some(0), None), "naïve"); // and so is `text[-0:]`
/// ```
#[must_use]
pub fn slice(text: &str, start: Option<isize>, stop: Option<isize>) -> &str {
    let start = start.map_or(0, |start| byte_of(text, start));
    let stop = stop.map_or(text.len(), |stop| byte_of(text, stop));
    text.get(start..stop).unwrap_or_default()
}

/// Where the code point with this index starts, or the end of the text it lies beyond.
fn byte_of(text: &str, index: isize) -> usize {
    let index =
        usize::try_from(index).unwrap_or_else(|_| count(text).saturating_sub(index.unsigned_abs()));
    let start = text.char_indices().nth(index);
    start.map_or(text.len(), |(at, _)| at)
}

/// Whether `character` matches the letter `lower`, one of a to z, under `re.IGNORECASE`. Besides
/// its upper case that is ı and İ for i, ſ for s and the Kelvin sign for k.
#[must_use]
pub fn is_letter_of_any_case(character: char, lower: char) -> bool {
    character.eq_ignore_ascii_case(&lower)
        || match character {
            'ı' | 'İ' => lower == 'i',
            'ſ' => lower == 's',
            '\u{212a}' => lower == 'k',
            _ => false,
        }
}

/// The rest of `text` after `word` at its front under `re.IGNORECASE`, for words of ASCII.
#[must_use]
pub fn strip_word_of_any_case<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for expected in word.chars() {
        if !is_letter_of_any_case(rest.next()?, expected.to_ascii_lowercase()) {
            return None;
        }
    }
    Some(rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_what_python_says() {
        let spaces: Vec<u32> = (0..=0x0010_ffff)
            .filter_map(char::from_u32)
            .filter(|character| is_space(*character))
            .map(u32::from)
            .collect();
        let mut expected: Vec<u32> =
            vec![9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 0x85, 0xa0, 0x1680];
        expected.extend(0x2000..=0x200a);
        expected.extend([0x2028, 0x2029, 0x202f, 0x205f, 0x3000]);
        assert_eq!(spaces, expected);
    }

    #[test]
    fn strip_takes_every_kind_of_white_space_off() {
        assert_eq!(strip("\u{a0}\u{1c}\r\n a b \u{3000}\u{85}"), "a b");
        assert_eq!(strip("\u{200b}a\u{feff}"), "\u{200b}a\u{feff}");
        assert_eq!(strip_start(" a "), "a ");
        assert_eq!(strip_end(" a "), " a");
        assert_eq!(strip_of("\n \ta \n", " \n"), "\ta");
        assert_eq!(strip_start_of("xxaxx", "x"), "axx");
        assert_eq!(strip_end_of("xxaxx", "x"), "xxa");
    }

    #[test]
    fn lines_end_where_splitlines_ends_them() {
        let lines = split_lines;
        assert_eq!(lines(""), Vec::<&str>::new());
        assert_eq!(lines("\n"), [""]);
        assert_eq!(lines("a\r\nb\rc\n\rd"), ["a", "b", "c", "", "d"]);
        assert_eq!(
            lines("a\u{b}b\u{c}c\u{1c}d\u{1d}e\u{1e}f\u{85}g\u{2028}h\u{2029}i\u{1f}j"),
            ["a", "b", "c", "d", "e", "f", "g", "h", "i\u{1f}j"]
        );
        assert_eq!(lines("a\n\n"), ["a", ""]);
    }

    #[test]
    fn slices_follow_pythons_rules_for_negative_and_distant_ends() {
        let text = "añ😀d";
        for (start, stop, expected) in [
            (None, None, "añ😀d"),
            (Some(1), Some(3), "ñ😀"),
            (Some(-1), None, "d"),
            (Some(-9), Some(-2), "añ"),
            (Some(3), Some(1), ""),
            (Some(9), None, ""),
            (None, Some(0), ""),
            (None, Some(9), "añ😀d"),
        ] {
            assert_eq!(slice(text, start, stop), expected, "[{start:?}:{stop:?}]");
        }
        assert_eq!(count(text), 4);
    }

    #[test]
    fn isalpha_wants_letters_and_at_least_one() {
        assert!(is_alpha("pythonñ中"));
        for text in ["", "python3", "c++", "a b", "²", "a\u{301}"] {
            assert!(!is_alpha(text), "{text:?}");
        }
    }

    #[test]
    fn letters_without_case_include_the_odd_ones() {
        assert_eq!(strip_word_of_any_case("PYTHONx", "python"), Some("x"));
        assert_eq!(strip_word_of_any_case("wıTHİſ", "withis"), Some(""));
        assert_eq!(strip_word_of_any_case("\u{212a}", "k"), Some(""));
        assert_eq!(strip_word_of_any_case("pyth", "python"), None);
    }
}

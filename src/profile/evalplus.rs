//! evalplus, as far as it needs no parser for Python.

use crate::python::search::{contains, first_of, split};
use std::borrow::Cow;

use super::{Extracted, Profile};
use crate::python::text::{strip, text_from};

/// The profiles of evalplus.
pub const PROFILES: [Profile; 1] = [Profile {
    name: "evalplus",
    source: "evalplus/evalplus evalplus/sanitize.py",
    version: "26d6d00bb1fd",
    description: "the longest run of lines that Python parses; of a single line, that line",
    extract: Some(|text, _| extract(text)),
    observe: None,
}];

/// Only runs of two lines and more are tried, and blank lines do not count: where no run can have a
/// line that counts, the first line is the answer.
fn extract(whole: &str) -> Extracted {
    let text = without_escapes(whole);
    let first = first_of(&text, "\n");
    let is_settled = !contains(&text, "\n") || strip(&text).is_empty();
    Extracted {
        needs_python: !is_settled,
        ..Extracted::python(whole, first)
    }
}

/// Removes terminal escapes: `\x1B(?:[@-Z\\-_]|\[[0-?]*[ -/]*[@-~])`.
fn without_escapes(text: &str) -> Cow<'_, str> {
    if !contains(text, "\u{1b}") {
        return Cow::Borrowed(text);
    }
    let mut parts = split(text, "\u{1b}");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if let Some(length) = escape_length(part) {
            kept.push_str(text_from(part, length));
        } else {
            kept.push('\u{1b}');
            kept.push_str(part);
        }
    }
    Cow::Owned(kept)
}

/// The length of an escape behind its first character.
fn escape_length(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    match bytes.first()? {
        b'@'..=b'Z' | b'\\'..=b'_' => Some(1),
        b'[' => {
            let count = |from: usize, range: std::ops::RangeInclusive<u8>| {
                let rest = bytes.get(from..).unwrap_or_default();
                rest.iter().take_while(|byte| range.contains(byte)).count()
            };
            let parameters = 1 + count(1, b'0'..=b'?');
            let end = parameters + count(parameters, b' '..=b'/');
            bytes
                .get(end)
                .filter(|byte| (b'@'..=b'~').contains(byte))
                .map(|_| end + 1)
        }
        _ => None,
    }
}

//! Templates and what stands in them in, texts out, as `str.format` fills a `{}`.

use super::repr::str;
use super::search::split;
use super::value::Value;

/// `template` with `parts` in the places of its `{}`, one after the other: what `format!` does, by
/// one function for all texts.
#[inline(never)]
#[must_use]
pub fn fill(template: &str, parts: &[&str]) -> String {
    let mut filled = String::new();
    add(&mut filled, template, parts);
    filled
}

/// Adds the same to `text`.
#[inline(never)]
pub fn add(text: &mut String, template: &str, parts: &[&str]) {
    let mut parts = parts.iter();
    for (at, piece) in split(template, "{}").enumerate() {
        if at > 0 {
            text.push_str(parts.next().unwrap_or(&""));
        }
        text.push_str(piece);
    }
}

/// Adds the same with one part to `text`; nothing where that is empty.
#[inline(never)]
pub fn add_if_any(text: &mut String, template: &str, part: &str) {
    if !part.is_empty() {
        add(text, template, &[part]);
    }
}

/// `str(number)`, by one function for all numbers.
#[inline(never)]
#[must_use]
pub fn show_whole(number: i64) -> String {
    number.to_string()
}

/// `str(value)`, with U+FFFD for every surrogate.
#[inline(never)]
#[must_use]
pub fn show_value(value: &Value) -> String {
    str(value).to_string_lossy()
}

//! Texts of all scripts, as Python reads them.

use super::letters::digit_of;
use super::string::PythonString;
use super::text::{is_space, strip_end, strip_start};

/// [`strip`](super::text::strip) of a text that may hold surrogates.
pub(crate) fn strip_bytes(text: &PythonString) -> PythonString {
    // A surrogate is no space, and in its place stand as many bytes.
    let shown = text.to_string_lossy();
    let (start, end) = (
        shown.len() - strip_start(&shown).len(),
        strip_end(&shown).len(),
    );
    let mut stripped = PythonString::new();
    stripped.push_bytes(text.as_bytes().get(start..end).unwrap_or_default());
    stripped
}

/// A text with the digits and spaces of all scripts as those of ASCII, as `int()` and `float()`
/// see it; `None` when any other character outside of ASCII is in it.
pub(super) fn to_ascii_number(text: &str) -> Option<String> {
    let mut ascii = String::new();
    for character in text.chars() {
        ascii.push(match character {
            '\0'..='\x7f' => character,
            _ if is_space(character) => ' ',
            _ => char::from_digit(digit_of(character)?, 10)?,
        });
    }
    Some(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_other_scripts_are_read() {
        assert_eq!(to_ascii_number("٣\u{a0}x").as_deref(), Some("3 x"));
        assert_eq!(to_ascii_number("é"), None);
    }

    #[test]
    fn strip_takes_pythons_white_space() {
        let strip = |text: &str| strip_bytes(&text.into());
        assert_eq!(strip("\u{1c}\u{85}\u{3000} x \u{1f}"), "x");
        assert_eq!(strip("\u{feff}x\u{200b}"), "\u{feff}x\u{200b}");
    }
}

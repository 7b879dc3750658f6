//! Python's `str`: code points in a row, lone surrogates included.

use std::fmt;

use super::search::split;

/// A text as Python holds it. Where every code point is a character it is UTF-8; a lone surrogate,
/// which JSON and Python can write but UTF-8 cannot, takes the three bytes that UTF-8 would give
/// it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PythonString(Vec<u8>);

impl PythonString {
    /// An empty text.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// `template` with `parts`, which are such texts, in the places of its `{}`, one after the other.
    #[inline(never)]
    pub(crate) fn fill(template: &str, parts: &[&[u8]]) -> Self {
        let mut pieces = split(template, "{}");
        let mut filled: Self = pieces.next().unwrap_or_default().into();
        for (part, piece) in parts.iter().zip(pieces) {
            filled.push_bytes(part);
            filled.push_str(piece);
        }
        filled
    }

    /// The bytes: UTF-8 in which surrogates may stand.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The same bytes as they are kept.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// The text, or `None` when a surrogate stands in it.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The text with U+FFFD for every surrogate.
    #[must_use]
    pub fn to_string_lossy(&self) -> String {
        if let Some(text) = self.as_str() {
            return text.to_owned();
        }
        code_points(&self.0)
            .map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    }

    /// Appends a text.
    pub fn push_str(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Appends bytes of another such text, or a part of one that splits no code point.
    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Appends one code point.
    pub fn push(&mut self, point: u32) {
        if let Some(character) = char::from_u32(point) {
            self.push_str(character.encode_utf8(&mut [0; 4]));
        } else {
            let low = |shift: u32| 0x80 | u8::try_from(point >> shift & 0x3f).unwrap_or_default();
            self.0.extend_from_slice(&[0xed, low(6), low(0)]);
        }
    }

    /// Appends the escape of a code point by its number: a backslash, `letter`, and so many hexadecimal digits.
    #[inline(never)]
    pub(super) fn push_escape(&mut self, letter: &str, digits: u32, point: u32) {
        self.push_str("\\");
        self.push_str(letter);
        for place in (0..digits).rev() {
            let digit = char::from_digit(point >> (4 * place) & 0xf, 16);
            self.push(digit.map_or(0, u32::from));
        }
    }
}

impl From<&str> for PythonString {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<String> for PythonString {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl PartialEq<str> for PythonString {
    fn eq(&self, other: &str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl PartialEq<&str> for PythonString {
    fn eq(&self, other: &&str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl fmt::Debug for PythonString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::repr::repr_bytes(&self.0).to_string_lossy())
    }
}

/// The code points of bytes that a [`PythonString`] could hold.
pub(crate) fn code_points(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (point, length) = first_code_point(rest)?;
        rest = rest.get(length..).unwrap_or_default();
        Some(point)
    })
}

/// The first code point and the number of its bytes.
pub(crate) fn first_code_point(bytes: &[u8]) -> Option<(u32, usize)> {
    let first = u32::from(*bytes.first()?);
    let (bits, length) = match first {
        0..0x80 => return Some((first, 1)),
        0x80..0xe0 => (first & 0x1f, 2),
        0xe0..0xf0 => (first & 0x0f, 3),
        _ => (first & 0x07, 4),
    };
    let rest = bytes.get(1..length.min(bytes.len()))?;
    let fold = |point: u32, byte: &u8| point << 6 | u32::from(byte & 0x3f);
    Some((rest.iter().fold(bits, fold), length))
}

/// How many code points the bytes hold: Python's `len`.
pub(crate) fn count_code_points(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_surrogate_is_a_code_point() {
        let mut text = PythonString::from("a");
        text.push(0xd800);
        text.push(0x1f600);
        assert_eq!(text.as_str(), None);
        assert_eq!(text.to_string_lossy(), "a\u{fffd}😀");
        let points: Vec<_> = code_points(text.as_bytes()).collect();
        assert_eq!(points, [0x61, 0xd800, 0x1f600]);
        assert_eq!(count_code_points(text.as_bytes()), 3);
    }
}

//! Searches for single bytes.
//!
//! Each is one function in WebAssembly, where it is taken: inlined, as `memchr` would have it, it
//! takes some 400 bytes at every place that searches.

use memchr::{memchr, memchr2};

/// Where `byte` stands first in `bytes`.
#[inline(never)]
#[must_use]
pub fn find(byte: u8, bytes: &[u8]) -> Option<usize> {
    memchr(byte, bytes)
}

/// Where the first line of `bytes` ends: at a line feed or a carriage return.
#[inline(never)]
#[must_use]
pub fn find_line_end(bytes: &[u8]) -> Option<usize> {
    memchr2(b'\n', b'\r', bytes)
}

/// Whether three equal quotes stand somewhere in `bytes`, which open a string over lines in Python.
#[inline(never)]
#[must_use]
pub fn has_triple_quote(bytes: &[u8]) -> bool {
    let is_triple =
        |place: usize| matches!(bytes.get(place..place + 3), Some([a, b, c]) if a == b && b == c);
    memchr::memchr2_iter(b'"', b'\'', bytes).any(is_triple)
}

/// Whether `name` is one of `names`, which have a space between, in letters of any case.
#[inline(never)]
#[must_use]
pub fn has_name(names: &[u8], name: &[u8]) -> bool {
    let mut names = names.split(|&byte| byte == b' ');
    names.any(|known| known.eq_ignore_ascii_case(name))
}

/// The first word of `text`, up to white space.
#[inline(never)]
#[must_use]
pub fn first_word(text: &str) -> Option<&str> {
    // The end of a word in ASCII is found without looking at characters.
    let graphic = text.bytes().position(|byte| !byte.is_ascii_graphic());
    match graphic {
        None => Some(text).filter(|text| !text.is_empty()),
        Some(end) if end > 0 && text.as_bytes().get(end) == Some(&b' ') => text.get(..end),
        Some(_) => text.split_whitespace().next(),
    }
}

//! Info strings of code fences,
//! [section 4.5](https://spec.commonmark.org/0.31.2/#info-string): as written in, decoded out.

use std::borrow::Cow;

use fencerun_bytes::search;

use super::character_reference::scan_reference;

/// Decodes backslash escapes
/// ([section 2.4](https://spec.commonmark.org/0.31.2/#backslash-escapes)) and character references
/// ([section 2.5](https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references)),
/// and makes NUL U+FFFD ([section 2.3](https://spec.commonmark.org/0.31.2/#insecure-characters)).
#[must_use]
pub fn decode_info(info: Cow<'_, str>) -> Cow<'_, str> {
    if find_special(&info).is_none() {
        return info;
    }
    let mut decoded = String::new();
    let mut rest = info.as_ref();
    while let Some(place) = find_special(rest)
        && let Some((plain, special)) = rest.split_at_checked(place)
    {
        decoded.push_str(plain);
        let (length, meaning) = scan_special(special);
        decoded.push_str(&meaning);
        rest = special.get(length..).unwrap_or_default();
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The length of what does not stand for itself at the front of `special`, and what it stands for.
fn scan_special(special: &str) -> (usize, Cow<'_, str>) {
    let after = special.get(1..2).filter(|after| {
        after
            .as_bytes()
            .first()
            .is_some_and(u8::is_ascii_punctuation)
    });
    match (special.as_bytes().first(), after) {
        (Some(b'\\'), Some(escaped)) => (2, escaped.into()),
        (Some(0), _) => (1, "\u{FFFD}".into()),
        _ => match scan_reference(special) {
            Some((length, meaning)) => (length, meaning.into()),
            None => (1, special.get(..1).unwrap_or_default().into()),
        },
    }
}

/// Where a character that does not stand for itself stands first. Once in WebAssembly, not twice.
#[inline(never)]
fn find_special(text: &str) -> Option<usize> {
    text.bytes()
        .position(|byte| matches!(byte, b'\\' | b'&' | 0))
}

/// The first word of a decoded info string: the name of the language by custom.
pub fn first_word<'text>(info: &Cow<'text, str>) -> Option<Cow<'text, str>> {
    match info {
        Cow::Borrowed(info) => search::first_word(info).map(Cow::Borrowed),
        Cow::Owned(info) => search::first_word(info).map(|word| Cow::Owned(word.to_owned())),
    }
}

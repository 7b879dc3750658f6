//! Info strings of code fences,
//! [section 4.5](https://spec.commonmark.org/0.31.2/#info-string): as written in, decoded out.

use std::borrow::Cow;

use super::character_reference::scan_reference;

/// Decodes backslash escapes
/// ([section 2.4](https://spec.commonmark.org/0.31.2/#backslash-escapes)) and character references
/// ([section 2.5](https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references)),
/// and makes NUL U+FFFD ([section 2.3](https://spec.commonmark.org/0.31.2/#insecure-characters)).
pub(super) fn decode_info(info: Cow<'_, str>) -> Cow<'_, str> {
    if find_special(&info).is_none() {
        return info;
    }
    let mut decoded = String::with_capacity(info.len());
    let mut rest = info.as_ref();
    while let Some(place) = find_special(rest) {
        let Some((plain, special)) = rest.split_at_checked(place) else {
            break;
        };
        decoded.push_str(plain);
        let mut characters = special.chars();
        rest = match (characters.next(), characters.next()) {
            (Some('\\'), Some(escaped)) if escaped.is_ascii_punctuation() => {
                decoded.push(escaped);
                characters.as_str()
            }
            (Some('&'), _) => {
                if let Some((length, text)) = scan_reference(special) {
                    decoded.push_str(&text);
                    special.get(length..).unwrap_or_default()
                } else {
                    decoded.push('&');
                    special.get(1..).unwrap_or_default()
                }
            }
            (Some(other), _) => {
                decoded.push(if other == '\0' { '\u{FFFD}' } else { other });
                special.get(1..).unwrap_or_default()
            }
            (None, _) => "",
        };
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Where a character that does not stand for itself stands first. Once in WebAssembly, not twice.
#[inline(never)]
fn find_special(text: &str) -> Option<usize> {
    text.bytes()
        .position(|byte| matches!(byte, b'\\' | b'&' | 0))
}

/// The first word of a decoded info string: the name of the language by custom.
pub(super) fn first_word<'text>(info: &Cow<'text, str>) -> Option<Cow<'text, str>> {
    match info {
        Cow::Borrowed(info) => info.split_whitespace().next().map(Cow::Borrowed),
        Cow::Owned(info) => {
            let word = info.split_whitespace().next();
            word.map(|word| Cow::Owned(word.to_owned()))
        }
    }
}

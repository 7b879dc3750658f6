//! Link reference definitions,
//! [section 4.7](https://spec.commonmark.org/0.31.2/#link-reference-definitions).
//!
//! They matter for code in one place only: a paragraph that is nothing but definitions has no
//! text, so no setext heading underline makes a heading of it, and the paragraph goes on.

use fencerun_bytes::line::{is_blank, is_space, trim_start};
use fencerun_bytes::work::count_work;

/// How far the lines of one paragraph have been read as link reference definitions.
///
/// ```text
/// [label]: destination
///     "title"
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Definitions {
    /// Between two definitions, or before the first one.
    Between,
    /// In a label.
    Label {
        /// How many characters of it there are.
        characters: u16,
        /// Whether any of them is no white space.
        text: bool,
    },
    /// After the colon, with no destination yet.
    Colon,
    /// After a line that ends a definition, to which a title on the next line may still belong.
    Complete,
    /// In a title.
    Title {
        /// The byte that ends it.
        end: u8,
    },
    /// The paragraph has text.
    Text,
}

/// The most characters a link label may have.
const LABEL_CHARACTERS: u16 = 999;

impl Definitions {
    /// The reading of a paragraph's first line, without white space at its front.
    #[must_use]
    pub fn start(line: &[u8]) -> Self {
        Self::Between.next(line)
    }

    /// Whether the paragraph is definitions and nothing else.
    #[must_use]
    pub const fn is_all(self) -> bool {
        matches!(self, Self::Between | Self::Complete)
    }

    /// The reading after one more line, without white space at its front.
    #[must_use]
    pub fn next(self, line: &[u8]) -> Self {
        if self == Self::Text {
            return self;
        }
        count_work(line.len());
        match self {
            Self::Between if line.first() == Some(&b'[') => {
                Self::read_label(line.get(1..).unwrap_or_default(), 0, false)
            }
            Self::Between | Self::Text => Self::Text,
            Self::Label { characters, text } => Self::read_label(line, characters + 1, text),
            Self::Colon => Self::read_destination(line),
            Self::Complete => match title_end(line) {
                Some(end) => Self::read_title(line.get(1..).unwrap_or_default(), end),
                None => Self::Between.next(line),
            },
            Self::Title { end } => Self::read_title(line, end),
        }
    }

    fn read_label(line: &[u8], mut characters: u16, mut text: bool) -> Self {
        let mut escaped = false;
        for (place, &byte) in line.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'[' => return Self::Text,
                b']' => {
                    let after = line.get(place + 1..).unwrap_or_default();
                    return match after.split_first() {
                        Some((b':', rest)) if text => Self::read_destination(trim_start(rest)),
                        _ => Self::Text,
                    };
                }
                _ => escaped = byte == b'\\',
            }
            text |= !is_space(byte);
            // A character is counted at the first of its bytes.
            characters += u16::from(byte & 0xC0 != 0x80);
            if characters > LABEL_CHARACTERS {
                return Self::Text;
            }
        }
        Self::Label { characters, text }
    }

    fn read_destination(rest: &[u8]) -> Self {
        if is_blank(rest) {
            return Self::Colon;
        }
        let Some(length) = scan_destination(rest) else {
            return Self::Text;
        };
        let after = rest.get(length..).unwrap_or_default();
        let title = trim_start(after);
        if title.is_empty() {
            return Self::Complete;
        }
        match title_end(title) {
            Some(end) if title.len() < after.len() => {
                Self::read_title(title.get(1..).unwrap_or_default(), end)
            }
            _ => Self::Text,
        }
    }

    fn read_title(line: &[u8], end: u8) -> Self {
        let mut escaped = false;
        for (place, &byte) in line.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                _ if byte == end => {
                    let after = line.get(place + 1..).unwrap_or_default();
                    return if is_blank(after) {
                        Self::Between
                    } else {
                        Self::Text
                    };
                }
                b'(' if end == b')' => return Self::Text,
                _ => escaped = byte == b'\\',
            }
        }
        Self::Title { end }
    }
}

/// The byte that ends the title that starts here, if one does.
fn title_end(rest: &[u8]) -> Option<u8> {
    match rest.first()? {
        b'(' => Some(b')'),
        &quote @ (b'"' | b'\'') => Some(quote),
        _ => None,
    }
}

/// The length of the link destination at the front of `rest`
/// ([section 6.3](https://spec.commonmark.org/0.31.2/#link-destination)).
fn scan_destination(rest: &[u8]) -> Option<usize> {
    let bracketed = rest.first() == Some(&b'<');
    let mut escaped = false;
    let mut depth = 0_usize;
    for (place, &byte) in rest.iter().enumerate().skip(usize::from(bracketed)) {
        if escaped {
            escaped = false;
            if byte.is_ascii_punctuation() {
                continue;
            }
        }
        match byte {
            b'\\' => escaped = true,
            b'>' if bracketed => return Some(place + 1),
            b'<' if bracketed => return None,
            _ if bracketed => {}
            b'(' => depth += 1,
            b')' => depth = depth.checked_sub(1)?,
            b' ' | b'\t' => return (place > 0 && depth == 0).then_some(place),
            _ if byte.is_ascii_control() => return None,
            _ => {}
        }
    }
    (!bracketed && !rest.is_empty() && depth == 0).then_some(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_all(lines: &[&str]) -> bool {
        let mut lines = lines.iter().map(|line| line.as_bytes());
        let first = Definitions::start(lines.next().unwrap());
        lines.fold(first, Definitions::next).is_all()
    }

    #[test]
    fn definitions_may_reach_over_lines() {
        assert!(is_all(&["[a]: /url"]));
        assert!(is_all(&["[a]:", "/url", "\"title", "goes on\""]));
        assert!(is_all(&["[", "a", "]: <my url> 'title'", "[b]: /url (t)"]));
    }

    #[test]
    fn anything_else_is_text() {
        assert!(!is_all(&["[a] /url"]));
        assert!(!is_all(&["[]: /url"]));
        assert!(!is_all(&["[a]:"]));
        assert!(!is_all(&["[a]: /url \"title"]));
        assert!(!is_all(&["[a]: /url \"title\" more"]));
        assert!(!is_all(&["[a]: <url>(title)"]));
        assert!(!is_all(&["[a]: /url", "text"]));
        assert!(!is_all(&["text", "[a]: /url"]));
    }
}

//! List items, [section 5.2](https://spec.commonmark.org/0.31.2/#list-items).
//!
//! Which items make up one list, and whether it is loose, does not matter for code.

use fencerun_bytes::line::{Cursor, is_space};

/// A list marker at the front of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marker {
    /// Its bytes, without the white space after it.
    length: usize,
    /// Whether it may start a list in the middle of a paragraph: it is a bullet or the number 1.
    interrupts: bool,
}

/// Reads a bullet list marker, or an ordered one of one to nine digits, that white space or the
/// end of the line follows.
///
/// ```text
/// 12) item
/// ^
/// ```
fn scan_marker(rest: &[u8]) -> Option<Marker> {
    let (length, interrupts) = match rest.first()? {
        b'-' | b'+' | b'*' => (1, true),
        b'0'..=b'9' => {
            let digits = rest
                .iter()
                .take(10)
                .take_while(|byte| byte.is_ascii_digit());
            let (count, number) = digits.fold((0, 0_u64), |(count, number), digit| {
                (count + 1, number * 10 + u64::from(digit - b'0'))
            });
            if count > 9 || !matches!(rest.get(count), Some(b'.' | b')')) {
                return None;
            }
            (count + 1, number == 1)
        }
        _ => return None,
    };
    let separated = rest.get(length).is_none_or(|&byte| is_space(byte));
    separated.then_some(Marker { length, interrupts })
}

/// Moves `cursor` over a list marker and the white space that belongs to it, and returns the
/// columns by which the content of the item is indented.
///
/// ```text
///  -   item
///  ^         the marker, indented by at most three columns
///      ^     the content: 5 columns
/// ```
///
/// Inside a paragraph only a bullet or the number 1 starts a list, and only with something after
/// it on the line.
pub fn scan_item(cursor: &mut Cursor<'_>, in_paragraph: bool) -> Option<u8> {
    if cursor.indent() > 3 {
        return None;
    }
    let marker = scan_marker(cursor.rest())?;
    let mut after = cursor.clone();
    after.skip_marker(marker.length);
    if in_paragraph && (!marker.interrupts || after.is_blank()) {
        return None;
    }
    let space = after.indent();
    // Code that starts an item, and nothing at all, stand one column after the marker.
    let padding = if after.is_blank() || space > 4 {
        1
    } else {
        space
    };
    let width = cursor.indent() + marker.length + padding;
    after.skip_columns(padding);
    *cursor = after;
    u8::try_from(width).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_a_bullet_or_up_to_nine_digits_with_a_delimiter() {
        for (line, expected) in [
            ("- a", Some((1, true))),
            ("+", Some((1, true))),
            ("*\ta", Some((1, true))),
            ("-a", None),
            ("1. a", Some((2, true))),
            ("001) a", Some((4, true))),
            ("2. a", Some((2, false))),
            ("123456789. a", Some((10, false))),
            ("1234567890. a", None),
            ("1.a", None),
            ("1", None),
            ("", None),
        ] {
            let marker = scan_marker(line.as_bytes());
            let found = marker.map(|marker| (marker.length, marker.interrupts));
            assert_eq!(found, expected, "{line:?}");
        }
    }
}

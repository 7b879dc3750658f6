//! Bytes in, base64 out, and back: files in JSON,
//! [section 4 of RFC 4648](https://www.rfc-editor.org/rfc/rfc4648#section-4).
//!
//! Written here as the libraries weigh seven kilobytes of WebAssembly.

use crate::python::text::strip_end_of;

const DIGITS: [u8; 64] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes as base64 with padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |index| group.get(index).copied().unwrap_or_default();
        let bits = u32::from_be_bytes([0, byte(0), byte(1), byte(2)]);
        for index in 0..4 {
            let value = bits >> (18 - 6 * index) & 0x3f;
            let digit = DIGITS.get(value as usize).copied().unwrap_or_default();
            // A group of n bytes fills n + 1 digits.
            text.push(char::from(if index <= group.len() { digit } else { b'=' }));
        }
    }
    text
}

/// The bytes of base64. `None` for what the RFC does not allow: other characters, padding that
/// lacks or is out of place, bits that no byte takes.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    read(text, |byte| bytes.push(byte))?;
    Some(bytes)
}

/// Whether [`decode`] would give bytes.
pub(crate) fn is_base64(text: &str) -> bool {
    read(text, |_| ()).is_some()
}

fn read(text: &str, mut give: impl FnMut(u8)) -> Option<()> {
    let digits = strip_end_of(text, "=");
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return None;
    }
    let (mut bits, mut held) = (0, 0);
    for digit in digits.bytes() {
        bits = bits << 6 | read_digit(digit)?;
        held += 6;
        if held >= 8 {
            held -= 8;
            let [byte, ..] = (bits >> held).to_le_bytes();
            give(byte);
            bits &= (1 << held) - 1;
        }
    }
    (bits == 0).then_some(())
}

fn read_digit(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn the_examples_of_the_rfc_hold_both_ways() {
        // Section 10.
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
    }

    #[test]
    fn texts_of_few_characters_are_read_as_the_library_reads_them() {
        let letters = ['A', 'B', 'g', '9', '+', '/', '=', '-', ' ', 'é'];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            let longer = |text: &String| letters.map(|letter| format!("{text}{letter}"));
            texts = texts.iter().flat_map(longer).collect();
            for text in &texts {
                assert_eq!(decode(text), STANDARD.decode(text).ok(), "{text:?}");
            }
        }
    }

    #[test]
    fn all_bytes_are_written_as_the_library_writes_them() {
        let bytes: Vec<u8> = (0..=u8::MAX).chain((0..=u8::MAX).rev()).collect();
        for end in 0..bytes.len() {
            let bytes = &bytes[..end];
            assert_eq!(encode(bytes), STANDARD.encode(bytes));
            assert_eq!(decode(&encode(bytes)).as_deref(), Some(bytes));
        }
    }
}

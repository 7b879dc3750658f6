//! UTF-8 in, what of it matters outside out: whether it is text, and how many units it has in UTF-16.

/// `bytes` as text; nothing if they are no UTF-8.
#[inline(never)]
#[must_use]
pub fn read_text(bytes: &[u8]) -> &str {
    simdutf8::basic::from_utf8(bytes).unwrap_or_default()
}

/// Whether `text` is ASCII, where bytes and units are the same.
#[inline(never)]
#[must_use]
pub fn is_ascii(text: &str) -> bool {
    // All bytes at once, which the compiler makes vectors of.
    text.bytes().fold(0, |all, byte| all | byte).is_ascii()
}

/// One unit for the first byte of each character, another for each character of four bytes: those
/// are a pair of surrogates in UTF-16 (RFC 3629 section 3).
#[inline(never)]
#[must_use]
pub fn count_units(bytes: &[u8]) -> usize {
    // Sums of a byte each, which the compiler makes vectors of: at most 2 for each of 127 bytes.
    let count = |piece: &[u8]| {
        let units = |&byte: &u8| u8::from(byte & 0xC0 != 0x80) + u8::from(byte >= 0xF0);
        piece.iter().map(units).fold(0_u8, u8::wrapping_add)
    };
    bytes
        .chunks(112)
        .map(|piece| usize::from(count(piece)))
        .sum()
}

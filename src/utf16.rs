//! Byte offsets of UTF-8 in, offsets in UTF-16 units out.

/// Turns byte offsets of one text into offsets in UTF-16 units, in one pass: each offset is counted
/// from the one before.
#[derive(Debug)]
pub struct Utf16Offsets<'text> {
    bytes: &'text [u8],
    at: usize,
    units: usize,
}

impl<'text> Utf16Offsets<'text> {
    /// Starts at the front of the UTF-8 text `bytes`.
    #[must_use]
    pub const fn new(bytes: &'text [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            units: 0,
        }
    }

    /// The UTF-16 units before `offset`, which lies between two characters.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes between `offset` and the offset asked for before; so asking in order
    /// passes over the text once.
    pub fn units_before(&mut self, offset: usize) -> usize {
        if offset >= self.at {
            self.units += count_units(self.bytes.get(self.at..offset).unwrap_or_default());
        } else {
            self.units -= count_units(self.bytes.get(offset..self.at).unwrap_or_default());
        }
        self.at = offset;
        self.units
    }
}

/// One unit for the first byte of each character, another for each character of four bytes: those
/// are a pair of surrogates in UTF-16 (RFC 3629 section 3).
fn count_units(bytes: &[u8]) -> usize {
    let count = |&byte: &u8| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0);
    bytes.iter().map(count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_agree_with_the_standard_library_in_any_order() {
        let text = "aé漢😀\u{10FFFF}z\u{FFFF}";
        let offsets: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        let mut utf16 = Utf16Offsets::new(text.as_bytes());
        for &offset in offsets.iter().chain(offsets.iter().rev()) {
            let expected = text[..offset].encode_utf16().count();
            assert_eq!(utf16.units_before(offset), expected, "{offset}");
        }
    }
}

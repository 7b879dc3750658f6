//! Byte offsets of UTF-8 in, offsets in UTF-16 units out.

use fencerun_bytes::units::{count_units, is_ascii};

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
    #[inline(never)]
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

/// The same for a text that passes by in chunks: it keeps where characters of another width begin
/// instead of the text.
#[derive(Debug, Default)]
pub struct Utf16Stream {
    runs: Vec<Run>,
    /// The bytes and the units so far.
    at: usize,
    units: usize,
}

/// Characters of one width, one after the other.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// Where it starts, in bytes and in units.
    at: usize,
    units: usize,
    /// The bytes of each of its characters.
    width: usize,
}

impl Run {
    /// The units of each of its characters.
    const fn units_each(&self) -> usize {
        if self.width == 4 { 2 } else { 1 }
    }
}

impl Utf16Stream {
    /// Takes the next chunk, which is whole characters.
    ///
    /// # Complexity
    ///
    /// Linear in the chunk. Memory is for the changes of width that have not been forgotten: none
    /// in ASCII.
    pub fn push(&mut self, chunk: &str) {
        if is_ascii(chunk) {
            self.push_run(1, chunk.len());
            return;
        }
        for character in chunk.chars() {
            self.push_run(character.len_utf8(), 1);
        }
    }

    fn push_run(&mut self, width: usize, count: usize) {
        if count == 0 {
            return;
        }
        let run = Run {
            at: self.at,
            units: self.units,
            width,
        };
        if self.runs.last().is_none_or(|last| last.width != width) {
            self.runs.push(run);
        }
        self.at += width * count;
        self.units += run.units_each() * count;
    }

    /// The UTF-16 units before `offset`, which lies between two characters and was not forgotten.
    #[must_use]
    pub fn units_before(&self, offset: usize) -> usize {
        let place = self.runs.partition_point(|run| run.at <= offset);
        let Some(run) = place.checked_sub(1).and_then(|place| self.runs.get(place)) else {
            return 0;
        };
        run.units + (offset - run.at) / run.width * run.units_each()
    }

    /// Forgets what lies before `offset`.
    pub fn forget_before(&mut self, offset: usize) {
        let place = self.runs.partition_point(|run| run.at <= offset);
        self.runs.drain(..place.saturating_sub(1));
    }
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
            let expected = text.split_at(offset).0.encode_utf16().count();
            assert_eq!(utf16.units_before(offset), expected, "{offset}");
        }
    }

    #[test]
    fn offsets_of_a_stream_agree_and_forgetting_keeps_the_rest() {
        let text = "ab é😀😀漢z";
        for cut in text.char_indices().map(|(at, _)| at) {
            let mut stream = Utf16Stream::default();
            let (front, rest) = text.split_at(cut);
            stream.push(front);
            stream.push(rest);
            stream.forget_before(cut);
            for offset in text
                .char_indices()
                .map(|(at, _)| at)
                .filter(|&at| at >= cut)
            {
                let expected = text.split_at(offset).0.encode_utf16().count();
                assert_eq!(stream.units_before(offset), expected, "{cut} {offset}");
            }
        }
    }

    #[test]
    fn a_long_text_of_one_width_is_one_run() {
        let mut stream = Utf16Stream::default();
        (0..1000).for_each(|_| stream.push("plain text\n"));
        assert_eq!(stream.runs.len(), 1);
        assert_eq!(stream.units_before(11_000), 11_000);
    }
}

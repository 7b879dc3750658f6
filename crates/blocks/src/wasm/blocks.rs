//! The fast path of extraction: JavaScript writes a text straight into the memory, the blocks go
//! back as numbers, and JavaScript cuts their strings out of its own text.

use wasm_bindgen::prelude::*;

use crate::markdown::{
    BlockKind, CodeBlock, IndentedCode, LineEndings, Options, Repairs, ends_in_string, scan,
};
use crate::utf16::Utf16Offsets;

// The numbers of one block; the TypeScript side (`js/src/extract.ts`) reads them in this order:
//
// | place | number |
// | --- | --- |
// | 0 | flags: closed, indented, the code is cut out of the text, there is a `lang` |
// | 1 | depth |
// | 2 | repairs, a bit each |
// | 3, 4 | `span` |
// | 5, 6 | `code_span`; if the code is not cut out of the text, its place among the strings and 0 |
// | 7, 8 | where the info string stands, or its place among the strings and 0 |
// | 9, 10 | where `lang` stands, or its place among the strings and 0 |

pub(super) const CLOSED: u32 = 1;
pub(super) const INDENTED: u32 = 2;
pub(super) const CODE_IS_CUT: u32 = 4;
pub(super) const HAS_LANG: u32 = 8;

/// Finds the blocks of one text after the other, in buffers that it keeps.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct BlockScanner {
    text: Vec<u8>,
    numbers: Vec<u32>,
    strings: Vec<String>,
}

#[wasm_bindgen]
impl BlockScanner {
    /// A scanner with empty buffers.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for a text of at most `bytes` bytes and says where in the memory to write it.
    pub fn reserve(&mut self, bytes: usize) -> *const u8 {
        if self.text.len() < bytes {
            self.text.resize(bytes, 0);
        }
        self.text.as_ptr()
    }

    /// Gives back what the buffers hold.
    pub fn release(&mut self) {
        *self = Self::default();
    }

    /// Scans the first `bytes` bytes of the buffer. Returns the number of blocks.
    pub fn scan(&mut self, bytes: usize, indented: bool, keep: bool, repairs: u16) -> usize {
        self.numbers.clear();
        self.strings.clear();
        let text = self.text.get(..bytes).unwrap_or_default();
        // What `TextEncoder` writes is UTF-8; anything else has no blocks.
        let text = simdutf8::basic::from_utf8(text).unwrap_or_default();
        let blocks = scan(text, &build_options(indented, keep, repairs));
        // In ASCII bytes and units are the same.
        let offsets = (!text.is_ascii()).then(|| Utf16Offsets::new(text.as_bytes()));
        let (numbers, strings) = (&mut self.numbers, &mut self.strings);
        let mut writer = Writer {
            text,
            offsets,
            numbers,
            strings,
        };
        for block in &blocks {
            writer.write(block);
        }
        blocks.len()
    }

    /// Whether the first `bytes` bytes of the buffer, as a Python program, end in a triple-quoted
    /// string.
    #[wasm_bindgen(js_name = endsInString)]
    #[must_use]
    pub fn ends_in_string(&self, bytes: usize) -> bool {
        ends_in_string(self.text.get(..bytes).unwrap_or_default())
    }

    /// Where in the memory the numbers of the blocks stand.
    #[must_use]
    pub fn numbers(&self) -> *const u32 {
        self.numbers.as_ptr()
    }

    /// A string that does not stand in the text.
    #[must_use]
    pub fn string(&self, place: usize) -> String {
        self.strings.get(place).cloned().unwrap_or_default()
    }
}

/// Writes blocks as numbers.
struct Writer<'text, 'out> {
    text: &'text str,
    /// Counts units; `None` where the text is ASCII.
    offsets: Option<Utf16Offsets<'text>>,
    numbers: &'out mut Vec<u32>,
    strings: &'out mut Vec<String>,
}

impl Writer<'_, '_> {
    fn write(&mut self, block: &CodeBlock<'_>) {
        let flags = flag(block.closed, CLOSED)
            | flag(block.kind == BlockKind::Indented, INDENTED)
            | flag(block.code_span.is_some(), CODE_IS_CUT)
            | flag(block.lang.is_some(), HAS_LANG);
        // In the order of the text, so that the offsets are counted in one pass.
        let start = self.count_units(block.span.start);
        let info = self.place(&block.info);
        let lang = block.lang.as_ref().map_or([0, 0], |lang| self.place(lang));
        let code = match block.code_span {
            Some(span) => [self.count_units(span.start), self.count_units(span.end)],
            None => self.keep(&block.code),
        };
        let end = self.count_units(block.span.end);
        self.numbers.extend([
            flags,
            to_number(block.depth),
            block.repairs.bits().into(),
            start,
            end,
        ]);
        self.numbers
            .extend(code.into_iter().chain(info).chain(lang));
    }

    fn count_units(&mut self, offset: usize) -> u32 {
        let units = self
            .offsets
            .as_mut()
            .map(|offsets| offsets.units_before(offset));
        to_number(units.unwrap_or(offset))
    }

    /// Where `string` stands: in the text if it borrows from it, else among the strings.
    fn place(&mut self, string: &str) -> [u32; 2] {
        let start = string
            .as_ptr()
            .addr()
            .wrapping_sub(self.text.as_ptr().addr());
        if string.is_empty() || start >= self.text.len() {
            return self.keep(string);
        }
        [
            self.count_units(start),
            self.count_units(start + string.len()),
        ]
    }

    fn keep(&mut self, string: &str) -> [u32; 2] {
        self.strings.push(string.to_owned());
        [to_number(self.strings.len() - 1), 0]
    }
}

/// What the TypeScript side says in three values.
pub(super) const fn build_options(indented: bool, keep: bool, repairs: u16) -> Options {
    Options {
        indented_code: if indented {
            IndentedCode::Report
        } else {
            IndentedCode::Skip
        },
        line_endings: if keep {
            LineEndings::Keep
        } else {
            LineEndings::Normalize
        },
        repairs: Repairs::from_bits(repairs),
    }
}

pub(super) const fn flag(is: bool, flag: u32) -> u32 {
    if is { flag } else { 0 }
}

/// Offsets in a memory of 32 bits fit.
pub(super) fn to_number(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

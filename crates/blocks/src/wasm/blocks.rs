//! The fast path of extraction: JavaScript writes a text straight into the memory, the blocks go
//! back as numbers, and JavaScript cuts their strings out of its own text.

use fencerun_bytes::units;
use wasm_bindgen::prelude::*;

use crate::markdown::{
    BlockKind, CodeBlock, IndentedCode, LineEndings, Options, Repairs, ends_in_string, scan,
};
use crate::span::Span;
use crate::utf16::Utf16Offsets;

// A piece of text is two numbers: where it stands in the text, or its place among the strings and
// `KEPT`; two times `KEPT` where there is none.
//
// The numbers of one block; the TypeScript side (`js/src/extract.ts`) reads them in this order:
//
// | place | number |
// | --- | --- |
// | 0 | flags: closed, indented, the code is cut out of the text, there is a `lang` |
// | 1 | depth |
// | 2 | repairs, a bit each |
// | 3, 4 | `span` |
// | 5, 6 | the code |
// | 7, 8 | the info string |
// | 9, 10 | `lang` |

pub(super) const CLOSED: u32 = 1;
pub(super) const INDENTED: u32 = 2;
pub(super) const CODE_IS_CUT: u32 = 4;
pub(super) const HAS_LANG: u32 = 8;

/// In place of an end: the piece does not stand in the text.
const KEPT: u32 = u32::MAX;

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

    /// Scans the first `bytes` bytes of the buffer. Returns the number of blocks.
    pub fn scan(&mut self, bytes: usize, indented: bool, keep: bool, repairs: u16) -> usize {
        let (text, mut writer) = self.start(bytes);
        let blocks = scan(text, &build_options(indented, keep, repairs));
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

impl BlockScanner {
    /// The text in the first `bytes` bytes of the buffer, and what writes the answer to it.
    pub fn start(&mut self, bytes: usize) -> (&str, Writer<'_>) {
        self.numbers.clear();
        self.strings.clear();
        let text = self.text.get(..bytes).unwrap_or_default();
        // What `TextEncoder` writes is UTF-8; anything else is no text.
        let text = units::read_text(text);
        // In ASCII bytes and units are the same.
        let offsets = (!units::is_ascii(text)).then(|| Utf16Offsets::new(text.as_bytes()));
        let (numbers, strings) = (&mut self.numbers, &mut self.strings);
        let writer = Writer {
            text,
            offsets,
            numbers,
            strings,
        };
        (text, writer)
    }
}

/// Writes an answer as numbers, and as strings what does not stand in the text.
#[derive(Debug)]
pub struct Writer<'text> {
    text: &'text str,
    /// Counts units; `None` where the text is ASCII.
    offsets: Option<Utf16Offsets<'text>>,
    numbers: &'text mut Vec<u32>,
    strings: &'text mut Vec<String>,
}

impl Writer<'_> {
    /// A number as it is.
    pub fn push(&mut self, number: u32) {
        self.numbers.push(number);
    }

    /// A piece that stands in the text.
    pub fn push_span(&mut self, span: Span) {
        let span = self.count_span(span);
        self.numbers.extend(span);
    }

    /// A piece that does not stand in the text, or none.
    pub fn push_string(&mut self, string: Option<String>) {
        let piece = string.map_or([KEPT, KEPT], |string| self.keep(string));
        self.numbers.extend(piece);
    }

    fn write(&mut self, block: &CodeBlock<'_>) {
        let flags = flag(block.closed, CLOSED)
            | flag(block.kind == BlockKind::Indented, INDENTED)
            | flag(block.code_span.is_some(), CODE_IS_CUT)
            | flag(block.lang.is_some(), HAS_LANG);
        // In the order of the text, so that the offsets are counted in one pass.
        let start = self.count_units(block.span.start);
        let info = self.place(&block.info);
        let lang = block
            .lang
            .as_ref()
            .map_or([KEPT, KEPT], |lang| self.place(lang));
        let code = match block.code_span {
            Some(span) => self.count_span(span),
            None => self.keep(block.code.clone().into_owned()),
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

    fn count_span(&mut self, span: Span) -> [u32; 2] {
        [self.count_units(span.start), self.count_units(span.end)]
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
            return self.keep(string.to_owned());
        }
        self.count_span(Span::new(start, start + string.len()))
    }

    /// The same string once more is not kept again: the language of many programs is the same.
    fn keep(&mut self, string: String) -> [u32; 2] {
        if self.strings.last() != Some(&string) {
            self.strings.push(string);
        }
        [to_number(self.strings.len() - 1), KEPT]
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

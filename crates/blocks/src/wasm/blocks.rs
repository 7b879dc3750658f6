//! The fast path of extraction: JavaScript writes a text straight into the memory, the blocks go
//! back as numbers, and JavaScript cuts their strings out of its own text.

use fencerun_bytes::units;
use wasm_bindgen::prelude::*;

use super::stream::Stream;
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
/// In place of a piece: there is none.
const NONE: [u32; 2] = [KEPT; 2];

/// Finds the blocks of one text after the other, or of one that arrives in chunks, in buffers that it
/// keeps.
#[wasm_bindgen]
#[derive(Debug)]
pub struct BlockScanner {
    exchange: Exchange,
    stream: Stream,
}

/// What of a scanner both sides read and write.
#[derive(Debug, Default)]
struct Exchange {
    text: Vec<u8>,
    numbers: Vec<u32>,
    strings: Vec<String>,
}

#[wasm_bindgen]
impl BlockScanner {
    /// A scanner with empty buffers, at the start of a text that comes in chunks and is read by
    /// `options`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(options: u32) -> Self {
        Self {
            exchange: Exchange::default(),
            stream: Stream::new(read_options(options)),
        }
    }

    /// Makes room for a text or a chunk of at most `bytes` bytes and says where in the memory to
    /// write it.
    pub fn reserve(&mut self, bytes: usize) -> *const u8 {
        let text = &mut self.exchange.text;
        if text.len() < bytes {
            text.resize(bytes, 0);
        }
        text.as_ptr()
    }

    /// Scans the first `bytes` bytes of the buffer, a text. Returns the number of blocks.
    pub fn scan(&mut self, bytes: usize, options: u32) -> usize {
        let (text, mut writer) = self.start(bytes);
        let blocks = scan(text, &read_options(options));
        for block in &blocks {
            writer.write(block);
        }
        blocks.len()
    }

    /// Takes the first `bytes` bytes of the buffer, whole characters, as the next chunk. Returns
    /// how many numbers tell what it made certain.
    pub fn push(&mut self, bytes: usize) -> usize {
        let (chunk, writer) = self.exchange.start(bytes);
        self.stream.push(chunk, writer);
        self.exchange.numbers.len()
    }

    /// Ends the text. Returns how many numbers tell what that made certain.
    pub fn finish(&mut self) -> usize {
        let (_, writer) = self.exchange.start(0);
        self.stream.finish(writer);
        self.exchange.numbers.len()
    }

    /// What has to come before something comes of the text: 0 if that is anything, 1 if it is a run
    /// of three backticks or tildes, else the character of the fence that closes the block.
    #[must_use]
    pub fn awaited(&self) -> u8 {
        self.stream.awaited()
    }

    /// Whether the first `bytes` bytes of the buffer, as a Python program, end in a triple-quoted
    /// string.
    #[wasm_bindgen(js_name = endsInString)]
    #[must_use]
    pub fn ends_in_string(&self, bytes: usize) -> bool {
        ends_in_string(self.exchange.text.get(..bytes).unwrap_or_default())
    }

    /// Where in the memory the numbers of the answer stand.
    #[must_use]
    pub fn numbers(&self) -> *const u32 {
        self.exchange.numbers.as_ptr()
    }

    /// A string that does not stand in the text.
    #[must_use]
    pub fn string(&self, place: usize) -> String {
        let string = self.exchange.strings.get(place);
        string.cloned().unwrap_or_default()
    }
}

impl BlockScanner {
    /// The text in the first `bytes` bytes of the buffer, and what writes the answer to it.
    pub fn start(&mut self, bytes: usize) -> (&str, Writer<'_>) {
        self.exchange.start(bytes)
    }
}

impl Exchange {
    fn start(&mut self, bytes: usize) -> (&str, Writer<'_>) {
        self.numbers.clear();
        self.strings.clear();
        // What `TextEncoder` writes is UTF-8; anything else is no text.
        let text = units::read_text(self.text.get(..bytes).unwrap_or_default());
        // In ASCII bytes and units are the same.
        let offsets = (!units::is_ascii(text)).then(|| Utf16Offsets::new(text.as_bytes()));
        let writer = Writer {
            text,
            offsets,
            numbers: &mut self.numbers,
            strings: &mut self.strings,
        };
        (text, writer)
    }
}

/// Writes an answer as numbers, and as strings what does not stand in the text.
#[derive(Debug)]
pub struct Writer<'text> {
    pub(super) text: &'text str,
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

    /// Numbers as they are.
    pub(super) fn extend(&mut self, numbers: &[u32]) {
        self.numbers.extend_from_slice(numbers);
    }

    /// A piece that stands in the text.
    pub fn push_span(&mut self, span: Span) {
        let span = self.count_span(span);
        self.extend(&span);
    }

    /// A piece that does not stand in the text, or none.
    pub fn push_string(&mut self, string: Option<String>) {
        let piece = string.map_or(NONE, |string| self.keep(string));
        self.extend(&piece);
    }

    fn write(&mut self, block: &CodeBlock<'_>) {
        let flags = flag(block.closed, CLOSED)
            | flag(block.kind == BlockKind::Indented, INDENTED)
            | flag(block.code_span.is_some(), CODE_IS_CUT)
            | flag(block.lang.is_some(), HAS_LANG);
        // In the order of the text, so that the offsets are counted in one pass.
        let start = self.count_units(block.span.start);
        let [info, info_end] = self.place(&block.info);
        let lang = block.lang.as_ref();
        let [lang, lang_end] = lang.map_or(NONE, |lang| self.place(lang));
        let [code, code_end] = match block.code_span {
            Some(span) => self.count_span(span),
            None => self.keep(block.code.clone().into_owned()),
        };
        let end = self.count_units(block.span.end);
        let (depth, repairs) = (to_number(block.depth), block.repairs.bits().into());
        self.extend(&[
            flags, depth, repairs, start, end, code, code_end, info, info_end, lang, lang_end,
        ]);
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

/// What the TypeScript side says in one number: a bit for each repair, and from bit 16 on whether
/// indented code is reported and line endings are kept.
const fn read_options(bits: u32) -> Options {
    Options {
        indented_code: if bits & 1 << 16 == 0 {
            IndentedCode::Skip
        } else {
            IndentedCode::Report
        },
        line_endings: if bits & 1 << 17 == 0 {
            LineEndings::Normalize
        } else {
            LineEndings::Keep
        },
        repairs: Repairs::from_bits((bits & 0xFFFF) as u16),
    }
}

pub(super) const fn flag(is: bool, flag: u32) -> u32 {
    if is { flag } else { 0 }
}

/// Offsets in a memory of 32 bits fit.
pub(super) fn to_number(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

//! The fast path of streaming: JavaScript writes a chunk straight into the memory, what it makes
//! certain goes back as numbers, and as strings only where they are not the chunk itself.

use wasm_bindgen::prelude::*;

use super::blocks::{CLOSED, CODE_IS_CUT, HAS_LANG, INDENTED, build_options, flag, to_number};
use crate::markdown::{Block, BlockKind, Event, Extractor, Opening};
use crate::utf16::Utf16Stream;

// The numbers of an event; the TypeScript side (`js/src/extractor.ts`) reads them in this order:
//
// | event | numbers |
// | --- | --- |
// | a block has begun | 0, flags: indented, there is a `lang`; depth, where it starts |
// | more code | 1, its place among the strings, or `CHUNK` if it is the chunk |
// | the block has ended | 2, flags: closed, the code stands in one piece; repairs, `span`, `code_span` |
//
// The strings come in the order in which they are asked for: `lang` if there is one, `info`; code.

const OPENED: u32 = 0;
const CODE: u32 = 1;
const ENDED: u32 = 2;
/// The code is the whole chunk, as JavaScript has it.
const CHUNK: u32 = 1;
/// The code is among the strings.
const STRING: u32 = 0;

/// Finds the blocks of a text that arrives in chunks.
#[wasm_bindgen]
#[derive(Debug)]
pub struct StreamScanner {
    extractor: Extractor,
    offsets: Utf16Stream,
    chunk: Vec<u8>,
    numbers: Vec<u32>,
    strings: std::vec::IntoIter<String>,
}

#[wasm_bindgen]
impl StreamScanner {
    /// A scanner at the start of a text.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(indented: bool, keep: bool, repairs: u16) -> Self {
        Self {
            extractor: Extractor::new(&build_options(indented, keep, repairs)),
            offsets: Utf16Stream::default(),
            chunk: Vec::new(),
            numbers: Vec::new(),
            strings: Vec::new().into_iter(),
        }
    }

    /// Makes room for a chunk of at most `bytes` bytes and says where in the memory to write it.
    pub fn reserve(&mut self, bytes: usize) -> *const u8 {
        if self.chunk.len() < bytes {
            self.chunk.resize(bytes, 0);
        }
        self.chunk.as_ptr()
    }

    /// Takes the first `bytes` bytes of the buffer, whole characters, as the next chunk. Returns
    /// how many numbers tell what it made certain.
    pub fn push(&mut self, bytes: usize) -> usize {
        // What `TextEncoder` writes is UTF-8; anything else is passed over.
        let chunk = self.chunk.get(..bytes).unwrap_or_default();
        let chunk = std::str::from_utf8(chunk).unwrap_or_default();
        self.offsets.push(chunk);
        let events = self.extractor.push(chunk.as_bytes());
        if events.is_empty() {
            self.offsets.forget_before(self.extractor.settled());
            return 0;
        }
        let (numbers, strings) = write_events(events, &self.offsets, chunk);
        self.keep(numbers, strings)
    }

    /// Ends the text. Returns how many numbers tell what that made certain.
    pub fn finish(&mut self) -> usize {
        let events = self.extractor.finish();
        let (numbers, strings) = write_events(events, &self.offsets, "");
        self.offsets = Utf16Stream::default();
        self.keep(numbers, strings)
    }

    /// Where in the memory the numbers stand.
    #[must_use]
    pub fn numbers(&self) -> *const u32 {
        self.numbers.as_ptr()
    }

    /// The next string.
    #[wasm_bindgen(js_name = nextString)]
    pub fn next_string(&mut self) -> String {
        self.strings.next().unwrap_or_default()
    }

    fn keep(&mut self, numbers: Vec<u32>, strings: Vec<String>) -> usize {
        self.numbers = numbers;
        self.strings = strings.into_iter();
        self.offsets.forget_before(self.extractor.settled());
        self.numbers.len()
    }
}

fn write_events(events: Vec<Event>, offsets: &Utf16Stream, chunk: &str) -> (Vec<u32>, Vec<String>) {
    let (mut numbers, mut strings) = (Vec::new(), Vec::new());
    let units = |offset: usize| to_number(offsets.units_before(offset));
    for event in events {
        match event {
            Event::Opened(Opening {
                kind,
                lang,
                info,
                at,
                depth,
            }) => {
                let flags =
                    flag(kind == BlockKind::Indented, INDENTED) | flag(lang.is_some(), HAS_LANG);
                numbers.extend([OPENED, flags, to_number(depth), units(at)]);
                strings.extend(lang);
                strings.push(info);
            }
            Event::Code(code) if code == chunk => numbers.extend([CODE, CHUNK]),
            Event::Code(code) => {
                numbers.extend([CODE, STRING]);
                strings.push(code);
            }
            Event::Closed(Block {
                span,
                code_span,
                closed,
                repairs,
                ..
            }) => {
                let flags = flag(closed, CLOSED) | flag(code_span.is_some(), CODE_IS_CUT);
                numbers.extend([ENDED, flags, repairs.bits().into()]);
                let code = code_span.unwrap_or(span);
                numbers.extend([span.start, span.end, code.start, code.end].map(units));
            }
        }
    }
    (numbers, strings)
}

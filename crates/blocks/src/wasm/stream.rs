//! The fast path of streaming: JavaScript writes a chunk straight into the memory, what it makes
//! certain goes back as numbers, and as strings only where they are not the chunk itself.

use fencerun_bytes::search::find;
use wasm_bindgen::prelude::*;

use super::blocks::{CLOSED, CODE_IS_CUT, HAS_LANG, INDENTED, build_options, flag, to_number};
use crate::markdown::{Awaited, Block, BlockKind, Event, Extractor, Opening};
use crate::utf16::{Utf16Offsets, Utf16Stream};

// The numbers of an event; the TypeScript side (`js/src/extractor.ts`) reads them in this order:
//
// | event | numbers |
// | --- | --- |
// | a block has begun | 0, flags: indented, there is a `lang`; depth, where it starts, `info`, `lang` if there is one |
// | more code | 1, the code |
// | the block has ended | 2, flags: closed, the code stands in one piece; repairs, `span`, `code_span` |
//
// A string is two numbers: its length, and where it stands in the chunk, or `KEPT` and its place among the strings.

const OPENED: u32 = 0;
const CODE: u32 = 1;
const ENDED: u32 = 2;
/// What stands nowhere in the chunk.
const KEPT: u32 = 1 << 31;

// What the stream waits for; else it is the character of the fence.
const ANYTHING: u8 = 0;
const RUN: u8 = 1;

/// Finds the blocks of a text that arrives in chunks.
#[wasm_bindgen]
#[derive(Debug)]
pub struct StreamScanner {
    extractor: Extractor,
    offsets: Utf16Stream,
    chunk: Vec<u8>,
    /// The bytes of the text so far.
    bytes: usize,
    numbers: Vec<u32>,
    strings: Vec<String>,
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
            bytes: 0,
            numbers: Vec::new(),
            strings: Vec::new(),
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
        let writer = Writer::new(chunk, self.bytes, &self.offsets);
        (self.numbers, self.strings) = writer.write(events);
        self.bytes += bytes;
        self.offsets.forget_before(self.extractor.settled());
        self.numbers.len()
    }

    /// Ends the text. Returns how many numbers tell what that made certain.
    pub fn finish(&mut self) -> usize {
        let events = self.extractor.finish();
        (self.numbers, self.strings) = Writer::new("", 0, &self.offsets).write(events);
        self.bytes = 0;
        self.offsets = Utf16Stream::default();
        self.numbers.len()
    }

    /// What has to come before something comes of the text: 0 if that is anything, 1 if it is a run
    /// of three backticks or tildes, else the character of the fence that closes the block.
    #[must_use]
    pub fn awaited(&self) -> u8 {
        match self.extractor.awaited() {
            Awaited::Anything => ANYTHING,
            Awaited::Run => RUN,
            Awaited::Marker(marker) => marker,
        }
    }

    /// Where in the memory the numbers stand.
    #[must_use]
    pub fn numbers(&self) -> *const u32 {
        self.numbers.as_ptr()
    }

    /// A string that stands nowhere in the chunk.
    #[must_use]
    pub fn string(&self, place: usize) -> String {
        self.strings.get(place).cloned().unwrap_or_default()
    }
}

/// Writes events as numbers.
struct Writer<'chunk> {
    chunk: &'chunk str,
    /// The bytes of the text before the chunk.
    before: usize,
    /// The place in the chunk where the next string is looked for.
    at: usize,
    offsets: &'chunk Utf16Stream,
    numbers: Vec<u32>,
    strings: Vec<String>,
}

impl<'chunk> Writer<'chunk> {
    const fn new(chunk: &'chunk str, before: usize, offsets: &'chunk Utf16Stream) -> Self {
        Self {
            chunk,
            before,
            at: 0,
            offsets,
            numbers: Vec::new(),
            strings: Vec::new(),
        }
    }

    fn write(mut self, events: Vec<Event>) -> (Vec<u32>, Vec<String>) {
        for event in events {
            match event {
                Event::Opened(opening) => self.write_opening(opening),
                Event::Code(code) => {
                    self.numbers.push(CODE);
                    let length = code.len();
                    if self.write_string(code) {
                        self.at += length;
                    }
                }
                Event::Closed(block) => self.write_end(&block),
            }
        }
        (self.numbers, self.strings)
    }

    fn write_opening(&mut self, opening: Opening) {
        let Opening {
            kind,
            lang,
            info,
            at,
            depth,
        } = opening;
        let flags = flag(kind == BlockKind::Indented, INDENTED) | flag(lang.is_some(), HAS_LANG);
        let start = self.count_units(at);
        self.numbers
            .extend([OPENED, flags, to_number(depth), start]);
        // The info string follows the fence, if that is in this chunk, and the code the line.
        let line = at
            .checked_sub(self.before)
            .and_then(|at| self.chunk.get(at..));
        let line = line.unwrap_or_default();
        let fence = line.bytes().take_while(|byte| b"`~ \t".contains(byte));
        let after = line.get(fence.count()..).unwrap_or_default();
        self.at = self.chunk.len() - after.len();
        self.write_string(info);
        if let Some(lang) = lang {
            self.write_string(lang);
        }
        let end = find(b'\n', after.as_bytes()).map_or(after.len(), |end| end + 1);
        self.at += end;
    }

    fn write_end(&mut self, block: &Block) {
        let code = block.code_span;
        let flags = flag(block.closed, CLOSED) | flag(code.is_some(), CODE_IS_CUT);
        self.numbers
            .extend([ENDED, flags, block.repairs.bits().into()]);
        for span in [block.span, code.unwrap_or(block.span)] {
            let units = [self.count_units(span.start), self.count_units(span.end)];
            self.numbers.extend(units);
        }
    }

    /// Returns whether the string stands in the chunk where it is looked for.
    fn write_string(&mut self, string: String) -> bool {
        let length = Utf16Offsets::new(string.as_bytes()).units_before(string.len());
        let rest = self.chunk.get(self.at..).unwrap_or_default();
        let is_here = rest.starts_with(&string);
        let place = if is_here {
            self.count_units(self.before + self.at) - self.count_units(self.before)
        } else {
            self.strings.push(string);
            KEPT + to_number(self.strings.len() - 1)
        };
        self.numbers.extend([to_number(length), place]);
        is_here
    }

    fn count_units(&self, offset: usize) -> u32 {
        to_number(self.offsets.units_before(offset))
    }
}

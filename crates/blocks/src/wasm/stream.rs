//! The fast path of streaming: JavaScript writes a chunk straight into the memory, what it makes
//! certain goes back as numbers, and as strings only where they are not the chunk itself.

use fencerun_bytes::search::find;

use super::blocks::{CLOSED, CODE_IS_CUT, HAS_LANG, INDENTED, Writer, flag, to_number};
use crate::markdown::{Awaited, Block, BlockKind, Event, Extractor, Opening, Options};
use crate::span::Span;
use crate::utf16::Utf16Stream;

// The numbers of an event; the TypeScript side (`js/src/extractor.ts`) reads them in this order:
//
// | event | numbers |
// | --- | --- |
// | a block has begun | 0, flags: indented, there is a `lang`; depth, where it starts, `info`, `lang` if there is one |
// | more code | 1, the code |
// | the block has ended | 2, flags: closed, the code stands in one piece; repairs, `span`, `code_span` |
//
// Places are counted from the start of the text, those of pieces from the start of the chunk.

const OPENED: u32 = 0;
const CODE: u32 = 1;
const ENDED: u32 = 2;

// What the stream waits for; else it is the character of the fence.
const ANYTHING: u8 = 0;
const RUN: u8 = 1;

/// A text that arrives in chunks, each of whole characters.
#[derive(Debug)]
pub(super) struct Stream {
    extractor: Extractor,
    offsets: Utf16Stream,
    /// The bytes of the text so far.
    bytes: usize,
}

impl Stream {
    /// The start of a text.
    pub(super) fn new(options: Options) -> Self {
        Self {
            extractor: Extractor::new(&options),
            offsets: Utf16Stream::default(),
            bytes: 0,
        }
    }

    /// Takes the next chunk and writes what it makes certain.
    pub(super) fn push(&mut self, chunk: &str, writer: Writer<'_>) {
        self.offsets.push(chunk);
        let events = self.extractor.push(chunk.as_bytes());
        self.write(events, writer);
        self.bytes += chunk.len();
        self.offsets.forget_before(self.extractor.settled());
    }

    /// Ends the text and writes what that makes certain.
    pub(super) fn finish(&mut self, writer: Writer<'_>) {
        let events = self.extractor.finish();
        self.write(events, writer);
        self.bytes = 0;
        self.offsets = Utf16Stream::default();
    }

    /// What has to come before something comes of the text.
    pub(super) fn awaited(&self) -> u8 {
        match self.extractor.awaited() {
            Awaited::Anything => ANYTHING,
            Awaited::Run => RUN,
            Awaited::Marker(marker) => marker,
        }
    }

    fn write(&self, events: Vec<Event>, writer: Writer<'_>) {
        let mut pieces = Pieces { writer, at: 0 };
        for event in events {
            match event {
                Event::Opened(opening) => self.write_opening(opening, &mut pieces),
                Event::Code(code) => {
                    pieces.writer.push(CODE);
                    pieces.at += pieces.write(code);
                }
                Event::Closed(block) => self.write_end(&block, &mut pieces.writer),
            }
        }
    }

    fn write_opening(&self, opening: Opening, pieces: &mut Pieces<'_>) {
        let flags = flag(opening.kind == BlockKind::Indented, INDENTED)
            | flag(opening.lang.is_some(), HAS_LANG);
        let (depth, start) = (to_number(opening.depth), self.count_units(opening.at));
        pieces.writer.extend(&[OPENED, flags, depth, start]);
        // The info string follows the fence, if that is in this chunk, and the code the line.
        let chunk = pieces.writer.text;
        let line = opening.at.checked_sub(self.bytes);
        let line = line.and_then(|at| chunk.get(at..)).unwrap_or_default();
        let fence = line.bytes().take_while(|byte| b"`~ \t".contains(byte));
        let after = line.get(fence.count()..).unwrap_or_default();
        pieces.at = chunk.len() - after.len();
        pieces.write(opening.info);
        if let Some(lang) = opening.lang {
            pieces.write(lang);
        }
        pieces.at += find(b'\n', after.as_bytes()).map_or(after.len(), |end| end + 1);
    }

    fn write_end(&self, block: &Block, writer: &mut Writer<'_>) {
        let code = block.code_span;
        let flags = flag(block.closed, CLOSED) | flag(code.is_some(), CODE_IS_CUT);
        writer.extend(&[ENDED, flags, block.repairs.bits().into()]);
        for span in [block.span, code.unwrap_or(block.span)] {
            writer.extend(&[span.start, span.end].map(|offset| self.count_units(offset)));
        }
    }

    fn count_units(&self, offset: usize) -> u32 {
        to_number(self.offsets.units_before(offset))
    }
}

/// Writes strings as pieces of the chunk, where they stand in it.
struct Pieces<'chunk> {
    writer: Writer<'chunk>,
    /// The place in the chunk where the next string is looked for.
    at: usize,
}

impl Pieces<'_> {
    /// Returns how many bytes of the chunk the string is, if it stands where it is looked for.
    fn write(&mut self, string: String) -> usize {
        let rest = self.writer.text.get(self.at..).unwrap_or_default();
        if rest.starts_with(&string) {
            self.writer
                .push_span(Span::new(self.at, self.at + string.len()));
            return string.len();
        }
        self.writer.push_string(Some(string));
        0
    }
}

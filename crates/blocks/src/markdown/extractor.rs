//! From a text, or its chunks, to lines for the scanner.
//!
//! **Law: any split of the text gives the same blocks, and the same events once the code pieces
//! are joined, as the whole text.** Nothing handed out is ever taken back.

use super::block::{Block, CodeBlock, Event, IndentedCode, LineEndings};
use super::collector::{Collector, Target};
use super::lines::{Lines, find_end};
use super::repair::Repairs;
use super::scanner::{Line, spaces};
use fencerun_bytes::line::is_space;
use fencerun_bytes::work::count_work;

/// What to report, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Options {
    /// What becomes of indented code blocks; default: they are passed over.
    pub indented_code: IndentedCode,
    /// What becomes of line endings inside code; default: each becomes a line feed.
    pub line_endings: LineEndings,
    /// Where to read the text differently from `CommonMark`; default: nowhere.
    pub repairs: Repairs,
}

impl Options {
    /// The options for what models write: `CommonMark` with every repair.
    pub const MODEL_OUTPUT: Self = Self {
        indented_code: IndentedCode::Skip,
        line_endings: LineEndings::Normalize,
        repairs: Repairs::ALL,
    };
}

/// Finds the code blocks of `text`, borrowing from it what can be borrowed.
///
/// # Complexity
///
/// Linear in the length of `text`. Memory is for the blocks, and for the containers that are open
/// at once.
///
/// # Examples
///
/// ```
/// use fencerun_blocks::markdown::{Options, scan};
///
/// let text = "So:\n~~~python\nprint(1)\n~~~\n";
/// let blocks = scan(text, &Options::default());
/// assert_eq!(blocks[0].code, "print(1)\n");
/// assert_eq!(blocks[0].code_span.and_then(|span| span.of(text)), Some("print(1)\n"));
/// ```
#[must_use]
pub fn scan<'text>(text: &'text str, options: &Options) -> Vec<CodeBlock<'text>> {
    let target = Target::Whole {
        text,
        blocks: Vec::new(),
    };
    let mut out = Collector::new(target, options.line_endings, options.repairs);
    let mut lines = Lines::of_whole(*options);
    let rest = lines.scan_lines(text.as_bytes(), 0, &mut out);
    lines.finish(rest, text.len() - rest.len(), &mut out);
    out.into_blocks()
}

/// Finds the code blocks of `text`, like [`scan`], and copies them out of it.
#[must_use]
pub fn extract(text: &str, options: &Options) -> Vec<Block> {
    scan(text, options).into_iter().map(Block::from).collect()
}

/// Finds code blocks in a text that arrives in chunks.
///
/// # Complexity
///
/// Linear in the length of all chunks together. Memory is for the longest line, the open block and
/// the open containers.
///
/// # Examples
///
/// ```
/// use fencerun_blocks::markdown::{Event, Extractor, Options};
///
/// let mut extractor = Extractor::new(&Options::MODEL_OUTPUT);
/// assert!(extractor.push(b"Run:\n```pyth").is_empty());
/// assert!(matches!(extractor.push(b"on\n").as_slice(), [Event::Opened(_)]));
/// assert_eq!(extractor.push(b"print("), [Event::Code("print(".to_owned())]);
/// assert_eq!(extractor.push(b"1)\n``"), [Event::Code("1)\n".to_owned())]);
/// assert!(matches!(extractor.push(b"`\n").as_slice(), [Event::Closed(_)]));
/// assert!(extractor.finish().is_empty());
/// ```
#[derive(Debug)]
pub struct Extractor {
    lines: Lines,
    out: Collector<'static>,
    /// The start of the line that has not ended.
    pending: Vec<u8>,
    /// Where that line starts in the whole text.
    at: usize,
    early: Early,
}

/// What a stream waits for: before that, nothing comes of more text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// Any character may matter.
    Anything,
    /// A line has begun. None matters that has no run of three backticks or tildes.
    Run,
    /// A line of code has begun. Without this character, the fence's, it and those after it are code
    /// as they stand; a line that has it too, up to the last character that is neither it nor white
    /// space, unless the first one is. Only NUL and carriage returns read differently. Not told
    /// without [`Repair::GluedClosing`](super::Repair::GluedClosing), with which alone it is so.
    Marker(u8),
}

/// What has been told of a line that has not ended.
#[derive(Debug, Clone, Copy, Default)]
struct Early {
    /// How long the line was when it was last tried to tell something of it.
    tried: usize,
    /// The bytes of the line that have been told, with the prefix of containers; 0 at first.
    told: usize,
    /// The bytes of the line that are code, however it goes on.
    certain: usize,
    /// The bytes of the line that have been looked at for that.
    looked_at: usize,
    /// The character of a fence that may close the block at the end of the line.
    marker: Option<u8>,
}

impl Extractor {
    /// An extractor at the start of a text.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let target = Target::Stream { events: Vec::new() };
        Self {
            lines: Lines::new(*options),
            out: Collector::new(target, options.line_endings, options.repairs),
            pending: Vec::new(),
            at: 0,
            early: Early::default(),
        }
    }

    /// Takes the next chunk of UTF-8, cut anywhere, and returns what it makes certain.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<Event> {
        let mut chunk = chunk;
        if !self.pending.is_empty() {
            let Some(after) = self.complete_line(chunk) else {
                self.tell_early();
                return self.out.take_events();
            };
            chunk = after;
        }
        let rest = self.lines.scan_lines(chunk, self.at, &mut self.out);
        self.at += chunk.len() - rest.len();
        self.pending.extend_from_slice(rest);
        self.tell_early();
        self.out.take_events()
    }

    /// What the text has to bring so that something can come of it.
    #[must_use]
    pub fn awaited(&self) -> Awaited {
        let scanner = &self.lines.scanner;
        if !self.pending.is_empty() {
            return Awaited::Anything;
        }
        match scanner.open_marker() {
            Some(marker) if scanner.is_plain_code() && scanner.closes_at_end() => {
                Awaited::Marker(marker)
            }
            None if scanner.is_text() => Awaited::Run,
            _ => Awaited::Anything,
        }
    }

    /// The first byte of the text that what is still to come may speak of: where the open block or
    /// else the unfinished line starts.
    #[must_use]
    pub fn settled(&self) -> usize {
        self.out.open_at().unwrap_or(self.at)
    }

    /// Ends the text and returns what that makes certain. The extractor is then at the start of
    /// another text.
    pub fn finish(&mut self) -> Vec<Event> {
        self.lines.finish(&self.pending, self.at, &mut self.out);
        self.pending.clear();
        self.early = Early::default();
        self.at = 0;
        self.out.take_events()
    }

    /// Tells the code of the pending line as far as it is certain.
    ///
    /// Until its first bytes decide that the line is code they are scanned again with each chunk:
    /// each time while they are few, and then when they have doubled, which is linear.
    fn tell_early(&mut self) {
        let pending = self.pending.as_slice();
        let content = pending.strip_suffix(b"\r").unwrap_or(pending);
        let mut inserted = "";
        if self.early.told == 0 {
            if content.len() > 64 && content.len() < 2 * self.early.tried {
                return;
            }
            self.early.tried = content.len();
            let Some(found) = self.lines.scanner.find_code(content) else {
                return;
            };
            inserted = spaces(found.tab_columns);
            self.early.told = found.offset;
            self.early.marker = found.marker;
        }
        let from = self.early.looked_at.max(self.early.told);
        let new = content.get(from..).unwrap_or_default();
        count_work(new.len());
        let marker = self.early.marker;
        let may_close = |byte: u8| marker.is_some_and(|marker| byte == marker || is_space(byte));
        if let Some(last) = new.iter().rposition(|&byte| !may_close(byte)) {
            self.early.certain = from + last + 1;
        }
        self.early.looked_at = content.len();
        let certain = self.early.told..self.early.certain;
        let new = content.get(certain).unwrap_or_default();
        count_work(1 + new.len());
        self.early.told += self.out.tell_early(inserted, new);
    }

    /// Adds to the pending line up to its end, and scans it. Returns the rest of the chunk, or
    /// `None` if the line may still go on.
    fn complete_line<'chunk>(&mut self, chunk: &'chunk [u8]) -> Option<&'chunk [u8]> {
        let taken = if self.pending.last() == Some(&b'\r') {
            usize::from(*chunk.first()? == b'\n')
        } else if let Some(length) = find_end(chunk) {
            length
        } else {
            self.pending.extend_from_slice(chunk);
            return None;
        };
        let (end, after) = chunk.split_at_checked(taken)?;
        self.pending.extend_from_slice(end);
        let line = Line::new(self.at, &self.pending);
        self.lines.scan_line(line, &mut self.out);
        self.at += self.pending.len();
        self.pending.clear();
        self.early = Early::default();
        Some(after)
    }
}

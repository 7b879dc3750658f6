//! What the scanner hands out: code blocks, and the events of a stream.

use std::borrow::Cow;

use super::repair::Repairs;
use crate::span::Span;

/// How a code block is marked as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// By code fences: [section 4.5](https://spec.commonmark.org/0.31.2/#fenced-code-blocks).
    Fenced,
    /// By its indentation: [section 4.4](https://spec.commonmark.org/0.31.2/#indented-code-blocks).
    Indented,
}

/// One code block of a text that is borrowed as far as it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeBlock<'text> {
    /// How the block is marked.
    pub kind: BlockKind,
    /// The first word of the info string, as written; `None` when there is none.
    pub lang: Option<Cow<'text, str>>,
    /// The info string, trimmed, with backslash escapes and character references decoded.
    pub info: Cow<'text, str>,
    /// The code: without the prefixes of containers, without the indentation of the fence, and
    /// with line endings as the options say. NUL and what is no UTF-8 stand as U+FFFD.
    pub code: Cow<'text, str>,
    /// The whole block, from the first character of the opening fence to the end of the line of
    /// the closing one, without that line's ending. A block that is not closed ends with its code.
    pub span: Span,
    /// Where the code stands in the text, when it stands there in one piece, byte for byte.
    pub code_span: Option<Span>,
    /// Whether a closing fence ends the block, and not the end of its container or of the text.
    /// An indented block needs no closing: it always is.
    pub closed: bool,
    /// The number of containers (block quotes and list items) that the block stands in.
    pub depth: usize,
    /// The repairs by which the block is read differently from `CommonMark`.
    pub repairs: Repairs,
}

/// One code block, owned; see [`CodeBlock`] for each field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// How the block is marked.
    pub kind: BlockKind,
    /// The first word of the info string.
    pub lang: Option<String>,
    /// The info string.
    pub info: String,
    /// The code.
    pub code: String,
    /// The whole block.
    pub span: Span,
    /// Where the code stands, if in one piece.
    pub code_span: Option<Span>,
    /// Whether a closing fence ends the block.
    pub closed: bool,
    /// The number of containers around the block.
    pub depth: usize,
    /// The repairs by which the block is read differently from `CommonMark`.
    pub repairs: Repairs,
}

impl From<CodeBlock<'_>> for Block {
    fn from(block: CodeBlock<'_>) -> Self {
        Self {
            kind: block.kind,
            lang: block.lang.map(Cow::into_owned),
            info: block.info.into_owned(),
            code: block.code.into_owned(),
            span: block.span,
            code_span: block.code_span,
            closed: block.closed,
            depth: block.depth,
            repairs: block.repairs,
        }
    }
}

/// The start of a code block in a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// How the block is marked.
    pub kind: BlockKind,
    /// The first word of the info string.
    pub lang: Option<String>,
    /// The info string.
    pub info: String,
    /// Where the block starts: the `start` of its span.
    pub at: usize,
    /// The number of containers around the block.
    pub depth: usize,
}

/// What a stream has made certain. Blocks do not nest: between `Opened` and `Closed` stand only
/// the `Code` pieces of that block, which joined are its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A block has begun.
    Opened(Opening),
    /// More of the code of the open block; never empty.
    Code(String),
    /// The open block has ended; here it is as a whole.
    Closed(Block),
}

/// What becomes of line endings inside code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LineEndings {
    /// Each becomes a line feed, as in the output of `CommonMark`. The default.
    #[default]
    Normalize,
    /// Each stays as it is written: `\n`, `\r\n` or `\r`.
    Keep,
}

/// What becomes of indented code blocks. Either way they are told apart from other text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum IndentedCode {
    /// They are passed over. The default: models fence their code.
    #[default]
    Skip,
    /// They are blocks too.
    Report,
}

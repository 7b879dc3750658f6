//! Text in, code blocks out.
//!
//! The answer is `CommonMark`'s: fenced code blocks as the specification delimits them
//! (0.31.2, [section 4.5](https://spec.commonmark.org/0.31.2/#fenced-code-blocks)), in lists and
//! block quotes too. It never fails: a text without code has an empty list of blocks.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde::Serialize;

use crate::span::Span;

/// One fenced code block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// The first word of the info string as written; `None` when there is none.
    pub lang: Option<String>,
    /// The whole info string, trimmed, with backslash escapes and entities decoded.
    pub info: String,
    /// The code, with the prefixes of containers and the fence's indentation removed and every
    /// line ended by LF.
    pub code: String,
    /// The whole block: from the opening fence to the end of the closing one, or to the end of
    /// the block when it is not closed. The last line ending is outside.
    pub span: Span,
    /// Where the code stands, when it stands in the text in one piece and unchanged.
    pub code_span: Option<Span>,
    /// Whether a closing fence ends the block, and not the end of the text or of a container.
    pub closed: bool,
}

/// Finds the fenced code blocks of `text`, in order.
///
/// # Examples
///
/// ```
/// let blocks = fencerun::extract::extract("So:\n```python\nprint(1)\n```\n");
/// assert_eq!(blocks.len(), 1);
/// assert_eq!(blocks[0].lang.as_deref(), Some("python"));
/// assert_eq!(blocks[0].code, "print(1)\n");
/// assert!(blocks[0].closed);
/// ```
#[must_use]
pub fn extract(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (event, range) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                open = Some(open_block(text, &info, Span::new(range.start, range.end)));
            }
            Event::Text(piece) => {
                if let Some(block) = &mut open {
                    block.code.push_str(&piece);
                    let start = block.code_span.map_or(range.start, |span| span.start);
                    block.code_span = Some(Span::new(start, range.end));
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                blocks.extend(open.take().map(|block| close_block(text, block)));
            }
            _ => {}
        }
    }
    blocks
}

fn open_block(text: &str, info: &str, range: Span) -> Block {
    let info = info.trim();
    let source = range.of(text).unwrap_or_default();
    let indent = source.len() - source.trim_start().len();
    let end = range.start + source.trim_end_matches(['\n', '\r']).len();
    Block {
        lang: info.split_whitespace().next().map(str::to_owned),
        info: info.to_owned(),
        code: String::new(),
        span: Span::new(range.start + indent, end),
        code_span: None,
        closed: is_closed(source.trim_start()),
    }
}

/// Whether the last line of a block's source is a closing fence for its first line.
///
/// ```text
/// ```python
/// print(1)
/// > ```
///   ^^^ the run of the fence's character, at least as long, and nothing after it
/// ```
fn is_closed(source: &str) -> bool {
    let Some(mark) = source.chars().next() else {
        return false;
    };
    let opening = source
        .chars()
        .take_while(|&character| character == mark)
        .count();
    let mut lines = source.lines();
    let (Some(_), Some(last)) = (lines.next(), lines.next_back()) else {
        return false;
    };
    let last = last.trim_end_matches([' ', '\t']);
    let prefix = last.trim_end_matches(mark);
    last.len() - prefix.len() >= opening
        && prefix.chars().all(|character| " \t>".contains(character))
}

fn close_block(text: &str, block: Block) -> Block {
    let code_span = block
        .code_span
        .filter(|span| span.of(text) == Some(block.code.as_str()));
    let code = if block.code.contains('\r') {
        block.code.replace("\r\n", "\n")
    } else {
        block.code
    };
    Block {
        code,
        code_span,
        ..block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Block {
        let mut blocks = extract(text);
        assert_eq!(blocks.len(), 1, "{text:?}");
        blocks.remove(0)
    }

    #[test]
    fn a_text_without_fences_has_no_blocks() {
        assert_eq!(extract(""), []);
        assert_eq!(extract("just `code` and prose\n"), []);
    }

    #[test]
    fn the_spans_cut_the_block_and_its_code_out_of_the_text() {
        let text = "é\n```python title=\"a\"\nprint('é')\n```  \nbye";
        let block = only(text);
        assert_eq!(block.info, "python title=\"a\"");
        assert_eq!(
            block.span.of(text),
            Some("```python title=\"a\"\nprint('é')\n```  ")
        );
        assert_eq!(
            block.code_span.and_then(|span| span.of(text)),
            Some("print('é')\n")
        );
    }

    #[test]
    fn prefixes_of_containers_are_removed_and_the_code_is_in_pieces() {
        let block = only("> 1. ```py\n>    if 1:\n>        print(1)\n>    ```\n");
        assert_eq!(block.code, "if 1:\n    print(1)\n");
        assert_eq!(block.code_span, None);
        assert!(block.closed);
    }

    #[test]
    fn a_block_ends_unclosed_with_its_text_or_its_container() {
        assert!(!only("```python\nprint(1)").closed);
        assert!(!only("```").closed);
        assert!(!only("> ```python\n> print(1)\n\nprose").closed);
    }

    #[test]
    fn a_shorter_run_or_another_mark_does_not_close() {
        let block = only("````\n```\n~~~~\n````\n");
        assert_eq!(block.code, "```\n~~~~\n");
        assert!(block.closed);
    }

    #[test]
    fn line_endings_in_code_are_line_feeds() {
        assert_eq!(only("```\r\na\r\nb\r\n```\r\n").code, "a\nb\n");
    }
}

//! `pulldown-cmark` as an oracle: the code blocks that it finds, and what to leave out of a text
//! for it to read the text as the specification does.

use fencerun::markdown::BlockKind;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// What parsers are compared by: the kind of a block, its info string and its code.
pub(crate) type Found = (BlockKind, String, String);

/// The end of the text ends the last line of a code block for some parsers only.
pub(crate) fn end_line(code: &str) -> String {
    let ended = code.is_empty() || code.ends_with('\n');
    format!("{code}{}", if ended { "" } else { "\n" })
}

pub(crate) fn find_code_blocks(text: &str) -> Vec<Found> {
    let mut blocks: Vec<Found> = Vec::new();
    let mut open = false;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                open = true;
                blocks.push(match kind {
                    CodeBlockKind::Fenced(info) => {
                        (BlockKind::Fenced, info.into_string(), String::new())
                    }
                    CodeBlockKind::Indented => (BlockKind::Indented, String::new(), String::new()),
                });
            }
            Event::End(TagEnd::CodeBlock) => open = false,
            Event::Text(piece) if open => {
                if let Some(block) = blocks.last_mut() {
                    block.2.push_str(&piece);
                }
            }
            _ => {}
        }
    }
    for block in &mut blocks {
        block.2 = end_line(&block.2.replace("\r\n", "\n").replace('\r', "\n"));
    }
    blocks
}

/// `text` without what `pulldown-cmark` 0.13.6 reads differently from the specification; each case
/// is a test of its own in `markdown_disagreements.rs`.
pub(crate) fn avoid_misreadings(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n") + "\n";
    let text = text.replace("`\t", "` ").replace("script>", "pre>");
    let mut pieces = text.split('>');
    let mut avoided = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let kept = avoided.trim_end_matches([' ', '\t']).len();
        let space = avoided.split_off(kept);
        avoided.push_str(&space.replace('\t', " "));
        avoided.push('>');
        avoided.push_str(piece);
    }
    replace_underlines_in_definitions(&avoided)
}

/// `text` with letters in the place of what might be a lazy line of a link reference definition and
/// looks like a setext heading underline.
fn replace_underlines_in_definitions(text: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut in_definition = false;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t', '>']);
        let run = content.trim_end();
        let is_underline = match run.as_bytes() {
            [b'-'] | [b'-', b'-'] => true,
            run => !run.is_empty() && run.iter().all(|&byte| byte == b'='),
        };
        if in_definition && is_underline {
            replaced.push_str(line.strip_suffix(content).unwrap_or_default());
            replaced.push_str("u\n");
        } else {
            replaced.push_str(line);
        }
        in_definition = !run.is_empty() && (in_definition || line.contains("]:"));
    }
    replaced
}

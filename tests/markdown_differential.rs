//! Generated documents have the same code blocks as other parsers find in them.
//!
//! `pulldown-cmark` takes part in every run. commonmark.js, the reference implementation, is asked
//! by `node tests/vectors/compare-reference.mjs`, which runs the ignored test here.
#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::fmt::Write as _;
use std::fs;

use fencerun::markdown::{Block, BlockKind, IndentedCode, Options, Repairs, extract};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

#[path = "vectors/generator.rs"]
mod generator;

use generator::generate;

const ALL: Options = Options {
    indented_code: IndentedCode::Report,
    line_endings: fencerun::markdown::LineEndings::Normalize,
    repairs: Repairs::NONE,
};

/// What parsers are compared by: the kind of a block, its info string and its code.
type Found = (BlockKind, String, String);

/// The end of the text ends the last line of a code block for some parsers only.
fn end_line(code: &str) -> String {
    let ended = code.is_empty() || code.ends_with('\n');
    format!("{code}{}", if ended { "" } else { "\n" })
}

fn found_by_ours(text: &str) -> Vec<Found> {
    let found = |block: Block| (block.kind, block.info, end_line(&block.code));
    extract(text, &ALL).into_iter().map(found).collect()
}

fn found_by_pulldown_cmark(text: &str) -> Vec<Found> {
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
            Event::Text(piece) if open => blocks.last_mut().unwrap().2.push_str(&piece),
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
fn avoid_misreadings(text: &str) -> String {
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
    avoided
}

#[test]
fn generated_documents_have_the_code_blocks_that_pulldown_cmark_finds() {
    let count = std::env::var("FENCERUN_DOCUMENTS").map_or(20_000, |count| count.parse().unwrap());
    let mut disagreements = String::new();
    let mut different = 0;
    let mut blocks = 0;
    for seed in 0..count {
        let text = avoid_misreadings(&generate(seed));
        let (ours, theirs) = (found_by_ours(&text), found_by_pulldown_cmark(&text));
        blocks += ours.len();
        if ours != theirs {
            different += 1;
            if different <= 20 {
                writeln!(
                    disagreements,
                    "{seed}: {text:?}\n  ours   {ours:?}\n  theirs {theirs:?}"
                )
                .unwrap();
            }
        }
    }
    assert_eq!(
        different, 0,
        "of {count} documents with {blocks} blocks\n{disagreements}"
    );
}

#[test]
#[ignore = "run by compare-reference.mjs, which says on what"]
fn write_documents_for_the_reference() {
    let path = std::env::var("FENCERUN_DOCUMENTS_FILE").unwrap();
    let documents = std::env::var("FENCERUN_DOCUMENTS").unwrap();
    let texts: Vec<String> = match documents.parse::<u64>() {
        Ok(count) => (0..count).map(|seed| generate(seed) + "\n").collect(),
        Err(_) => documents
            .lines()
            .filter_map(|path| fs::read_to_string(path).ok())
            .map(|text| text.trim_start_matches('\u{FEFF}').to_owned() + "\n")
            .collect(),
    };
    let mut lines = String::new();
    for text in texts {
        let blocks: Vec<_> = found_by_ours(&text)
            .into_iter()
            .map(|(kind, info, code)| {
                let kind = if kind == BlockKind::Fenced {
                    "fenced"
                } else {
                    "indented"
                };
                serde_json::json!({ "kind": kind, "info": info, "code": code })
            })
            .collect();
        writeln!(
            lines,
            "{}",
            serde_json::json!({ "text": text, "blocks": blocks })
        )
        .unwrap();
    }
    fs::write(path, lines).unwrap();
}

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

#[path = "vectors/generator.rs"]
mod generator;

#[path = "vectors/pulldown_cmark.rs"]
mod oracle;

use generator::generate;
use oracle::{Found, avoid_misreadings, end_line, find_code_blocks};

const ALL: Options = Options {
    indented_code: IndentedCode::Report,
    line_endings: fencerun::markdown::LineEndings::Normalize,
    repairs: Repairs::NONE,
};

fn found_by_ours(text: &str) -> Vec<Found> {
    let found = |block: Block| (block.kind, block.info, end_line(&block.code));
    extract(text, &ALL).into_iter().map(found).collect()
}

#[test]
fn generated_documents_have_the_code_blocks_that_pulldown_cmark_finds() {
    let count = std::env::var("FENCERUN_DOCUMENTS").map_or(20_000, |count| count.parse().unwrap());
    let mut disagreements = String::new();
    let mut different = 0;
    let mut blocks = 0;
    for seed in 0..count {
        let text = avoid_misreadings(&generate(seed));
        let (ours, theirs) = (found_by_ours(&text), find_code_blocks(&text));
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

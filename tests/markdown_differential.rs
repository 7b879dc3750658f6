//! Generated documents have the code blocks that `pulldown-cmark` finds in them.
//!
//! commonmark.js, the reference implementation, is asked by `tests/node/reference.test.mjs`.
#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::collections::HashSet;
use std::fmt::Write as _;

use fencerun::markdown::{Block, IndentedCode, Options, Repairs, extract};

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
fn each_named_reference_stands_for_what_pulldown_cmark_takes_it_for() {
    let entities = include_str!("../crates/constructs/src/entities.txt");
    let (mut names, mut tail) = (HashSet::new(), "");
    for written in entities.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        let Some((first, rest)) = written.split_at_checked(1) else {
            continue;
        };
        tail = if rest.is_empty() { tail } else { rest };
        let name = format!("{first}{tail}");
        let text = format!("```[&{name};]\n```\n");
        assert_eq!(found_by_ours(&text), find_code_blocks(&text), "{name}");
        names.insert(name);
    }
    assert_eq!(names.len(), 2124);
}

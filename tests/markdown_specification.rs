//! The examples of the `CommonMark` specification: the code blocks of each are those that the
//! reference implementation finds (`vectors/commonmark-0.31.2.json` names it).
//!
//! The texts are read from the npm package `commonmark-spec`, which the project's `npm ci`
//! installs.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::panic, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use fencerun::markdown::{BlockKind, IndentedCode, Options, extract};
use serde_json::Value;

/// The texts of the specification's examples, in order.
fn read_examples() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/commonmark-spec/spec.txt");
    let specification = fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error} (run `npm ci` first)", path.display()));
    let fence = "`".repeat(32);
    let (start, end) = (format!("{fence} example"), fence);
    let mut examples = Vec::new();
    let mut example: Option<String> = None;
    let mut in_text = false;
    for line in specification.lines() {
        if line == start {
            (example, in_text) = (Some(String::new()), true);
        } else if line == end {
            examples.extend(example.take());
        } else if line == "." {
            in_text = false;
        } else if let (Some(example), true) = (&mut example, in_text) {
            example.push_str(&line.replace('→', "\t"));
            example.push('\n');
        }
    }
    examples
}

#[test]
fn every_example_has_the_code_blocks_of_the_reference() {
    let vectors: Value =
        serde_json::from_str(include_str!("vectors/commonmark-0.31.2.json")).unwrap();
    let expected = vectors["examples"].as_array().unwrap();
    let examples = read_examples();
    assert_eq!((examples.len(), expected.len()), (652, 652));
    let options = Options {
        indented_code: IndentedCode::Report,
        ..Options::default()
    };
    let mut blocks = 0;
    for (text, expected) in examples.iter().zip(expected) {
        assert_eq!(
            text.len() as u64,
            expected["bytes"].as_u64().unwrap(),
            "{text:?}"
        );
        let found: Vec<_> = extract(text, &options)
            .into_iter()
            .map(|block| {
                let kind = match block.kind {
                    BlockKind::Fenced => "fenced",
                    BlockKind::Indented => "indented",
                };
                (kind.to_owned(), block.info, block.code)
            })
            .collect();
        let field = |block: &Value, name: &str| block[name].as_str().unwrap().to_owned();
        let wanted: Vec<_> = expected["blocks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|block| {
                (
                    field(block, "kind"),
                    field(block, "info"),
                    field(block, "code"),
                )
            })
            .collect();
        assert_eq!(found, wanted, "example {}: {text:?}", expected["number"]);
        blocks += found.len();
    }
    assert_eq!(blocks, 89);
}

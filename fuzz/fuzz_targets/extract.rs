//! Whole texts: the laws of spans hold, the profiles agree where no repair fires, and the code
//! blocks are those that pulldown-cmark finds.
#![no_main]

use fencerun::markdown::{Block, IndentedCode, LineEndings, Options, Repairs, extract};
use libfuzzer_sys::fuzz_target;

#[path = "compose.rs"]
mod compose;
#[path = "../../tests/vectors/pulldown_cmark.rs"]
mod oracle;

use oracle::{Found, avoid_misreadings, end_line, find_code_blocks};

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        check_laws(text);
    }
    // Of any bytes pulldown-cmark reads some differently from the specification; of composed
    // documents without those (`tests/markdown_disagreements.rs`) it must read every one as we do.
    let text = avoid_misreadings(&compose::compose(data));
    check_laws(&text);
    let options = Options {
        indented_code: IndentedCode::Report,
        line_endings: LineEndings::Normalize,
        repairs: Repairs::NONE,
    };
    let ours: Vec<Found> = extract(&text, &options).into_iter().map(found).collect();
    assert_eq!(ours, find_code_blocks(&text), "{text:?}");
});

fn check_laws(text: &str) {
    for line_endings in [LineEndings::Normalize, LineEndings::Keep] {
        let options = Options { line_endings, ..Options::MODEL_OUTPUT };
        let repaired = extract(text, &options);
        check_spans(text, &repaired);
        let plain = extract(text, &Options { repairs: Repairs::NONE, ..options });
        check_spans(text, &plain);
        if repaired.iter().all(|block| block.repairs.is_empty()) {
            assert_eq!(repaired, plain, "no repair fired");
        }
    }
}

fn check_spans(text: &str, blocks: &[Block]) {
    let mut end = 0;
    for block in blocks {
        assert!(end <= block.span.start && block.span.start <= block.span.end);
        assert!(block.span.of(text).is_some(), "the span splits a character");
        if let Some(code) = block.code_span {
            assert_eq!(code.of(text), Some(block.code.as_str()));
            assert!(block.span.start <= code.start && code.end <= block.span.end);
        }
        end = block.span.end;
    }
}

fn found(block: Block) -> Found {
    (block.kind, block.info, end_line(&block.code))
}

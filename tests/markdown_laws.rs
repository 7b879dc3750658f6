//! The laws of extraction, on generated documents: any split equals the whole, what has been handed
//! out stays, and spans cut out of the text what they say.
#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may panic"
)]

use fencerun::markdown::{
    Block, BlockKind, Event, Extractor, IndentedCode, LineEndings, Options, Repair, Repairs,
    extract,
};

#[path = "vectors/generator.rs"]
mod generator;

use generator::{Random, generate, generate_model_output};

const OPTIONS: [Options; 3] = [
    Options::MODEL_OUTPUT,
    Options {
        indented_code: IndentedCode::Report,
        line_endings: LineEndings::Normalize,
        repairs: Repairs::NONE,
    },
    Options {
        indented_code: IndentedCode::Skip,
        line_endings: LineEndings::Keep,
        repairs: Repairs::NONE,
    },
];

/// Gives `chunks` to an extractor and returns the blocks it closes, having checked that the events
/// tell the same blocks.
fn stream<'text>(chunks: impl Iterator<Item = &'text [u8]>, options: Options) -> Vec<Block> {
    let mut extractor = Extractor::new(&options);
    let mut events = Vec::new();
    for chunk in chunks {
        events.extend(extractor.push(chunk));
    }
    events.extend(extractor.finish());
    let mut blocks = Vec::new();
    let mut open = None;
    for event in events {
        match event {
            Event::Opened(opening) => {
                assert!(open.is_none(), "{opening:?} opened inside a block");
                open = Some((opening, String::new()));
            }
            Event::Code(piece) => {
                assert!(!piece.is_empty(), "an empty piece of code");
                open.as_mut()
                    .expect("code outside of a block")
                    .1
                    .push_str(&piece);
            }
            Event::Closed(block) => {
                let (opening, code) = open.take().expect("closed without being opened");
                assert_eq!(
                    (
                        opening.kind,
                        opening.lang,
                        opening.info,
                        opening.at,
                        opening.depth,
                        code
                    ),
                    (
                        block.kind,
                        block.lang.clone(),
                        block.info.clone(),
                        block.span.start,
                        block.depth,
                        block.code.clone()
                    )
                );
                blocks.push(block);
            }
        }
    }
    assert!(open.is_none(), "a block stays open after the end");
    blocks
}

#[test]
fn every_split_into_two_chunks_equals_the_whole() {
    for seed in 0..300 {
        let text = generate(seed);
        for options in &OPTIONS {
            let whole = extract(&text, options);
            for place in 0..=text.len() {
                let (first, second) = text.as_bytes().split_at(place);
                let split = stream([first, second].into_iter(), *options);
                assert_eq!(split, whole, "{seed}: {text:?} split at {place}");
            }
        }
    }
}

#[test]
fn byte_by_byte_equals_the_whole() {
    for seed in 0..1_500 {
        let text = generate(seed);
        for options in &OPTIONS {
            let split = stream(text.as_bytes().chunks(1), *options);
            assert_eq!(split, extract(&text, options), "{seed}: {text:?}");
        }
    }
}

#[test]
fn chunks_of_random_length_equal_the_whole() {
    for seed in 0..1_500 {
        let text: String = (0..4).map(|part| generate(4 * seed + part)).collect();
        let mut random = Random::new(seed);
        for options in &OPTIONS {
            let mut chunks = Vec::new();
            let mut rest = text.as_bytes();
            while !rest.is_empty() {
                let (chunk, after) = rest.split_at(random.below(9).min(rest.len()));
                chunks.push(chunk);
                rest = after;
            }
            let split = stream(chunks.into_iter(), *options);
            assert_eq!(split, extract(&text, options), "{seed}: {text:?}");
        }
    }
}

#[test]
fn spans_lie_in_the_text_in_order_and_cut_out_the_code() {
    let mut in_one_piece = 0;
    for seed in 0..10_000 {
        let text = generate(seed);
        for options in &OPTIONS {
            let mut end = 0;
            for block in extract(&text, options) {
                assert!(block.span.start >= end, "{seed}: {text:?} {block:?}");
                let whole = block.span.of(&text).expect("a span outside of the text");
                end = block.span.end;
                if let Some(span) = block.code_span {
                    assert_eq!(
                        span.of(&text),
                        Some(block.code.as_str()),
                        "{seed}: {text:?}"
                    );
                    assert!(
                        block.span.start <= span.start && span.end <= end,
                        "{text:?} {block:?}"
                    );
                    in_one_piece += 1;
                }
                if block.info.contains(['`', '~']) || block.kind == BlockKind::Indented {
                    continue;
                }
                assert!(
                    whole.starts_with("```") || whole.starts_with("~~~"),
                    "{text:?} {block:?}"
                );
            }
        }
    }
    assert!(in_one_piece > 5_000, "{in_one_piece}");
}

#[test]
fn code_is_told_before_its_line_ends_when_no_fence_can_come_of_it() {
    let mut extractor = Extractor::new(&Options::default());
    assert_eq!(extractor.push(b"> ```py"), []);
    assert!(matches!(
        extractor.push(b"\n> ").as_slice(),
        [Event::Opened(_)]
    ));
    assert_eq!(extractor.push(b" p"), [Event::Code(" p".to_owned())]);
    assert_eq!(
        extractor.push(b"rint(\xC3"),
        [Event::Code("rint(".to_owned())]
    );
    assert_eq!(extractor.push(b"\xA9)\r"), [Event::Code("é)".to_owned())]);
    assert_eq!(extractor.push(b"\n> `"), [Event::Code("\n".to_owned())]);
    assert_eq!(extractor.push(b"``"), []);
    assert_eq!(extractor.push(b"x"), [Event::Code("```x".to_owned())]);
    assert!(matches!(
        extractor.finish().as_slice(),
        [Event::Closed(block)] if block.code == " print(é)\n```x" && !block.closed
    ));
}

#[test]
fn where_no_repair_fires_model_output_is_read_as_commonmark() {
    let mut plain = 0;
    for seed in 0..10_000 {
        let text = generate(seed);
        let repaired = extract(&text, &Options::MODEL_OUTPUT);
        let commonmark = extract(&text, &Options::default());
        assert!(
            commonmark.iter().all(|block| block.repairs.is_empty()),
            "{text:?}"
        );
        if repaired.iter().all(|block| block.repairs.is_empty()) {
            plain += 1;
            assert_eq!(repaired, commonmark, "{seed}: {text:?}");
        } else {
            assert_ne!(repaired, commonmark, "{seed}: {text:?}");
        }
    }
    assert!(
        (1_000..9_000).contains(&plain),
        "{plain} texts without repairs"
    );
}

#[test]
fn a_repair_that_is_switched_off_never_fires() {
    for seed in 0..2_000 {
        let text = generate(seed);
        for repair in Repair::ALL {
            let options = Options {
                repairs: Repairs::ALL.without(repair),
                ..Options::MODEL_OUTPUT
            };
            for block in extract(&text, &options) {
                assert!(!block.repairs.contains(repair), "{text:?} {block:?}");
            }
            let options = Options {
                repairs: Repairs::NONE.with(repair),
                ..Options::MODEL_OUTPUT
            };
            for block in extract(&text, &options) {
                assert!(
                    block.repairs.without(repair).is_empty(),
                    "{text:?} {block:?}"
                );
            }
        }
    }
}

#[test]
fn every_repair_alone_agrees_with_its_splits() {
    for seed in 0..1_000 {
        let text = generate_model_output(seed);
        for repair in Repair::ALL {
            let options = Options {
                repairs: Repairs::NONE.with(repair),
                ..Options::MODEL_OUTPUT
            };
            let split = stream(text.as_bytes().chunks(1), options);
            assert_eq!(
                split,
                extract(&text, &options),
                "{seed} {repair:?}: {text:?}"
            );
        }
    }
}

#[test]
fn fenced_blocks_are_the_same_with_and_without_indented_ones() {
    let count = std::env::var("FENCERUN_DOCUMENTS").map_or(5_000, |count| count.parse().unwrap());
    for seed in 0..count {
        let text: String = (0..=seed % 3)
            .map(|part| generate(seed + part) + "\n")
            .collect();
        for repairs in [Repairs::NONE, Repairs::ALL] {
            let read = |indented_code| {
                let options = Options {
                    indented_code,
                    repairs,
                    ..Options::default()
                };
                let mut blocks = extract(&text, &options);
                blocks.retain(|block| block.kind == BlockKind::Fenced);
                blocks
            };
            let (alone, beside) = (read(IndentedCode::Skip), read(IndentedCode::Report));
            assert_eq!(alone, beside, "{seed}: {text:?}");
        }
    }
}

//! Texts that arrive in chunks: any split gives the blocks of the whole text, and the pieces of
//! code that were told are the code of the block.
#![no_main]

use fencerun::markdown::{Event, Extractor, Options, extract};
use libfuzzer_sys::fuzz_target;

#[path = "compose.rs"]
mod compose;

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let options = match first % 2 {
        0 => Options::MODEL_OUTPUT,
        _ => Options::default(),
    };
    let step = usize::from(first / 2) % 9 + 1;
    if let Ok(text) = std::str::from_utf8(rest) {
        check(text, step, &options);
    }
    check(&compose::compose(rest), step, &options);
});

fn check(text: &str, step: usize, options: &Options) {
    let mut extractor = Extractor::new(options);
    let mut blocks = Vec::new();
    let mut code: Option<String> = None;
    // Chunks of changing length, so that every place is cut sooner or later.
    let mut rest = text.as_bytes();
    let mut length = step;
    let mut events = Vec::new();
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(length.min(rest.len()));
        events.extend(extractor.push(chunk));
        rest = after;
        length = length % 13 + step;
    }
    events.extend(extractor.finish());
    for event in events {
        match event {
            Event::Opened(_) => assert_eq!(code.replace(String::new()), None, "blocks do not nest"),
            Event::Code(piece) => code.as_mut().expect("code inside a block").push_str(&piece),
            Event::Closed(block) => {
                assert_eq!(code.take().as_ref(), Some(&block.code), "{text:?}");
                blocks.push(block);
            }
        }
    }
    assert_eq!(blocks, extract(text, options), "{text:?}");
}

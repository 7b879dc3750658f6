//! From any bytes to a document made of fragments that matter for block structure.

#[path = "../../tests/vectors/generator.rs"]
#[allow(dead_code, clippy::all)]
mod generator;

use generator::{CONTENTS, MODEL_LINES, PREFIXES};

/// Each byte is a fragment: a prefix, or the content of a line.
pub fn compose(data: &[u8]) -> String {
    let mut text = String::new();
    for &byte in data {
        let place = usize::from(byte);
        match place.checked_sub(PREFIXES.len()) {
            None => text.push_str(PREFIXES[place]),
            Some(place) => {
                let lines = CONTENTS.iter().chain(&MODEL_LINES);
                text.push_str(lines.clone().nth(place % lines.count()).unwrap_or(&""));
                text.push('\n');
            }
        }
    }
    text
}

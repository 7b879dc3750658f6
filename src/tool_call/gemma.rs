//! The format of Gemma 4, as verl's `Gemma4ToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63):
//! `<|tool_call>call:NAME{key:<|"|>text<|"|>,key:value}<tool_call|>`. A bare value ends at the
//! first comma or brace.

use super::reader::{Read, Reader, read_json};
use super::scan::{Element, Mark, find_end};
use super::xml::read_or_pass;
use crate::python::float::parse_float;
use crate::python::integer::parse_int;
use crate::python::letters::is_regex_word;
use crate::python::search::{contains, split_once};
use crate::python::text::{strip, text_from, text_to};
use crate::python::value::{DictBuilder, Value};

pub(super) const OPEN: &str = "<|tool_call>";
pub(super) const CLOSE: &str = "<tool_call|>";
const QUOTE: &str = "<|\"|>";

pub(super) const CALL: Mark<'_> = Mark::named(
    "<|tool_call>call:",
    |text, at| {
        let end = find_end(text, at, &is_regex_word);
        Some(read_or_pass(text, at, end, "{", at))
    },
    "}<tool_call|>",
);

#[expect(
    clippy::unnecessary_wraps,
    reason = "one way to read arguments among others"
)]
pub(super) fn read(reader: &mut Reader<'_>, call: Element) -> Read {
    let mut arguments = DictBuilder::default();
    let mut rest = reader.part(call.body);
    loop {
        rest = text_from(rest, find_end(rest, 0, &|c| !is_regex_word(c)));
        if rest.is_empty() {
            break;
        }
        let end = find_end(rest, 0, &is_regex_word);
        let key = text_to(rest, end);
        rest = text_from(rest, end);
        let Some(behind) = rest.strip_prefix(':') else {
            continue;
        };
        // A quoted text stands on one line. No search goes beyond the quote that opens the next one, so
        // that all together are one walk through the text.
        let quoted = behind
            .strip_prefix(QUOTE)
            .and_then(|text| split_once(text, QUOTE))
            .filter(|(text, _)| !contains(text, "\n"));
        let value = if let Some((text, behind)) = quoted {
            rest = behind;
            text.into()
        } else {
            let end = find_end(behind, 0, &|c| !matches!(c, ',' | '}'));
            rest = text_from(behind, end);
            read_bare(strip(text_to(behind, end)))
        };
        arguments.insert_text(key.into(), value);
    }
    reader.add(reader.name.into(), arguments.build());
    Ok(())
}

fn read_bare(text: &str) -> Value {
    // Nothing else gives these values than `true`, `false` and `null`.
    if let Some(constant @ (Value::Bool(_) | Value::None)) = read_json(&text.to_ascii_lowercase()) {
        return constant;
    }
    if let Some(digits) = parse_int(text) {
        return Value::Int(digits);
    }
    match parse_float(text) {
        Some(number) => Value::Float(number),
        None => text.into(),
    }
}

//! The XML-like formats of Seed, of `MiniMax` and of GLM, as verl's `SeedToolParser`,
//! `MiniMaxToolParser` and `GLMToolParser` read them
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63). A value is what its text
//! is as JSON, or the text.

use super::reader::{Read, Reader, read_json};
use super::scan::{Element, Mark, Name, find, find_end};
use super::{hermes, robust};
use crate::python::search::split_once;
use crate::python::text::{text_from, text_to};
use crate::python::value::Value;
use crate::span::Span;

/// A name in the regular expression `([^>\n]+)>`. What does not end so ends in the same place from
/// any later start.
fn read_line(text: &str, at: usize) -> Option<Name> {
    let stop = find_end(text, at, &|c| !matches!(c, '>' | '\n'));
    (stop < text.len()).then(|| read_or_pass(text, at, stop, ">", stop))
}

/// A name in the regular expression `([^"]+)">`. The quote that ends one may open the next.
fn read_quoted(text: &str, at: usize) -> Option<Name> {
    let stop = find(text, "\"", at)?;
    Some(read_or_pass(text, at, stop, "\">", at))
}

/// The name up to `stop`, if it is one and `end` follows.
pub(super) fn read_or_pass(text: &str, at: usize, stop: usize, end: &str, next: usize) -> Name {
    if stop > at && text_from(text, stop).starts_with(end) {
        Name::Read(Span::new(at, stop), stop + end.len())
    } else {
        Name::Passed(next)
    }
}

pub(super) const SEED_OPEN: &str = "<seed:tool_call>";
pub(super) const SEED_CLOSE: &str = "</seed:tool_call>";
pub(super) const FUNCTION: Mark<'_> = Mark::named("<function=", read_line, "</function>");
pub(super) const PARAMETER: Mark<'_> = Mark::named("<parameter=", read_line, "</parameter>");

pub(super) const MINIMAX_OPEN: &str = "<minimax:tool_call>";
pub(super) const MINIMAX_CLOSE: &str = "</minimax:tool_call>";
pub(super) const INVOKE: Mark<'_> = Mark::named("<invoke name=\"", read_quoted, "</invoke>");
pub(super) const NAMED_PARAMETER: Mark<'_> =
    Mark::named("<parameter name=\"", read_quoted, "</parameter>");

const KEY: &str = "<arg_key>";
pub(super) const VALUE_CLOSE: &str = "</arg_value>";
pub(super) const BLOCK: Mark<'_> = Mark::named(hermes::OPEN, read_front, hermes::CLOSE);
pub(super) const ARGUMENT: Mark<'_> = Mark::named(KEY, read_key, VALUE_CLOSE);

/// The name of a call in front of its first key.
fn read_front(text: &str, at: usize) -> Option<Name> {
    let close = find(text, hermes::CLOSE, at)?;
    let end = find(text_to(text, close), KEY, at).unwrap_or(close);
    Some(Name::Read(Span::new(at, end), end))
}

/// A key goes on to the first closing tag that a value follows.
fn read_key(text: &str, at: usize) -> Option<Name> {
    let mut from = at;
    loop {
        let end = find(text, "</arg_key>", from)?;
        from = end + "</arg_key>".len();
        // `\s` of the package `regex`: white space as Unicode has it, without U+001C to U+001F.
        let rest = text_from(text, from).trim_start();
        if let Some(value) = rest.strip_prefix("<arg_value>") {
            return Some(Name::Read(Span::new(at, end), text.len() - value.len()));
        }
    }
}

/// The JSON of a value, or its text where that is none or where the schema asks for a text.
#[expect(
    clippy::unnecessary_wraps,
    reason = "one way to read a value among others"
)]
pub(super) fn read_value(
    reader: &mut Reader<'_>,
    element: Element,
    text: &mut &str,
) -> Read<Option<Value>> {
    let json = read_json(text);
    Ok(json.filter(|_| !robust::keeps_text(reader, reader.part(element.name))))
}

pub(super) fn parse_glm(reader: &mut Reader<'_>) {
    reader.walk();
    let content = &mut reader.parsed.content;
    if content.len() < reader.text.len() {
        *content = strip_thinking(content).to_owned();
    }
}

/// The text without thinking in front, or without the tag that ends thinking which began in the
/// prompt. White space is that of the package `regex`, as in front of a value.
fn strip_thinking(content: &str) -> &str {
    let close = "</think>";
    let thought = content
        .trim_start()
        .strip_prefix("<think>")
        .and_then(|thought| split_once(thought, close));
    let rest = thought.map_or(content, |(_, rest)| rest);
    rest.trim_start().strip_prefix(close).unwrap_or(rest)
}

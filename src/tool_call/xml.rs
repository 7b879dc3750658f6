//! The XML-like formats of Seed, of `MiniMax` and of GLM, as verl's `SeedToolParser`,
//! `MiniMaxToolParser` and `GLMToolParser` read them
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63). A value is what its text
//! is as JSON, or the text.

use super::scan::{Element, Mark, Name, elements, find, find_any, pairs, slice};
use super::{Options, Parsed, ToolCall, hermes, robust};
use crate::python::json::loads;
use crate::python::repair::Repairs;
use crate::python::search::{contains, split_once};
use crate::python::text::{strip, strip_start, text_from, text_to};
use crate::python::value::{DictBuilder, Value};
use crate::span::Span;

/// A name in the regular expression `([^>\n]+)>`. What does not end so ends in the same place from
/// any later start.
fn read_line(text: &str, at: usize) -> Option<Name> {
    let stop = find_any(text, at, &|c| matches!(c, '>' | '\n'))?;
    Some(read_or_pass(text, at, stop, ">", stop))
}

/// A name in the regular expression `([^"]+)">`. The quote that ends one may open the next.
fn read_quoted(text: &str, at: usize) -> Option<Name> {
    let stop = find(text, "\"", at)?;
    Some(read_or_pass(text, at, stop, "\">", at))
}

fn read_or_pass(text: &str, at: usize, stop: usize, end: &str, next: usize) -> Name {
    if stop > at && text_from(text, stop).starts_with(end) {
        Name::Read(Span::new(at, stop), stop + end.len())
    } else {
        Name::Passed(next)
    }
}

const FUNCTION: Mark<'_> = Mark {
    open: "<function=",
    name: read_line,
    close: "</function>",
};
const PARAMETER: Mark<'_> = Mark {
    open: "<parameter=",
    name: read_line,
    close: "</parameter>",
};
const INVOKE: Mark<'_> = Mark {
    open: "<invoke name=\"",
    name: read_quoted,
    close: "</invoke>",
};
const NAMED_PARAMETER: Mark<'_> = Mark {
    open: "<parameter name=\"",
    name: read_quoted,
    close: "</parameter>",
};
pub(super) const VALUE_CLOSE: &str = "</arg_value>";
const KEY: &str = "<arg_key>";
const ARGUMENT: Mark<'_> = Mark {
    open: KEY,
    name: read_key,
    close: VALUE_CLOSE,
};

/// A key goes on to the first closing tag that a value follows.
fn read_key(text: &str, at: usize) -> Option<Name> {
    let mut from = at;
    loop {
        let end = find(text, "</arg_key>", from)?;
        from = end + "</arg_key>".len();
        if let Some(value) = strip_start(text_from(text, from)).strip_prefix("<arg_value>") {
            return Some(Name::Read(Span::new(at, end), text.len() - value.len()));
        }
    }
}

/// The first function of each block is a call.
pub(super) fn parse_seed(text: &str, options: &Options) -> Parsed {
    let (open, close) = ("<seed:tool_call>", "</seed:tool_call>");
    parse(text, options, open, close, &PARAMETER, |text, block| {
        let mut calls = elements(text, block.body, &FUNCTION);
        calls.truncate(1);
        calls
    })
}

pub(super) fn parse_minimax(text: &str, options: &Options) -> Parsed {
    let (open, close) = ("<minimax:tool_call>", "</minimax:tool_call>");
    parse(
        text,
        options,
        open,
        close,
        &NAMED_PARAMETER,
        |text, block| elements(text, block.body, &INVOKE),
    )
}

/// Each block is a call, and begins with its name.
pub(super) fn parse_glm(text: &str, options: &Options) -> Parsed {
    let (open, close) = (hermes::OPEN, hermes::CLOSE);
    let mut parsed = parse(text, options, open, close, &ARGUMENT, |text, block| {
        let Span { start, end } = block.body;
        let length = find(slice(text, block.body), KEY, 0);
        let name = Span::new(start, length.map_or(end, |length| start + length));
        vec![Element { name, ..block }]
    });
    if parsed.content.len() < text.len() {
        parsed.content = strip_thinking(&parsed.content).to_owned();
    }
    parsed
}

/// Calls in blocks, and parameters in calls.
fn parse(
    text: &str,
    options: &Options,
    open: &str,
    close: &str,
    parameter: &Mark<'_>,
    calls_in: fn(&str, Element) -> Vec<Element>,
) -> Parsed {
    let first = find(text, open, 0).filter(|_| contains(text, close));
    let mut parsed = Parsed::new(text_to(text, first.unwrap_or(text.len())), Vec::new());
    for block in pairs(text, open, close) {
        for call in calls_in(text, block) {
            let name = strip(slice(text, call.name));
            let mut arguments = DictBuilder::default();
            let mut repairs = Repairs::default();
            for found in elements(text, call.body, parameter) {
                let key = strip(slice(text, found.name));
                let value = strip(slice(text, found.body));
                let value = match loads(value) {
                    Ok(json) => robust::keep_text(value, json, options, name, key, &mut repairs),
                    Err(_) => Value::Str(value.into()),
                };
                arguments.insert_text(key.into(), value);
            }
            let call = ToolCall::write(name.into(), &arguments.build(), call.span, repairs);
            parsed.calls.push(call);
        }
    }
    parsed
}

/// The text without thinking in front, or without the tag that ends thinking which began in the
/// prompt.
fn strip_thinking(content: &str) -> &str {
    let close = "</think>";
    let thought = strip_start(content)
        .strip_prefix("<think>")
        .and_then(|thought| split_once(thought, close));
    let rest = thought.map_or(content, |(_, rest)| rest);
    strip_start(rest).strip_prefix(close).unwrap_or(rest)
}

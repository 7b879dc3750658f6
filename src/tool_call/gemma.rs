//! The format of Gemma 4, as verl's `Gemma4ToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63):
//! `<|tool_call>call:NAME{key:<|"|>text<|"|>,key:value}<tool_call|>`. A bare value ends at the
//! first comma or brace.

use super::scan::{Cut, Mark, Name, elements, find, find_any, slice};
use super::{Options, Parsed, ToolCall};
use crate::python::float::parse_float;
use crate::python::integer::parse_int;
use crate::python::letters::is_regex_word;
use crate::python::repair::Repairs;
use crate::python::search::contains;
use crate::python::text::{strip, text_from, text_to};
use crate::python::value::{DictBuilder, Value};
use crate::span::Span;

pub(super) const OPEN: &str = "<|tool_call>";
pub(super) const CLOSE: &str = "<tool_call|>";
const QUOTE: &str = "<|\"|>";
const PAD_TOKEN: &str = "<pad>";

const CALL: Mark<'_> = Mark {
    open: "<|tool_call>call:",
    name: |text, at| {
        let end = find_any(text, at, &|c| !is_regex_word(c)).unwrap_or(text.len());
        Some(if end > at && text_from(text, end).starts_with('{') {
            Name::Read(Span::new(at, end), end + 1)
        } else {
            Name::Passed(at)
        })
    },
    close: "}<tool_call|>",
};

pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let mut cut = Cut::new(text);
    cut.leave_out_pairs(options.pad_token.as_deref().unwrap_or(PAD_TOKEN), "");
    let text = &cut.text;
    let found = elements(text, Span::new(0, text.len()), &CALL);
    let first = find(text, OPEN, 0).filter(|_| !found.is_empty());
    let mut parsed = Parsed::new(text_to(text, first.unwrap_or(text.len())), Vec::new());
    for call in found {
        let arguments = read_arguments(slice(text, call.body));
        let (name, span) = (slice(text, call.name).into(), cut.original(call.span));
        let call = ToolCall::write(name, &arguments, span, Repairs::default());
        parsed.calls.push(call);
    }
    parsed
}

fn read_arguments(body: &str) -> Value {
    let mut arguments = DictBuilder::default();
    let mut rest = body;
    while let Some(start) = find_any(rest, 0, &is_regex_word) {
        rest = text_from(rest, start);
        let end = find_any(rest, 0, &|c| !is_regex_word(c)).unwrap_or(rest.len());
        let key = text_to(rest, end);
        rest = text_from(rest, end);
        let Some(behind) = rest.strip_prefix(':') else {
            continue;
        };
        // A quoted text stands on one line.
        let quoted = behind.strip_prefix(QUOTE).and_then(|text| {
            let end = find(text, QUOTE, 0)?;
            Some((text_to(text, end), text_from(text, end + QUOTE.len())))
        });
        let value = if let Some((text, behind)) = quoted.filter(|(text, _)| !contains(text, "\n")) {
            rest = behind;
            text.into()
        } else {
            let end = find_any(behind, 0, &|c| matches!(c, ',' | '}'));
            let end = end.unwrap_or(behind.len());
            rest = text_from(behind, end);
            read_bare(strip(text_to(behind, end)))
        };
        arguments.insert_text(key.into(), value);
    }
    arguments.build()
}

fn read_bare(text: &str) -> Value {
    let is = |word| text.eq_ignore_ascii_case(word);
    match text {
        _ if is("true") => Value::Bool(true),
        _ if is("false") => Value::Bool(false),
        _ if is("null") => Value::None,
        _ => parse_int(text)
            .map(Value::Int)
            .or_else(|| parse_float(text).map(Value::Float))
            .unwrap_or_else(|| Value::Str(text.into())),
    }
}

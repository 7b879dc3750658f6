//! The format of Gemma 4, as verl's `Gemma4ToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63):
//! `<|tool_call>call:NAME{key:<|"|>text<|"|>,key:value}<tool_call|>`. A bare value ends at the
//! first comma or brace.

use super::scan::{Cut, find, find_any, slice};
use super::{Options, Parsed, ToolCall};
use crate::python::float::parse_float;
use crate::python::integer::parse_int;
use crate::python::letters::is_regex_word;
use crate::python::search::contains;
use crate::python::text::strip;
use crate::python::value::{DictBuilder, Value};
use crate::span::Span;

pub(super) const OPEN: &str = "<|tool_call>";
pub(super) const CLOSE: &str = "<tool_call|>";
const CALL: &str = "<|tool_call>call:";
const END: &str = "}<tool_call|>";
const QUOTE: &str = "<|\"|>";
const PAD_TOKEN: &str = "<pad>";

pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let mut cut = Cut::new(text);
    cut.leave_out_all(options.pad_token.as_deref().unwrap_or(PAD_TOKEN));
    let mut calls = Vec::new();
    let mut from = 0;
    while let Some((start, name, body)) = find_call(&cut.text, from) {
        from = body.end + END.len();
        let arguments = read_arguments(slice(&cut.text, body));
        let span = cut.original(Span::new(start, from));
        calls.push(ToolCall::write(slice(&cut.text, name), arguments, span));
    }
    let first = find(&cut.text, OPEN, 0).filter(|_| !calls.is_empty());
    let content = cut.text.get(..first.unwrap_or(cut.text.len()));
    Parsed {
        content: content.unwrap_or_default().to_owned(),
        calls,
        raised: None,
    }
}

/// The start, the name and the body of the next call.
fn find_call(text: &str, from: usize) -> Option<(usize, Span, Span)> {
    let mut from = from;
    loop {
        let start = find(text, CALL, from)?;
        let name = start + CALL.len();
        let name_end = name + word_length(text.get(name..)?);
        from = name;
        if name_end > name && text.get(name_end..)?.starts_with('{') {
            let body = name_end + 1;
            let end = find(text, END, body)?;
            return Some((start, Span::new(name, name_end), Span::new(body, end)));
        }
    }
}

fn word_length(text: &str) -> usize {
    find_any(text, 0, |c| !is_regex_word(c)).unwrap_or(text.len())
}

fn read_arguments(body: &str) -> DictBuilder {
    let mut arguments = DictBuilder::default();
    let mut rest = body;
    while let Some(start) = find_any(rest, 0, is_regex_word) {
        rest = rest.get(start..).unwrap_or_default();
        let (key, behind) = rest.split_at(word_length(rest));
        rest = behind;
        let Some(behind) = behind.strip_prefix(':') else {
            continue;
        };
        let (value, behind) = split_quoted(behind).unwrap_or_else(|| {
            let end = find_any(behind, 0, |c| matches!(c, ',' | '}'));
            let end = end.unwrap_or(behind.len());
            let (bare, behind) = behind.split_at(end);
            (read_bare(strip(bare)), behind)
        });
        rest = behind;
        arguments.insert_text(key.into(), value);
    }
    arguments
}

/// A quoted text on one line, and what follows it.
fn split_quoted(text: &str) -> Option<(Value, &str)> {
    let text = text.strip_prefix(QUOTE)?;
    let end = find(text, QUOTE, 0)?;
    let (quoted, behind) = (text.get(..end)?, text.get(end + QUOTE.len()..)?);
    (!contains(quoted, "\n")).then(|| (Value::Str(quoted.into()), behind))
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

//! The harmony format of gpt-oss, as verl's `GptOssToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63): messages
//! `<|start|>assistant<|channel|>commentary to=functions.NAME <|constrain|>json<|message|>…<|call|>`
//! outside of the analysis channel. The arguments stay as the model wrote them.

use super::scan::{Cut, find, pairs, slice, without};
use super::{Options, Parsed, ToolCall, hermes};
use crate::python::json_write::{Escape, dumps};
use crate::python::search::find_last;
use crate::span::Span;

const START: &str = "<|start|>assistant<|channel|>";
pub(super) const CLOSE: &str = "<|call|>";
const ANALYSIS: &str = "<|start|>assistant<|channel|>analysis<|message|>";
/// The start may stand in the prompt.
const BARE_ANALYSIS: &str = "<|channel|>analysis<|message|>";
const END: &str = "<|end|>";
pub(super) const RECIPIENT: &str = " to=functions.";
const JSON: &str = "<|constrain|>json<|message|>";
const PAD_TOKEN: &str = "<|endoftext|>";

pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let mut cut = Cut::new(text);
    cut.leave_out_all(options.pad_token.as_deref().unwrap_or(PAD_TOKEN));
    for open in [ANALYSIS, BARE_ANALYSIS] {
        let spans: Vec<_> = pairs(&cut.text, open, END).map(|pair| pair.span).collect();
        cut.leave_out(&spans);
    }
    let found = find_calls(&cut.text);
    let call = |&(span, name, arguments): &(Span, Span, Span)| {
        let (name, arguments) = (slice(&cut.text, name), slice(&cut.text, arguments));
        read(name, arguments, cut.original(span), options)
    };
    Parsed {
        content: without(&cut.text, found.iter().map(|&(span, ..)| span)),
        calls: found.iter().map(call).collect(),
        raised: None,
    }
}

/// One call. Only the robust option looks at the arguments.
fn read(name: &str, arguments: &str, span: Span, options: &Options) -> ToolCall {
    let verbatim = ToolCall::call(name, arguments.into(), span);
    if !options.robust {
        return verbatim;
    }
    match hermes::read_json(arguments, options) {
        Ok((_, repairs)) if repairs.is_empty() => verbatim,
        Ok((value, repairs)) => match dumps(&value, Escape::Nothing) {
            Ok(arguments) => ToolCall::call(name, arguments, span).with_repairs(repairs),
            Err(error) => ToolCall::unreadable(error.to_string(), span),
        },
        Err(exception) => ToolCall::unreadable(exception.message, span),
    }
}

/// The spans of each call, of its name and of its arguments.
fn find_calls(text: &str) -> Vec<(Span, Span, Span)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = find(text, START, from) {
        from = start + START.len();
        let Some(tag) = find(text, "<", from) else {
            break;
        };
        let is_json = text.get(tag..).is_some_and(|rest| rest.starts_with(JSON));
        let Some(name) = find_name(text, Span::new(from, tag)).filter(|_| is_json) else {
            continue;
        };
        let body = tag + JSON.len();
        // Without an end, no later message has one either.
        let Some(end) = find(text, CLOSE, body) else {
            break;
        };
        from = end + CLOSE.len();
        found.push((Span::new(start, from), name, Span::new(body, end)));
    }
    found
}

/// The name in a header, which ends in one space: what stands behind the last recipient.
fn find_name(text: &str, header: Span) -> Option<Span> {
    let named = slice(text, header).strip_suffix(' ')?;
    // The name has at least one character.
    let last = named.chars().next_back()?;
    let before_last = named.get(..named.len() - last.len_utf8())?;
    let start = find_last(before_last, RECIPIENT)? + RECIPIENT.len();
    Some(Span::new(header.start + start, header.start + named.len()))
}

//! The format of DeepSeek-V4, as verl's `DeepSeekV4ToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63): `invoke` and `parameter`
//! tags, the latter saying of their values whether they are texts or JSON.

use super::scan::{Cut, find, pairs, slice};
use super::{Options, Parsed, ToolCall};
use crate::python::json::loads;
use crate::python::search::split_last;
use crate::python::value::{DictBuilder, Value};
use crate::span::Span;

pub(super) const OPEN: &str = "<｜DSML｜tool_calls>";
pub(super) const CLOSE: &str = "</｜DSML｜tool_calls>";
const INVOKE: &str = "<｜DSML｜invoke name=\"";
pub(super) const INVOKE_CLOSE: &str = "</｜DSML｜invoke>";
const PARAMETER: &str = "<｜DSML｜parameter name=\"";
const PARAMETER_CLOSE: &str = "</｜DSML｜parameter>";
const STRING: &str = "\" string=\"";
const PAD_TOKEN: &str = "<｜▁pad▁｜>";
const END_OF_SENTENCE: &str = "<｜end▁of▁sentence｜>";
const THINK_CLOSE: &str = "</think>";

pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let mut cut = Cut::new(text);
    cut.leave_out_all(options.pad_token.as_deref().unwrap_or(PAD_TOKEN));
    cut.leave_out_all(END_OF_SENTENCE);
    let Some(first) = find(&cut.text, OPEN, 0) else {
        return Parsed::text(strip_thinking(&cut.text));
    };
    let mut calls = Vec::new();
    for pair in pairs(&cut.text, OPEN, CLOSE) {
        let block = slice(&cut.text, pair.body);
        let mut from = 0;
        while let Some((start, name, body)) = find_invoke(block, from) {
            from = body.end + INVOKE_CLOSE.len();
            let arguments = read_arguments(slice(block, body));
            let at = pair.body.start;
            let span = cut.original(Span::new(at + start, at + from));
            calls.push(ToolCall::write(slice(block, name), arguments, span));
        }
    }
    let content = strip_thinking(cut.text.get(..first).unwrap_or_default());
    let content = content.strip_suffix("\n\n").unwrap_or(content).to_owned();
    let raised = None;
    Parsed {
        content,
        calls,
        raised,
    }
}

/// The start, the name and the body of the next call.
fn find_invoke(block: &str, from: usize) -> Option<(usize, Span, Span)> {
    let start = find(block, INVOKE, from)?;
    let name = start + INVOKE.len();
    let name_end = find(block, "\">", name)?;
    let body = name_end + 2;
    let end = find(block, INVOKE_CLOSE, body)?;
    Some((start, Span::new(name, name_end), Span::new(body, end)))
}

fn read_arguments(body: &str) -> DictBuilder {
    let mut arguments = DictBuilder::default();
    let mut from = 0;
    while let Some((name, is_text, value)) = find_parameter(body, from) {
        from = value.end + PARAMETER_CLOSE.len();
        let text = slice(body, value);
        let json = if is_text { None } else { loads(text).ok() };
        let value = json.unwrap_or_else(|| Value::Str(text.into()));
        arguments.insert_text(slice(body, name).into(), value);
    }
    arguments
}

/// The name of the next parameter, whether it is a text, and its value. A name goes on to the
/// first `string` attribute that is true or false.
fn find_parameter(body: &str, from: usize) -> Option<(Span, bool, Span)> {
    let name = find(body, PARAMETER, from)? + PARAMETER.len();
    let mut name_end = find(body, STRING, name)?;
    loop {
        let behind = name_end + STRING.len();
        let rest = body.get(behind..)?;
        for (is_text, word) in [(true, "true\">"), (false, "false\">")] {
            if rest.starts_with(word) {
                let value = behind + word.len();
                let end = find(body, PARAMETER_CLOSE, value)?;
                return Some((Span::new(name, name_end), is_text, Span::new(value, end)));
            }
        }
        // The quote at the end of one occurrence may start the next.
        name_end = find(body, STRING, name_end + 1)?;
    }
}

/// What follows the last end of thinking.
fn strip_thinking(text: &str) -> &str {
    split_last(text, THINK_CLOSE).map_or(text, |(_, rest)| rest)
}

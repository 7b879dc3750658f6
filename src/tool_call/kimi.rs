//! The format of Kimi K2, as verl's `KimiToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63). Arguments that are no
//! JSON object become an empty one; a name that no tool has is matched with the tools.

use super::scan::{find, slice};
use super::{Options, Parsed, Tool, ToolCall, hermes};
use crate::python::json_write::{Escape, dumps};
use crate::python::repair::Repairs;
use crate::python::search::{contains, replace};
use crate::python::text::strip;
use crate::python::value::Value;
use crate::span::Span;

const SECTION: &str = "<|tool_calls_section_begin|>";
pub(super) const CALL: &str = "<|tool_call_begin|>";
const ARGUMENTS: &str = "<|tool_call_argument_begin|>";
pub(super) const END: &str = "<|tool_call_end|>";

pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let Some(section) = find(text, SECTION, 0) else {
        return Parsed::text(text);
    };
    let mut calls = Vec::new();
    let mut from = 0;
    while let Some((name, arguments)) = find_call(text, from) {
        from = arguments.end + END.len();
        let span = Span::new(name.start - CALL.len(), from);
        let raw_name = strip(slice(text, name));
        calls.push(read(raw_name, slice(text, arguments), span, options));
    }
    Parsed {
        content: text.get(..section).unwrap_or_default().to_owned(),
        calls,
        raised: None,
    }
}

fn find_call(text: &str, from: usize) -> Option<(Span, Span)> {
    let name = find(text, CALL, from)? + CALL.len();
    let name_end = find(text, ARGUMENTS, name)?;
    let arguments = name_end + ARGUMENTS.len();
    let end = find(text, END, arguments)?;
    Some((Span::new(name, name_end), Span::new(arguments, end)))
}

fn read(raw_name: &str, arguments: &str, span: Span, options: &Options) -> ToolCall {
    let read = hermes::read_json(strip(arguments), options);
    let (value, repairs) = match read {
        Ok((value @ Value::Dict(_), repairs)) => (value, repairs),
        Ok(_) if options.robust => return ToolCall::unreadable("expected a JSON object", span),
        Err(error) if options.robust => return ToolCall::unreadable(error.message, span),
        _ => (Value::Dict(Vec::new()), Repairs::default()),
    };
    let name = infer_name(raw_name, &value, &options.tools);
    match dumps(&value, Escape::Nothing) {
        Ok(arguments) => ToolCall::Call {
            name: Value::Str(name.into()),
            arguments,
            id: Some(raw_name.to_owned()),
            span,
            repairs,
        },
        Err(error) => ToolCall::unreadable(error.to_string(), span),
    }
}

/// The tool that a name means: itself, else the only one whose name stands in it, else the only
/// one whose required parameters are given.
fn infer_name<'a>(raw_name: &'a str, arguments: &Value, tools: &'a [Tool]) -> &'a str {
    if tools.iter().any(|tool| tool.name == raw_name) {
        return raw_name;
    }
    // The names of tools are ASCII wherever tools are called, and of other letters only these two
    // become ASCII in lower case.
    let lower = replace(&raw_name.to_ascii_lowercase(), "\u{212a}", "k");
    let compact = replace(&replace(&lower, "\u{130}", "i\u{307}"), "-", "_");
    let is_named = |tool: &&Tool| contains(&compact, &tool.name.to_ascii_lowercase());
    let is_given = |tool: &&Tool| {
        let mut required = tool.required.iter();
        !tool.required.is_empty() && required.all(|name| arguments.get(name).is_some())
    };
    let only = |matches: &dyn Fn(&&'a Tool) -> bool| {
        let mut found = tools.iter().filter(|tool| matches(tool));
        found.next().filter(|_| found.next().is_none())
    };
    only(&is_named)
        .or_else(|| only(&is_given))
        .map_or(raw_name, |tool| &tool.name)
}

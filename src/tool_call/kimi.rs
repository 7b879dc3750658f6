//! The format of Kimi K2, as verl's `KimiToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63). Arguments that are no
//! JSON object become an empty one; a name that no tool has is matched with the tools.

use super::scan::{Mark, Name, elements, find, slice};
use super::{Options, Parsed, Tool, ToolCall, hermes};
use crate::python::repair::Repairs;
use crate::python::search::{contains, replace};
use crate::python::text::{strip, text_to};
use crate::python::value::Value;
use crate::span::Span;

pub(super) const CALL: &str = "<|tool_call_begin|>";
pub(super) const END: &str = "<|tool_call_end|>";

pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let Some(section) = find(text, "<|tool_calls_section_begin|>", 0) else {
        return Parsed::new(text, Vec::new());
    };
    let mark = Mark {
        open: CALL,
        name: |text, at| Name::up_to(text, at, "<|tool_call_argument_begin|>"),
        close: END,
    };
    let mut parsed = Parsed::new(text_to(text, section), Vec::new());
    for call in elements(text, Span::new(0, text.len()), &mark) {
        let name = strip(slice(text, call.name));
        let arguments = strip(slice(text, call.body));
        parsed.calls.push(read(name, arguments, call.span, options));
    }
    parsed
}

fn read(raw_name: &str, arguments: &str, span: Span, options: &Options) -> ToolCall {
    let (value, repairs) = match hermes::read_json(arguments, options) {
        Ok((value @ Value::Dict(_), repairs)) => (value, repairs),
        Ok(_) if options.robust => {
            return ToolCall::unreadable("expected a JSON object".into(), span);
        }
        Err(error) if options.robust => return ToolCall::unreadable(error.message, span),
        _ => (Value::Dict(Vec::new()), Repairs::default()),
    };
    let name = infer_name(raw_name, &value, &options.tools);
    let mut call = ToolCall::write(name.into(), &value, span, repairs);
    if let ToolCall::Call { id, .. } = &mut call {
        *id = Some(raw_name.to_owned());
    }
    call
}

/// The tool that a name means: itself, else the only one whose name stands in it, else the only
/// one whose required parameters are given.
fn infer_name<'a>(raw_name: &'a str, arguments: &Value, tools: &'a [Tool]) -> &'a str {
    if tools.iter().any(|tool| tool.name == raw_name) {
        return raw_name;
    }
    // The names of tools are ASCII wherever tools are called.
    let compact = replace(&raw_name.to_ascii_lowercase(), "-", "_");
    let only = |matches: &dyn Fn(&Tool) -> bool| {
        let mut found = tools.iter().filter(|tool| matches(tool));
        found.next().filter(|_| found.next().is_none())
    };
    only(&|tool| contains(&compact, &tool.name.to_ascii_lowercase()))
        .or_else(|| {
            only(&|tool| {
                let mut required = tool.required.iter();
                !tool.required.is_empty() && required.all(|name| arguments.get(name).is_some())
            })
        })
        .map_or(raw_name, |tool| &tool.name)
}

//! The format of Kimi K2, as verl's `KimiToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63). Arguments that are no
//! JSON object become an empty one; a name that no tool has is matched with the tools.

use super::reader::{Read, Reader, fail};
use super::scan::{Element, Mark, Name};
use super::{Exception, Tool};
use crate::python::search::{contains, replace};
use crate::python::value::Value;

pub(super) const SECTION: &str = "<|tool_calls_section_begin|>";
pub(super) const OPEN: &str = "<|tool_call_begin|>";
pub(super) const CLOSE: &str = "<|tool_call_end|>";
pub(super) const CALL: Mark<'_> = Mark::named(
    OPEN,
    |text, at| Name::up_to(text, at, "<|tool_call_argument_begin|>"),
    CLOSE,
);

pub(super) fn read(reader: &mut Reader<'_>, call: Element) -> Read {
    let arguments = match reader.read_json(reader.part(call.body)) {
        Ok(arguments @ Value::Dict(_)) => arguments,
        _ if !reader.options.robust => Value::Dict(Vec::new()),
        json => return Err(json.err().unwrap_or_else(expect_object)),
    };
    let name = infer_name(reader.name, &arguments, &reader.options.tools);
    reader.add(name.into(), arguments);
    Ok(())
}

/// What is wrong with JSON that is no object.
#[expect(
    clippy::unnecessary_box_returns,
    reason = "all results hold it in a box"
)]
pub(super) fn expect_object() -> Box<Exception> {
    fail("TypeError", "expected a JSON object", &[])
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
    for by_name in [true, false] {
        let mut meant = tools.iter().filter(|tool| {
            if by_name {
                return contains(&compact, &tool.name.to_ascii_lowercase());
            }
            let mut required = tool.required.iter();
            !tool.required.is_empty() && required.all(|name| arguments.get(name).is_some())
        });
        if let (Some(tool), None) = (meant.next(), meant.next()) {
            return &tool.name;
        }
    }
    raw_name
}

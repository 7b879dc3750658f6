//! The hermes format: a JSON object `{"name": …, "arguments": …}` between `<tool_call>` and
//! `</tool_call>`, as verl's `HermesToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commits b178a3cd56f5 to 1dda039b9c63), and
//! rStar's `RStar2AgentHermesToolParser`, which answers what cannot be read
//! (`rstar2_agent/tools/tool_parser.py`, commit ecbfb943e202).

use super::reader::Reader;
use super::scan::{Element, Mark};
use super::{Exception, robust};
use crate::python::repr::{repr, repr_str};
use crate::python::string::PythonString;
use crate::python::text::{text_from, text_to};
use crate::python::value::Value;

pub(super) const OPEN: &str = "<tool_call>";
pub(super) const CLOSE: &str = "</tool_call>";
pub(super) const CALL: Mark<'_> = Mark::pair(OPEN, CLOSE);

/// The object of a call. rllm takes any JSON for a name.
pub(super) fn read(reader: &mut Reader<'_>, call: Element) -> Result<(), Exception> {
    let mut value = reader.read_json(reader.part(call.body))?;
    check_index(&value, "name")?;
    check_index(&value, "arguments")?;
    let (name, mut arguments) = (value.take("name"), value.take("arguments"));
    if !reader.format.raises {
        if !matches!(name, Value::Str(_)) {
            return Err(Exception {
                type_name: "ValidationError",
                message: describe_name(&name),
            });
        }
        if reader.options.robust
            && let Some(decoded) = robust::decode_arguments(&arguments, &mut reader.repairs)
        {
            arguments = decoded;
        }
    }
    reader.add(name, arguments);
    Ok(())
}

/// What Python's `value[key]` raises.
fn check_index(value: &Value, key: &str) -> Result<(), Exception> {
    let (type_name, message) = match value {
        _ if value.get(key).is_some() => return Ok(()),
        Value::Dict(_) => ("KeyError", repr_str(key)),
        Value::List(_) => (
            "TypeError",
            "list indices must be integers or slices, not str".to_owned(),
        ),
        Value::Str(_) => (
            "TypeError",
            "string indices must be integers, not 'str'".to_owned(),
        ),
        _ => (
            "TypeError",
            ["'", value.type_name(), "' object is not subscriptable"].concat(),
        ),
    };
    Err(Exception {
        type_name,
        message: message.into(),
    })
}

/// What pydantic 2.13 says to a name that is no text.
fn describe_name(name: &Value) -> PythonString {
    let text = repr(name).to_string_lossy();
    // More than 50 bytes: 25 from the front and 24 from the back, at most.
    let (mut head, mut tail) = (text.len(), text.len());
    if text.len() > 50 {
        (head, tail) = (25, text.len() - 24);
        while !text.is_char_boundary(head) {
            head -= 1;
        }
        while !text.is_char_boundary(tail) {
            tail += 1;
        }
    }
    let dots = if head < tail { "..." } else { "" };
    let parts = [
        "1 validation error for FunctionCall\nname\n  Input should be a valid string \
         [type=string_type, input_value=",
        text_to(&text, head),
        dots,
        text_from(&text, tail),
        ", input_type=",
        name.type_name(),
        "]\n    For further information visit https://errors.pydantic.dev/2.13/v/string_type",
    ];
    parts.concat().into()
}

//! The hermes format: a JSON object `{"name": …, "arguments": …}` between `<tool_call>` and
//! `</tool_call>`, as verl's `HermesToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commits b178a3cd56f5 to 1dda039b9c63), and
//! rStar's `RStar2AgentHermesToolParser`, which answers what cannot be read
//! (`rstar2_agent/tools/tool_parser.py`, commit ecbfb943e202).

use super::reader::{Read, Reader, fail};
use super::scan::{Element, Mark};
use super::{Exception, robust};
use crate::python::repr::repr;
use crate::python::text::{text_from, text_to};
use crate::python::value::Value;

pub(super) const OPEN: &str = "<tool_call>";
pub(super) const CLOSE: &str = "</tool_call>";
pub(super) const CALL: Mark<'_> = Mark::pair(OPEN, CLOSE);

/// The object of a call. rllm takes any JSON for a name.
pub(super) fn read(reader: &mut Reader<'_>, call: Element) -> Read {
    let mut value = reader.read_json(reader.part(call.body))?;
    check_index(&value, "name")?;
    check_index(&value, "arguments")?;
    let (name, mut arguments) = (value.take("name"), value.take("arguments"));
    if !reader.format.raises {
        if !matches!(name, Value::Str(_)) {
            return Err(refuse_name(&name));
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
fn check_index(value: &Value, key: &str) -> Read {
    let template = match value {
        _ if value.get(key).is_some() => return Ok(()),
        Value::Dict(_) => return Err(fail("KeyError", "'{}'", &[key])),
        Value::List(_) => "list indices must be integers or slices, not str",
        Value::Str(_) => "string indices must be integers, not 'str'",
        _ => "'{}' object is not subscriptable",
    };
    Err(fail("TypeError", template, &[value.type_name()]))
}

/// What pydantic 2.13 says to a name that is no text.
fn refuse_name(name: &Value) -> Box<Exception> {
    let text = repr(name).to_string_lossy();
    // More than 50 bytes: 25 from the front and 24 from the back, at most.
    let shown = if text.len() > 50 {
        let whole = |at: &usize| text.is_char_boundary(*at);
        let head = (0..=25).rev().find(whole);
        let tail = (text.len() - 24..).find(whole);
        [
            text_to(&text, head.unwrap_or_default()),
            "...",
            text_from(&text, tail.unwrap_or_default()),
        ]
        .concat()
    } else {
        text
    };
    fail(
        "ValidationError",
        "1 validation error for FunctionCall\nname\n  Input should be a valid string \
         [type=string_type, input_value={}, input_type={}]\n    For further information visit \
         https://errors.pydantic.dev/2.13/v/string_type",
        &[&shown, name.type_name()],
    )
}

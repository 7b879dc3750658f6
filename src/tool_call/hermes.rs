//! The hermes format: a JSON object `{"name": …, "arguments": …}` between `<tool_call>` and
//! `</tool_call>`, as verl's `HermesToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commits b178a3cd56f5 to 1dda039b9c63), and
//! rStar's `RStar2AgentHermesToolParser`, which answers what cannot be read
//! (`rstar2_agent/tools/tool_parser.py`, commit ecbfb943e202).

use super::reader::{Read, Reader, fail};
use super::robust;
use super::scan::{Element, Mark};
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
            let parts = [&*describe_name(&name), name.type_name()];
            return Err(fail("ValidationError", BAD_NAME, &parts));
        }
        if reader.options.robust {
            robust::decode_arguments(reader, &mut arguments);
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
const BAD_NAME: &str = "1 validation error for FunctionCall\nname\n  Input should be a valid string \
                        [type=string_type, input_value={}, input_type={}]\n    For further information \
                        visit https://errors.pydantic.dev/2.13/v/string_type";

/// What pydantic shows of a value: of more than 50 bytes 25 from the front and 24 from the back, at most.
fn describe_name(name: &Value) -> String {
    let text = repr(name).to_string_lossy();
    if text.len() <= 50 {
        return text;
    }
    let whole = |mut at: usize, step: isize| {
        while !text.is_char_boundary(at) {
            at = at.saturating_add_signed(step);
        }
        at
    };
    let (head, tail) = (whole(25, -1), whole(text.len() - 24, 1));
    [text_to(&text, head), "...", text_from(&text, tail)].concat()
}

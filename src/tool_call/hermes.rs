//! The hermes format: a JSON object `{"name": …, "arguments": …}` between `<tool_call>` and
//! `</tool_call>`, as verl's `HermesToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commits b178a3cd56f5 to 1dda039b9c63), and
//! rStar's `RStar2AgentHermesToolParser`, which answers what cannot be read
//! (`rstar2_agent/tools/tool_parser.py`, commit ecbfb943e202).

use super::scan::{pairs, slice, spans, without};
use super::{Exception, Options, Parsed, ToolCall, robust};
use crate::python::json::{JsonError, loads};
use crate::python::repair::Repairs;
use crate::python::repr::{repr, repr_str};
use crate::python::string::PythonString;
use crate::python::text::{text_from, text_to};
use crate::python::value::Value;
use crate::span::Span;

pub(super) const OPEN: &str = "<tool_call>";
pub(super) const CLOSE: &str = "</tool_call>";

/// Every closed pair of tags is a call; the content is the text without them.
pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let pairs = pairs(text, OPEN, CLOSE);
    let mut parsed = Parsed::new(&without(text, &spans(&pairs)), Vec::new());
    for pair in pairs {
        let call = read(slice(text, pair.body), pair.span, options);
        let call = call.unwrap_or_else(|error| ToolCall::unreadable(error.message, pair.span));
        parsed.calls.push(call);
    }
    parsed
}

/// [`parse`], with rStar's reply to what cannot be read.
pub(super) fn parse_with_replies(text: &str, options: &Options) -> Parsed {
    let mut parsed = parse(text, options);
    for call in &mut parsed.calls {
        if let ToolCall::Unreadable { reason, reply, .. } = call {
            let mut text = PythonString::from("Failed to decode tool call: ");
            text.push_bytes(reason.as_bytes());
            *reply = Some(text);
        }
    }
    parsed
}

fn read(body: &str, span: Span, options: &Options) -> Result<ToolCall, Exception> {
    let (value, mut repairs) = read_json(body, options)?;
    let name = index(&value, "name")?;
    let arguments = index(&value, "arguments")?;
    if !matches!(name, Value::Str(_)) {
        return Err(Exception {
            type_name: "ValidationError",
            message: describe_name(name),
        });
    }
    let decoded = options
        .robust
        .then(|| robust::decode_arguments(arguments))
        .flatten();
    if let Some((_, more)) = decoded {
        repairs.join(more);
    }
    let arguments = decoded.as_ref().map_or(arguments, |(decoded, _)| decoded);
    Ok(ToolCall::write(name.clone(), arguments, span, repairs))
}

/// A JSON text, repaired where the options say so.
pub(super) fn read_json(body: &str, options: &Options) -> Result<(Value, Repairs), Exception> {
    match loads(body) {
        Ok(value) => Ok((value, Repairs::default())),
        Err(error) => {
            let repaired = options.robust.then(|| robust::read_json(body)).flatten();
            repaired.ok_or_else(|| error.into())
        }
    }
}

/// Python's `value[key]`.
pub(super) fn index<'a>(value: &'a Value, key: &str) -> Result<&'a Value, Exception> {
    if let Some(member) = value.get(key) {
        return Ok(member);
    }
    let (type_name, message) = match value {
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

impl From<JsonError> for Exception {
    fn from(error: JsonError) -> Self {
        Self {
            type_name: error.type_name(),
            message: error.message().into(),
        }
    }
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

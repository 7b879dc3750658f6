//! The hermes format: a JSON object `{"name": …, "arguments": …}` between `<tool_call>` and
//! `</tool_call>`, as verl's `HermesToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commits b178a3cd56f5 to 1dda039b9c63), and
//! rStar's `RStar2AgentHermesToolParser`, which answers what cannot be read
//! (`rstar2_agent/tools/tool_parser.py`, commit ecbfb943e202).

use super::scan::{pairs, slice, without};
use super::{Exception, Options, Parsed, ToolCall, robust};
use crate::python::json::{JsonError, loads};
use crate::python::json_write::{Escape, dumps};
use crate::python::repair::Repairs;
use crate::python::repr::{repr, repr_str};
use crate::python::string::PythonString;
use crate::python::value::Value;

pub(super) const OPEN: &str = "<tool_call>";
pub(super) const CLOSE: &str = "</tool_call>";

/// Every closed pair of tags is a call; the content is the text without them.
pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let pairs: Vec<_> = pairs(text, OPEN, CLOSE).collect();
    let call = |pair: &super::scan::Pair| {
        read(slice(text, pair.body), options).map_or_else(
            |exception| ToolCall::unreadable(exception.message, pair.span),
            |(name, arguments, repairs)| ToolCall::Call {
                name,
                arguments,
                id: None,
                span: pair.span,
                repairs,
            },
        )
    };
    Parsed {
        content: without(text, pairs.iter().map(|pair| pair.span)),
        calls: pairs.iter().map(call).collect(),
        raised: None,
    }
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

fn read(body: &str, options: &Options) -> Result<(Value, PythonString, Repairs), Exception> {
    let (value, mut repairs) = read_json(body, options)?;
    let name = index(&value, "name")?;
    let arguments = index(&value, "arguments")?;
    let decoded = options.robust.then(|| robust::decode_arguments(arguments));
    let arguments = match decoded.flatten() {
        Some((decoded, more)) => {
            repairs.join(more);
            write(&decoded)?
        }
        None => write(arguments)?,
    };
    match name {
        Value::Str(_) => Ok((name.clone(), arguments, repairs)),
        _ => Err(Exception {
            type_name: "ValidationError",
            message: describe_name(name),
        }),
    }
}

/// A JSON text, repaired where the options say so.
pub(super) fn read_json(body: &str, options: &Options) -> Result<(Value, Repairs), Exception> {
    loads(body)
        .map(|value| (value, Repairs::default()))
        .or_else(|error| {
            let repaired = options.robust.then(|| robust::read_json(body)).flatten();
            repaired.ok_or_else(|| error.into())
        })
}

fn write(value: &Value) -> Result<PythonString, Exception> {
    dumps(value, Escape::Nothing).map_err(|error| Exception {
        type_name: "TypeError",
        message: error.to_string().into(),
    })
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
            format!("'{}' object is not subscriptable", value.type_name()),
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
            message: error.to_string().into(),
        }
    }
}

/// What pydantic 2.13 says to a name that is no text.
fn describe_name(name: &Value) -> PythonString {
    let text = repr(name).to_string_lossy();
    // More than 50 bytes: 25 from the front and 24 from the back, at most.
    let is_end = |at: &usize| text.is_char_boundary(*at);
    let head = (0..=25).rev().find(is_end).unwrap_or_default();
    let tail = (text.len().saturating_sub(24)..text.len()).find(is_end);
    let shown = match (text.get(..head), tail.and_then(|tail| text.get(tail..))) {
        (Some(head), Some(tail)) if text.len() > 50 => format!("{head}...{tail}"),
        _ => text,
    };
    let kind = name.type_name();
    PythonString::from(format!(
        "1 validation error for FunctionCall\nname\n  Input should be a valid string \
         [type=string_type, input_value={shown}, input_type={kind}]\n    For further information \
         visit https://errors.pydantic.dev/2.13/v/string_type"
    ))
}

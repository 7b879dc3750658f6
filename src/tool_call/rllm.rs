//! rllm's parsers for Qwen and for DeepSeek-R1 (`rllm/parser/tool_parser.py`, commit
//! 9beb6e0f676a). JSON that cannot be read is passed over; JSON of another shape raises.

use super::hermes::{CLOSE, OPEN, index, read_json};
use super::scan::{find, slice};
use super::{Exception, Options, Parsed, ToolCall};
use crate::python::json_write::{Escape, dumps};
use crate::python::search::{first_of, split_once};
use crate::python::text::strip;
use crate::span::Span;

pub(super) const R1_OPEN: &str = "<｜tool▁call▁begin｜>";
pub(super) const R1_CLOSE: &str = "<｜tool▁call▁end｜>";
const R1_FUNCTION: &str = "function<｜tool▁sep｜>";
const R1_JSON: &str = "```json";
const R1_FENCE: &str = "```";

/// A call goes from the first opening tag to the first closing tag of what is left, even where
/// the closing one comes first.
pub(super) fn parse_qwen(text: &str, options: &Options) -> Parsed {
    let mut parsed = Parsed::text(text);
    let mut from = 0;
    let mut open = find(text, OPEN, 0);
    while let Some(start) = open {
        let Some(end) = find(text, CLOSE, from) else {
            break;
        };
        from = end + CLOSE.len();
        if end < start {
            // An empty text is not JSON.
            continue;
        }
        let span = Span::new(start, from);
        let body = Span::new(start + OPEN.len(), end);
        open = find(text, OPEN, from);
        match read_qwen(strip(slice(text, body)), span, options) {
            Ok(call) => parsed.calls.push(call),
            Err(exception) => {
                let reason = exception.message.clone();
                parsed.calls.push(ToolCall::unreadable(reason, span));
                if exception.type_name != "JSONDecodeError" {
                    parsed.raised = Some(exception);
                    break;
                }
            }
        }
    }
    parsed
}

fn read_qwen(body: &str, span: Span, options: &Options) -> Result<ToolCall, Exception> {
    let (value, repairs) = read_json(body, options)?;
    let name = index(&value, "name")?.clone();
    let arguments = write(index(&value, "arguments")?);
    Ok(ToolCall::Call {
        name,
        arguments,
        id: None,
        span,
        repairs,
    })
}

/// The arguments as JSON; what JSON gave can be written as JSON.
fn write(value: &crate::python::value::Value) -> crate::python::string::PythonString {
    dumps(value, Escape::Nothing).unwrap_or_default()
}

pub(super) fn parse_r1(text: &str, options: &Options) -> Parsed {
    let mut parsed = Parsed::text(text);
    for pair in super::scan::pairs(text, R1_OPEN, R1_CLOSE) {
        let Some((name, json)) = split_r1(strip(slice(text, pair.body))) else {
            let reason = "expected a name and a block of JSON";
            parsed.calls.push(ToolCall::unreadable(reason, pair.span));
            continue;
        };
        match read_json(json, options) {
            Ok((value, repairs)) => {
                let call = ToolCall::call(name, write(&value), pair.span);
                parsed.calls.push(call.with_repairs(repairs));
            }
            Err(exception) => {
                let reason = exception.message.clone();
                parsed.calls.push(ToolCall::unreadable(reason, pair.span));
                if exception.type_name != "JSONDecodeError" {
                    parsed.raised = Some(exception);
                    break;
                }
            }
        }
    }
    parsed
}

/// The name and the JSON of a call. The JSON ends at the first fence, wherever it stands.
fn split_r1(body: &str) -> Option<(&str, &str)> {
    let (_, named) = split_once(body, R1_FUNCTION)?;
    let name = first_of(named, "\n");
    // A tag that ends its line goes before one that does not.
    let with_line = find(body, "```json\n", 0).map(|at| at + R1_JSON.len() + 1);
    let start = match with_line {
        Some(start) => start,
        None => find(body, R1_JSON, 0)? + R1_JSON.len(),
    };
    let end = find(body, R1_FENCE, start)?;
    Some((strip(name), strip(body.get(start..end)?)))
}

//! The XML-like format of Qwen3-Coder, as verl's `Qwen3XMLToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63): `<function=NAME>` and
//! `<parameter=NAME>` inside of `<tool_call>`, each of which may lack its end. Values are read by
//! the schemas of the tools; where one cannot be written as JSON, the turn loses all its calls.

use super::scan::{find, slice};
use super::{Options, Parsed, ToolCall, hermes};
use crate::python::float::{parse_float, whole_digits};
use crate::python::integer::parse_int;
use crate::python::json::loads;
use crate::python::json_write::{Escape, dumps};
use crate::python::literal::literal_eval;
use crate::python::search::split_once;
use crate::python::value::{DictBuilder, Value};
use crate::span::Span;

pub(super) const FUNCTION_CLOSE: &str = "</function>";
const FUNCTION: &str = "<function=";
const PARAMETER: &str = "<parameter=";
const PARAMETER_CLOSE: &str = "</parameter>";

pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let Some(first) = find(text, hermes::OPEN, 0) else {
        return Parsed::text(text);
    };
    let mut functions = Vec::new();
    let whole = Span::new(0, text.len());
    for body in bodies(
        text,
        whole,
        hermes::OPEN,
        hermes::CLOSE,
        End::BeforeLastNewline,
    ) {
        functions.extend(bodies(text, body, FUNCTION, FUNCTION_CLOSE, End::Last));
    }
    if functions.is_empty() {
        return Parsed::text(text);
    }
    let mut calls = Vec::new();
    let mut failure = None;
    for function in functions {
        match read(text, function, options) {
            Some(Ok(call)) => calls.push(call),
            Some(Err((reason, call))) => {
                failure.get_or_insert(reason);
                calls.push(call);
            }
            None => {}
        }
    }
    let Some(reason) = failure else {
        let content = text.get(..first).unwrap_or_default().to_owned();
        let raised = None;
        return Parsed {
            content,
            calls,
            raised,
        };
    };
    for call in &mut calls {
        if matches!(call, ToolCall::Call { .. }) {
            let lost = format!("lost with another call of its turn: {reason}");
            *call = ToolCall::unreadable(lost, call.span());
        }
    }
    let content = text.to_owned();
    let raised = None;
    Parsed {
        content,
        calls,
        raised,
    }
}

/// Where a body ends whose closing tag is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// At the end.
    Last,
    /// At the end, or in front of a line ending that is the last character.
    BeforeLastNewline,
}

/// What stands behind each opening tag, up to its closing tag or the end.
fn bodies(text: &str, within: Span, open: &str, close: &str, end: End) -> Vec<Span> {
    let inside = slice(text, within);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = find(inside, open, from) {
        let start = start + open.len();
        let stop = find(inside, close, start);
        let last = stop.unwrap_or_else(|| match inside.strip_suffix('\n') {
            Some(shorter) if end == End::BeforeLastNewline => shorter.len().max(start),
            _ => inside.len(),
        });
        found.push(Span::new(within.start + start, within.start + last));
        let Some(stop) = stop else {
            break;
        };
        from = stop + close.len();
    }
    found
}

/// One call; `None` when its name does not end. The error is a value that JSON cannot hold.
fn read(
    text: &str,
    function: Span,
    options: &Options,
) -> Option<Result<ToolCall, (String, ToolCall)>> {
    let name_end = find(slice(text, function), ">", 0)? + function.start;
    let name = slice(text, Span::new(function.start, name_end));
    let tool = options.tools.iter().find(|tool| tool.name == name);
    let mut arguments = DictBuilder::default();
    let within = Span::new(name_end + 1, function.end);
    for body in bodies(
        text,
        within,
        PARAMETER,
        PARAMETER_CLOSE,
        End::BeforeLastNewline,
    ) {
        let Some((key, value)) = split_once(slice(text, body), ">") else {
            continue;
        };
        let value = value.strip_prefix('\n').unwrap_or(value);
        let value = value.strip_suffix('\n').unwrap_or(value);
        let kind = tool.and_then(|tool| tool.type_of(key));
        arguments.insert_text(key.into(), convert(value, kind.as_deref()));
    }
    let rest = text.get(function.end..).unwrap_or_default();
    let closed = rest.starts_with(FUNCTION_CLOSE);
    let end = function.end + if closed { FUNCTION_CLOSE.len() } else { 0 };
    let span = Span::new(function.start - FUNCTION.len(), end);
    Some(match dumps(&arguments.build(), Escape::Nothing) {
        Ok(arguments) => Ok(ToolCall::call(name, arguments, span)),
        Err(error) => {
            let reason = error.to_string();
            let call = ToolCall::unreadable(reason.clone(), span);
            Err((reason, call))
        }
    })
}

/// A value by the type that its schema gives; what cannot be read so stays a text.
fn convert(value: &str, kind: Option<&str>) -> Value {
    let text = || Value::Str(value.into());
    if value.eq_ignore_ascii_case("null") {
        return Value::None;
    }
    let Some(kind) = kind else {
        return text();
    };
    let starts_with = |prefixes: &[&str]| prefixes.iter().any(|prefix| kind.starts_with(prefix));
    match kind {
        "string" | "str" | "text" | "varchar" | "char" | "enum" => text(),
        _ if starts_with(&["int", "uint", "long", "short", "unsigned"]) => {
            parse_int(value).map_or_else(text, Value::Int)
        }
        _ if starts_with(&["num", "float"]) => match parse_float(value) {
            Some(number) if number.is_finite() => {
                whole_digits(number).map_or(Value::Float(number), Value::Int)
            }
            _ => text(),
        },
        "boolean" | "bool" | "binary" => Value::Bool(value.eq_ignore_ascii_case("true")),
        _ => {
            let json = if kind == "object" || kind.starts_with("dict") {
                loads(value).ok()
            } else {
                None
            };
            json.or_else(|| literal_eval(value)).unwrap_or_else(text)
        }
    }
}

//! The XML-like format of Qwen3-Coder, as verl's `Qwen3XMLToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63): `<function=NAME>` and
//! `<parameter=NAME>` inside of `<tool_call>`, each of which may lack its end. Values are read by
//! the schemas of the tools; where one cannot be written as JSON, the turn loses all its calls.

use super::scan::{find, slice};
use super::{Options, Parsed, ToolCall, hermes};
use crate::python::float::{parse_float, whole_digits};
use crate::python::integer::parse_int;
use crate::python::json::loads;
use crate::python::literal::literal_eval;
use crate::python::repair::Repairs;
use crate::python::search::split_once;
use crate::python::string::PythonString;
use crate::python::text::text_from;
use crate::python::value::{DictBuilder, Value};
use crate::span::Span;

pub(super) const FUNCTION_CLOSE: &str = "</function>";
const FUNCTION: &str = "<function=";

pub(super) fn parse(text: &str, options: &Options) -> Parsed {
    let whole = Span::new(0, text.len());
    let mut parsed = Parsed::new(text, Vec::new());
    let mut has_functions = false;
    let mut failure = None;
    for block in bodies(text, whole, hermes::OPEN, hermes::CLOSE, "\n") {
        for function in bodies(text, block, FUNCTION, FUNCTION_CLOSE, "") {
            has_functions = true;
            let Some(call) = read(text, function, options) else {
                continue;
            };
            if let ToolCall::Unreadable { reason, .. } = &call {
                failure.get_or_insert_with(|| reason.clone());
            }
            parsed.calls.push(call);
        }
    }
    let Some(reason) = failure else {
        let first = find(text, hermes::OPEN, 0).filter(|_| has_functions);
        parsed.content.truncate(first.unwrap_or(text.len()));
        return parsed;
    };
    for call in &mut parsed.calls {
        if matches!(call, ToolCall::Call { .. }) {
            let mut lost = PythonString::from("lost with another call of its turn: ");
            lost.push_bytes(reason.as_bytes());
            *call = ToolCall::unreadable(lost, call.span());
        }
    }
    parsed
}

/// What stands behind each opening tag, up to its closing tag or, where that is missing, up to the
/// end, or to `last` in front of it.
fn bodies(text: &str, within: Span, open: &str, close: &str, last: &str) -> Vec<Span> {
    let inside = slice(text, within);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = find(inside, open, from) {
        let start = start + open.len();
        let stop = find(inside, close, start);
        from = stop.map_or(inside.len(), |stop| stop + close.len());
        let end = stop.unwrap_or_else(|| {
            let shorter = inside.strip_suffix(last).unwrap_or(inside);
            shorter.len().max(start)
        });
        found.push(Span::new(within.start + start, within.start + end));
    }
    found
}

/// One call; `None` when its name does not end.
fn read(text: &str, function: Span, options: &Options) -> Option<ToolCall> {
    let (name, _) = split_once(slice(text, function), ">")?;
    let tool = options.tools.iter().find(|tool| tool.name == name);
    let mut arguments = DictBuilder::default();
    let within = Span::new(function.start + name.len() + 1, function.end);
    for body in bodies(text, within, "<parameter=", "</parameter>", "\n") {
        let Some((key, value)) = split_once(slice(text, body), ">") else {
            continue;
        };
        let value = value.strip_prefix('\n').unwrap_or(value);
        let value = value.strip_suffix('\n').unwrap_or(value);
        let kind = tool.and_then(|tool| tool.type_of(key));
        arguments.insert_text(key.into(), convert(value, kind.as_deref()));
    }
    let closed = text_from(text, function.end).starts_with(FUNCTION_CLOSE);
    let end = function.end + if closed { FUNCTION_CLOSE.len() } else { 0 };
    let span = Span::new(function.start - FUNCTION.len(), end);
    let arguments = arguments.build();
    Some(ToolCall::write(
        name.into(),
        &arguments,
        span,
        Repairs::default(),
    ))
}

/// A value by the type that its schema gives; what cannot be read so stays a text.
fn convert(value: &str, kind: Option<&str>) -> Value {
    if value.eq_ignore_ascii_case("null") {
        return Value::None;
    }
    read_as(value, kind.unwrap_or("string")).unwrap_or_else(|| Value::Str(value.into()))
}

fn read_as(value: &str, kind: &str) -> Option<Value> {
    let is = |names: &[&str]| names.contains(&kind);
    let starts_with = |prefixes: &[&str]| prefixes.iter().any(|prefix| kind.starts_with(prefix));
    if is(&["string", "str", "text", "varchar", "char", "enum"]) {
        None
    } else if starts_with(&["int", "uint", "long", "short", "unsigned"]) {
        parse_int(value).map(Value::Int)
    } else if starts_with(&["num", "float"]) {
        let number = parse_float(value).filter(|number| number.is_finite())?;
        Some(whole_digits(number).map_or(Value::Float(number), Value::Int))
    } else if is(&["boolean", "bool", "binary"]) {
        Some(Value::Bool(value.eq_ignore_ascii_case("true")))
    } else {
        let is_object = kind == "object" || kind.starts_with("dict");
        let json = is_object.then(|| loads(value).ok()).flatten();
        json.or_else(|| literal_eval(value))
    }
}

//! Both formats of `<tool_call>` as ROLL's `Qwen3CoderActionParser` reads them
//! (`roll/pipeline/agentic/tools/action_parser.py`, commit 8eb27cc2dc34): functions with parameters
//! that are typed by their looks wherever `<function` stands, else JSON in `<tool_call>`. A text
//! without any call, or with one that is not complete, gets an answer of its own.

use super::hermes::{CLOSE, OPEN};
use super::scan::{find, pairs, slice};
use super::{Options, Parsed, ToolCall};
use crate::python::float::parse_float;
use crate::python::integer::parse_int;
use crate::python::json::loads;
use crate::python::json_write::{Escape, dumps};
use crate::python::repr;
use crate::python::search::{contains, find_last, places, split_once};
use crate::python::text::{strip, strip_end, strip_start, text_from};
use crate::python::value::{DictBuilder, Value};
use crate::span::Span;

const FUNCTION: &str = "<function";
const FUNCTION_CLOSE: &str = "</function>";
const PARAMETER: &str = "<parameter";
const PARAMETER_CLOSE: &str = "</parameter>";

/// What the model is told when its call is not complete.
const INCOMPLETE: &str = "Please continue.";
/// What the model is told when its text has no call.
const MISSING: &str = "action parse failed";

pub(super) fn parse(text: &str, _options: &Options) -> Parsed {
    let mut parsed = Parsed::text(text);
    let whole = Span::new(0, text.len());
    let answer = |answer: &str| ToolCall::Unreadable {
        reason: answer.into(),
        reply: Some(answer.into()),
        span: whole,
    };
    if is_incomplete(text) {
        parsed.calls.push(answer(INCOMPLETE));
    } else if contains(text, FUNCTION) {
        let found = elements(text, whole, FUNCTION, FUNCTION_CLOSE);
        let read = |(place, element): (usize, &Element)| read_function(text, element, place);
        parsed.calls = found.iter().enumerate().map(read).collect();
    } else if contains(text, OPEN) {
        // A closing tag is added only where there is none at all.
        let completed = if contains(text, CLOSE) {
            text.to_owned()
        } else {
            format!("{text}{CLOSE}")
        };
        let read = |(place, pair): (usize, super::scan::Pair)| {
            let span = Span::new(pair.span.start, pair.span.end.min(text.len()));
            read_json(strip(slice(&completed, pair.body)), span, place)
        };
        parsed.calls = pairs(&completed, OPEN, CLOSE)
            .enumerate()
            .map(read)
            .collect();
    } else {
        parsed.calls.push(answer(MISSING));
    }
    parsed
}

/// An element with its name behind `=`: the regular expression `<tag\s*=\s*([^>]+)>(.*?)</tag>`.
struct Element {
    span: Span,
    name: Span,
    body: Span,
}

/// What stands behind the opening of a tag.
enum Tag {
    /// The name, white space and all, up to the `>` that ends the tag.
    Named(Span),
    /// No `=`, or no name behind it.
    Nameless,
    /// No `>`, and so none for any later tag.
    Endless,
}

/// Reads the tag that opens at `start`.
///
/// ```text
/// <function = f >
///            ^^^ the name
/// ```
fn read_tag(text: &str, start: usize, tag: &str) -> Tag {
    let rest = text.get(start + tag.len()..).unwrap_or_default();
    let Some(name) = strip_start(rest).strip_prefix('=') else {
        return Tag::Nameless;
    };
    let name_start = text.len() - name.len();
    match find(text, ">", name_start) {
        Some(end) => Tag::Named(Span::new(name_start, end)),
        None => Tag::Endless,
    }
}

fn elements(text: &str, within: Span, tag: &str, close: &str) -> Vec<Element> {
    let inside = slice(text, within);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = find(inside, tag, from) {
        from = start + tag.len();
        let name = match read_tag(inside, start, tag) {
            Tag::Named(name) if !name.is_empty() => name,
            Tag::Named(_) | Tag::Nameless => continue,
            Tag::Endless => break,
        };
        let Some(end) = find(inside, close, name.end + 1) else {
            break;
        };
        from = end + close.len();
        let shift = |span: Span| Span::new(within.start + span.start, within.start + span.end);
        found.push(Element {
            span: shift(Span::new(start, from)),
            name: shift(name),
            body: shift(Span::new(name.end + 1, end)),
        });
    }
    found
}

fn read_function(text: &str, element: &Element, place: usize) -> ToolCall {
    let name = strip(slice(text, element.name));
    let mut arguments = DictBuilder::default();
    for parameter in elements(text, element.body, PARAMETER, PARAMETER_CLOSE) {
        match read_value(strip(slice(text, parameter.body))) {
            Ok(value) => arguments.insert_text(strip(slice(text, parameter.name)).into(), value),
            Err(reason) => return ToolCall::unreadable(reason, element.span),
        }
    }
    identify(ToolCall::write(name, arguments, element.span), place)
}

/// A parameter's value by its looks. The error is a number with more digits than Python reads.
fn read_value(value: &str) -> Result<Value, &'static str> {
    let text = || Value::Str(value.into());
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    let is_number = |part: &str| !part.is_empty() && part.chars().all(is_decimal);
    Ok(match value {
        "true" | "false" | "null" => loads(value).unwrap_or_else(|_| text()),
        _ if is_number(unsigned) => {
            Value::Int(parse_int(value).ok_or("more digits than Python reads")?)
        }
        _ if split_once(unsigned, ".")
            .is_some_and(|(whole, rest)| is_number(whole) && is_number(rest)) =>
        {
            parse_float(value).map_or_else(text, Value::Float)
        }
        _ if value.starts_with('[') && value.ends_with(']')
            || value.starts_with('{') && value.ends_with('}') =>
        {
            loads(value).unwrap_or_else(|_| text())
        }
        _ => text(),
    })
}

/// `\d` of Python's `re`: any decimal digit of Unicode.
fn is_decimal(character: char) -> bool {
    let mut bytes = [0; 4];
    parse_int(character.encode_utf8(&mut bytes)).is_some()
}

fn read_json(body: &str, span: Span, place: usize) -> ToolCall {
    let value = match loads(body) {
        Ok(value) => value,
        Err(error) => return ToolCall::unreadable(error.to_string(), span),
    };
    if !matches!(value, Value::Dict(_)) {
        return ToolCall::unreadable("expected a JSON object", span);
    }
    let empty = Value::Dict(Vec::new());
    let arguments = dumps(value.get("arguments").unwrap_or(&empty), Escape::Nothing);
    let name = value
        .get("name")
        .cloned()
        .unwrap_or_else(|| Value::Str("".into()));
    match arguments {
        Ok(arguments) => {
            let repairs = crate::python::repair::Repairs::default();
            identify(
                ToolCall::Call {
                    name,
                    arguments,
                    id: None,
                    span,
                    repairs,
                },
                place,
            )
        }
        Err(error) => ToolCall::unreadable(error.to_string(), span),
    }
}

/// Gives a call the identifier that the original makes of its name, the time and its place; for
/// the time, which would need a clock, stands 0.
fn identify(call: ToolCall, place: usize) -> ToolCall {
    match call {
        ToolCall::Call {
            name,
            arguments,
            span,
            repairs,
            ..
        } => {
            let id = Some(format!("{}_0_{place}", repr::str(&name).to_string_lossy()));
            ToolCall::Call {
                name,
                arguments,
                id,
                span,
                repairs,
            }
        }
        other => other,
    }
}

/// Whether the original takes the text for one that was cut off inside of a call.
fn is_incomplete(text: &str) -> bool {
    if contains(text, OPEN) && !contains(text, CLOSE) && !strip(text).ends_with('>') {
        return true;
    }
    contains(text, FUNCTION)
        && (ends_in_value(text) || ends_in_bracket(text) || ends_in_closing_tag(text))
}

/// `<parameter\s*=\s*[^>]*>\s*[^<]*$`: no tag comes after one that opens a parameter. Of several
/// such tags the last decides, as nothing but the end may follow it.
fn ends_in_value(text: &str) -> bool {
    let last_bracket = find_last(text, "<").unwrap_or_default();
    let named = |start: &usize| is_named(text, start + PARAMETER.len());
    let last = places(text, PARAMETER).filter(named).last();
    last.is_some_and(|start| match read_tag(text, start, PARAMETER) {
        Tag::Named(name) => name.end > last_bracket,
        Tag::Nameless | Tag::Endless => false,
    })
}

/// Whether a `=` follows at `at`, white space aside.
fn is_named(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    strip_start(rest).starts_with('=')
}

/// `<function…>\s*<parameter…>\s*[^<]*</?\s*$`: the text ends with the start of a tag, directly
/// after a parameter that a function begins with.
fn ends_in_bracket(text: &str) -> bool {
    let Some((value, _)) = strip_bracket(text) else {
        return false;
    };
    // The `>` that ends the parameter's tag is the first after the last `<` of it.
    let Some(inner) = find_last(value, "<") else {
        return false;
    };
    let Some(end) = value.get(inner..).and_then(|rest| find(rest, ">", 0)) else {
        return false;
    };
    let Some(before) = value.get(..inner + end) else {
        return false;
    };
    let Some(function_end) = find_last(before, ">") else {
        return false;
    };
    let tag = strip_start(text_from(before, function_end + 1));
    let is_parameter = tag.starts_with(PARAMETER) && is_named(tag, PARAMETER.len());
    let function = before.get(..function_end).unwrap_or_default();
    let start = find_last(function, ">").map_or(0, |last| last + 1);
    let function = function.get(start..).unwrap_or_default();
    let named = |start: usize| is_named(function, start + FUNCTION.len());
    is_parameter && places(function, FUNCTION).any(named)
}

/// The text in front of a `<` or `</` that it ends with, white space aside, and that end.
fn strip_bracket(text: &str) -> Option<(&str, &str)> {
    let end = strip_end(text);
    let front = end.strip_suffix("</").or_else(|| end.strip_suffix('<'))?;
    Some((front, end.get(front.len()..)?))
}

/// `<function…>\s*<parameter…>\s*.*</\s*$`: the text ends with `</`, and somewhere before it a
/// function begins with a parameter.
fn ends_in_closing_tag(text: &str) -> bool {
    let Some((front, "</")) = strip_bracket(text) else {
        return false;
    };
    let mut from = 0;
    while let Some(start) = find(front, FUNCTION, from) {
        from = start + FUNCTION.len();
        let name = match read_tag(front, start, FUNCTION) {
            Tag::Named(name) => name,
            Tag::Nameless => continue,
            Tag::Endless => return false,
        };
        let rest = strip_start(text_from(front, name.end + 1));
        let parameter = front.len() - rest.len();
        if rest.starts_with(PARAMETER)
            && matches!(read_tag(front, parameter, PARAMETER), Tag::Named(_))
        {
            return true;
        }
        // No tag that opens before this `>` can end at another one.
        from = from.max(name.end);
    }
    false
}

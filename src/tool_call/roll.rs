//! Both formats of `<tool_call>` as ROLL's `Qwen3CoderActionParser` reads them
//! (`roll/pipeline/agentic/tools/action_parser.py`, commit 8eb27cc2dc34): functions with parameters
//! that are typed by their looks wherever `<function` stands, else JSON in `<tool_call>`. A text
//! without any call, or with one that is not complete, gets an answer of its own.

use super::ToolCall;
use super::hermes::{CALL, CLOSE, OPEN};
use super::kimi::expect_object;
use super::reader::{self, Arguments, Read, Reader, fail};
use super::scan::{Element, Mark, Name, pairs};
use crate::python::float::parse_float;
use crate::python::format::{fill, show_value};
use crate::python::integer::parse_int;
use crate::python::json::loads;
use crate::python::letters::digit_of;
use crate::python::search::{contains, find_last, split_once};
use crate::python::text::{skip_start, strip, strip_end, strip_start, text_from};
use crate::python::value::Value;
use crate::span::Span;

/// The regular expression `<function\s*=\s*([^>]+)>(.*?)</function>`.
pub(super) const FUNCTION: Mark<'_> = Mark::named("<function", read_name, "</function>");
const PARAMETER: Mark<'_> = Mark::named("<parameter", read_name, "</parameter>");
const PARAMETERS: Arguments = Arguments::Elements(PARAMETER, read_value);
const JSON: Arguments = Arguments::Body(read_json);

/// A closing tag may be missing only where there is none at all.
const UNCLOSED_CALL: Mark<'_> = CALL.or_unclosed("");

/// Tags that open a function or a parameter.
const FUNCTION_TAG: Mark<'_> = Mark::named(FUNCTION.open, read_tag, "");
const PARAMETER_TAG: Mark<'_> = Mark::named(PARAMETER.open, read_tag, "");

/// What the model is told when its call is not complete.
const INCOMPLETE: &str = "Please continue.";
/// What the model is told when its text has no call.
const MISSING: &str = "action parse failed";

pub(super) fn parse(reader: &mut Reader<'_>) {
    let text = reader.text;
    reader.parsed.content = text.to_owned();
    let whole = Span::new(0, text.len());
    let has_function = contains(text, FUNCTION.open);
    let has_call = contains(text, OPEN);
    let is_closed = contains(text, CLOSE);
    // Whether the original takes the text for one that was cut off inside of a call.
    let is_incomplete = has_call && !is_closed && !strip(text).ends_with('>')
        || has_function && (ends_in_value(text) || ends_in_tag(text));
    if is_incomplete || !has_function && !has_call {
        let answer = if is_incomplete { INCOMPLETE } else { MISSING };
        reader.stand_at(whole);
        return reader.push(ToolCall::Unreadable {
            reason: answer.into(),
            reply: Some(answer.into()),
            span: reader.span,
        });
    }
    let (marks, arguments): (&[_], _) = if has_function {
        (&[FUNCTION], &PARAMETERS)
    } else if is_closed {
        (&[CALL], &JSON)
    } else {
        (&[UNCLOSED_CALL], &JSON)
    };
    reader.read_calls(whole, marks, arguments);
}

/// The identifier that the original makes of the name, the time and the place; for the time, which would
/// need a clock, stands 0.
pub(super) fn make_id(reader: &Reader<'_>, name: &Value) -> String {
    let place = reader.found.len().saturating_sub(1);
    fill("{}_0_{}", &[&show_value(name), &place.to_string()])
}

/// The name behind the opening of a tag, white space and all, up to the `>` that ends the tag.
///
/// ```text
/// <function = f >
///          ^ the position
///            ^^^ the name
/// ```
fn read_tag(text: &str, at: usize) -> Option<Name> {
    let Some(name) = strip_start(text_from(text, at)).strip_prefix('=') else {
        return Some(Name::Passed(at));
    };
    Name::up_to(text, text.len() - name.len(), ">")
}

/// The same with a name that is not empty.
fn read_name(text: &str, at: usize) -> Option<Name> {
    Some(match read_tag(text, at)? {
        Name::Read(name, _) if name.is_empty() => Name::Passed(at),
        name => name,
    })
}

/// A parameter's value by its looks. The error is a number with more digits than Python reads.
fn read_value(_: &mut Reader<'_>, _: Element, text: &mut &str) -> Read<Option<Value>> {
    let value = *text;
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    let is_number = |part: &str| !part.is_empty() && skip_start(part, &is_decimal).is_empty();
    Ok(if is_number(unsigned) {
        let whole = parse_int(value)
            .ok_or_else(|| fail("ValueError", "more digits than Python reads", &[]))?;
        Some(Value::Int(whole))
    } else if split_once(unsigned, ".")
        .is_some_and(|(whole, rest)| is_number(whole) && is_number(rest))
    {
        parse_float(value).map(Value::Float)
    } else {
        // `true`, `false`, `null`, and what stands in brackets.
        let is_other =
            |json: &Value| matches!(json, Value::Int(_) | Value::Float(_) | Value::Str(_));
        reader::read_json(value).filter(|json| !is_other(json))
    })
}

/// `\d` of Python's `re`: any decimal digit of Unicode.
fn is_decimal(character: char) -> bool {
    character.is_ascii_digit() || digit_of(character).is_some()
}

fn read_json(reader: &mut Reader<'_>, call: Element) -> Read {
    let object = loads(reader.part(call.body))?;
    if !matches!(object, Value::Dict(_)) {
        return Err(expect_object());
    }
    let name = object.get("name").cloned();
    let arguments = object.get("arguments").cloned();
    reader.add(
        name.unwrap_or_else(|| "".into()),
        arguments.unwrap_or(Value::Dict(Vec::new())),
    );
    Ok(())
}

/// `<parameter\s*=\s*[^>]*>\s*[^<]*$`: no tag comes after one that opens a parameter. Of several
/// such tags the last decides, as nothing but the end may follow it.
fn ends_in_value(text: &str) -> bool {
    let bracket = find_last(text, "<").unwrap_or_default();
    pairs(text, &PARAMETER_TAG).any(|tag| tag.name.end > bracket)
}

/// `<function…>\s*<parameter…>\s*[^<]*</?\s*$` or `<function…>\s*<parameter…>\s*.*</\s*$`: the text
/// ends with the start of a tag, somewhere behind a parameter that a function begins with, and
/// directly behind it where the tag does not close anything.
fn ends_in_tag(text: &str) -> bool {
    let end = strip_end(text);
    let Some(front) = end.strip_suffix("</").or_else(|| end.strip_suffix('<')) else {
        return false;
    };
    let closes = end.ends_with('/');
    let bracket = find_last(front, "<").unwrap_or_default();
    pairs(front, &FUNCTION_TAG).any(|function| {
        let rest = strip_start(text_from(front, function.span.end));
        rest.strip_prefix(PARAMETER.open).is_some_and(|rest| {
            let name = read_tag(front, front.len() - rest.len());
            matches!(name, Some(Name::Read(name, _)) if closes || name.end > bracket)
        })
    })
}

//! The XML-like format of Qwen3-Coder, as verl's `Qwen3XMLToolParser` reads it
//! (`verl/experimental/agent_loop/tool_parser.py`, commit 1dda039b9c63): `<function=NAME>` and
//! `<parameter=NAME>` inside of `<tool_call>`, each of which may lack its end. Values are read by
//! the schemas of the tools; where one cannot be written as JSON, the turn loses all its calls.

use super::reader::{Read, Reader, read_json};
use super::scan::{Element, Mark, Name, find, slice};
use super::{ToolCall, hermes};
use crate::python::float::{parse_float, whole_digits};
use crate::python::integer::parse_int;
use crate::python::literal::literal_eval;
use crate::python::search::{split, split_once};
use crate::python::string::PythonString;
use crate::python::text::text_to;
use crate::python::value::Value;
use crate::span::Span;

pub(super) const FUNCTION_CLOSE: &str = "</function>";
const PARAMETER_CLOSE: &str = "</parameter>";

pub(super) const BLOCK: Mark<'_> = hermes::CALL.or_unclosed("\n");
pub(super) const FUNCTION: Mark<'_> = Mark::pair("<function=", FUNCTION_CLOSE).or_unclosed("");
const PARAMETER: Mark<'_> = Mark::named("<parameter=", read_key, PARAMETER_CLOSE).or_unclosed("\n");

pub(super) fn parse(reader: &mut Reader<'_>) {
    reader.walk();
    let Some(failure) = reader.failure.take() else {
        return;
    };
    let lost = PythonString::fill(
        "lost with another call of its turn: {}",
        &[failure.as_bytes()],
    );
    let parsed = &mut reader.parsed;
    for call in &mut parsed.calls {
        if matches!(call, ToolCall::Call { .. }) {
            *call = ToolCall::unreadable(lost.clone(), call.span());
        }
    }
    parsed.content = reader.text.to_owned();
}

/// One call, if its name ends.
pub(super) fn read(reader: &mut Reader<'_>, function: Element) -> Read {
    let Span { start, end } = function.body;
    if let Some((name, _)) = split_once(slice(reader.text, function.body), ">") {
        reader.name = name;
        let within = Span::new(start + name.len() + 1, end);
        let arguments = reader.read_elements(within, &PARAMETER, read_value)?;
        reader.add(name.into(), arguments);
    }
    Ok(())
}

/// A key goes up to `>`, unless the parameter ends before.
fn read_key(text: &str, at: usize) -> Option<Name> {
    let end = find(text, PARAMETER_CLOSE, at).unwrap_or(text.len());
    Name::up_to(text_to(text, end), at, ">").or(Some(Name::Passed(end)))
}

/// A value by the type that its schema gives; what cannot be read so stays a text.
#[expect(
    clippy::unnecessary_wraps,
    reason = "one way to read a value among others"
)]
fn read_value(reader: &mut Reader<'_>, parameter: Element, text: &mut &str) -> Read<Option<Value>> {
    let value = text.strip_prefix('\n').unwrap_or(text);
    *text = value.strip_suffix('\n').unwrap_or(value);
    if text.eq_ignore_ascii_case("null") {
        return Ok(Some(Value::None));
    }
    let kind = reader
        .options
        .type_of(reader.name, reader.part(parameter.name));
    Ok(read_as(text, kind.unwrap_or("string")))
}

/// The value as a type that has one of these names, where `*` stands for any ending.
fn read_as(value: &str, kind: &str) -> Option<Value> {
    let is = |names| {
        split(names, " ").any(|name| {
            let front = name.strip_suffix('*');
            let kind = front.map_or(kind, |front| text_to(kind, front.len()));
            kind.eq_ignore_ascii_case(front.unwrap_or(name))
        })
    };
    if is("string str text varchar char enum") {
        None
    } else if is("int* uint* long* short* unsigned*") {
        parse_int(value).map(Value::Int)
    } else if is("num* float*") {
        let number = parse_float(value).filter(|number| number.is_finite())?;
        Some(whole_digits(number).map_or(Value::Float(number), Value::Int))
    } else if is("boolean bool binary") {
        Some(Value::Bool(value.eq_ignore_ascii_case("true")))
    } else if is("object dict*")
        && let Some(json) = read_json(value)
    {
        Some(json)
    } else {
        literal_eval(value)
    }
}

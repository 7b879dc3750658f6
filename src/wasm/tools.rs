//! Tool calls, the answers to them, and the clients' ways with a sandbox, across the boundary.

use std::mem::replace;

use super::given::{
    bytes_of, is_true, number_of, read_json, string_of, text_of, to_string, whole_of, word_of,
};
use crate::error::RunError;
use crate::python::string::PythonString;
use crate::python::value::Value;
use crate::select::Program;
use crate::span::Span;
use crate::tool_call::reply::{self, Outcome, Side, Wording};
use crate::tool_call::{
    Exception, FORMATS, Format, Options, Parsed, Tool, ToolCall, parse_tool_calls,
    read_call_program,
};
use crate::utf16::Utf16Offsets;
use crate::wire::json::Json;
use crate::wire::{answer, verl};

fn wording_of(given: &Value) -> Wording {
    match word_of(given, "wording") {
        "new" => Wording::New,
        _ => Wording::Old,
    }
}

fn side_of(given: &Value) -> Side {
    Side::from_name(word_of(given, "side"))
}

fn write_raised(raised: &Exception, out: &mut Json) {
    out.open("raised", "{");
    out.text("type", raised.type_name);
    out.string("message", &raised.message);
    out.close("}");
}

/// The tool calls of a text; given `{format?, tools?, padToken?, robust?}`.
pub(super) fn parse_calls(source: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    let format = match given.get("format").and_then(Value::as_str) {
        Some(name) => Some(read_format(name)?),
        None => Format::of_text(source),
    };
    let options = Options {
        tools: Tool::from_values(&given.take("tools")),
        pad_token: text_of(given, "padToken"),
        robust: is_true(given, "robust"),
    };
    let mut parsed = match format {
        Some(format) => parse_tool_calls(source, format, &options),
        None => Parsed {
            content: source.to_owned(),
            ..Parsed::default()
        },
    };
    let mut offsets = Utf16Offsets::new(source.as_bytes());
    out.open("", "{");
    out.text_or_null("format", format.map(|format| format.name));
    out.text("content", &parsed.content);
    out.open("calls", "[");
    for call in &mut parsed.calls {
        write_call(call, &mut offsets, out);
    }
    out.close("]");
    match &parsed.raised {
        Some(raised) => write_raised(raised, out),
        None => out.raw("raised", "null"),
    }
    out.close("}");
    Ok(())
}

fn read_format(name: &str) -> Result<&'static Format, RunError> {
    Format::from_name(name).ok_or_else(|| {
        let mut known = Vec::new();
        for format in &FORMATS {
            known.push(format.name);
        }
        RunError::not_one_of("format", &known, name)
    })
}

/// The program in the arguments of a call, which are JSON: `{code, language}`, or `null`.
pub(super) fn read_program(
    arguments: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    let arguments = read_json(arguments)?;
    let program = read_call_program(word_of(given, "name"), &arguments);
    write_program("", program.as_ref(), out);
    Ok(())
}

pub(super) fn write_program(name: &str, program: Option<&Program>, out: &mut Json) {
    let Some(program) = program else {
        return out.raw(name, "null");
    };
    out.open(name, "{");
    out.text("code", &program.code);
    out.text("language", program.language.name());
    out.close("}");
}

fn write_call(call: &mut ToolCall, offsets: &mut Utf16Offsets<'_>, out: &mut Json) {
    let span = call.span();
    out.open("", "{");
    match call {
        ToolCall::Call {
            name,
            arguments,
            id,
            repairs,
            ..
        } => {
            out.text("kind", "call");
            out.value("name", replace(name, Value::None));
            out.string("arguments", arguments);
            out.text_or_null("id", id.as_deref());
            out.open("repairs", "[");
            for repair in repairs.names() {
                out.text("", repair);
            }
            out.close("]");
        }
        ToolCall::Unreadable { reason, reply, .. } => {
            out.text("kind", "unreadable");
            out.string("reason", reason);
            match reply {
                Some(reply) => out.string("reply", reply),
                None => out.raw("reply", "null"),
            }
        }
        ToolCall::Truncated { .. } => out.text("kind", "truncated"),
        ToolCall::InThinking { .. } => out.text("kind", "thinking"),
    }
    write_span("span", span, offsets, out);
    out.close("}");
}

pub(super) fn write_span(name: &str, span: Span, offsets: &mut Utf16Offsets<'_>, out: &mut Json) {
    out.open(name, "{");
    out.number("start", offsets.units_before(span.start));
    out.number("end", offsets.units_before(span.end));
    out.close("}");
}

/// verl's answer to a call: `{text}` or `{raised}`. Given `{name, arguments, tools, wording,
/// maxLength, side, text?, raised?}`, the last two what the tool makes of it.
pub(super) fn reply_to_call(_: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    let tools = given.take("tools");
    let given = &*given;
    let tool = |arguments: &Value| match given.get("raised") {
        Some(detail) => Outcome::Raised(to_string(Some(detail))),
        None => reply::describe_missing_get(arguments)
            .map_or_else(|| Outcome::Text(truncated(given)), Outcome::Raised),
    };
    let [name, arguments] = ["name", "arguments"].map(|member| bytes_of(given, member));
    out.open("", "{");
    match reply::reply_among(&tools, name, arguments, wording_of(given), tool) {
        Ok(reply) => out.string("text", &reply),
        Err(error) => write_raised(&error.into(), out),
    }
    out.close("}");
    Ok(())
}

/// verl's truncation of `{text, maxLength, side, wording}`.
pub(super) fn truncate_tool_text(
    _: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    out.string("", &truncated(given));
    Ok(())
}

fn truncated(given: &Value) -> PythonString {
    let max_length = whole_of(given, "maxLength", 256);
    let whole = string_of(given, "text");
    reply::truncate(&whole, max_length, side_of(given), wording_of(given))
}

/// What gpt-oss reads of tools, for pairs of a name and a text.
pub(super) fn write_gpt_oss_replies(
    _: &str,
    pairs: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    let pairs = pairs.as_list().unwrap_or_default().iter();
    let replies = pairs.filter_map(|pair| match pair.as_list()? {
        [Value::Str(name), Value::Str(text)] => Some((name, text)),
        _ => None,
    });
    out.string("", &reply::write_gpt_oss_replies(replies));
    Ok(())
}

/// The text, reward and metrics of a value that a function gave back, in JSON, or `{raised}`.
pub(super) fn read_function_result(
    json: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    let value = match read_json(json)? {
        Value::List(items) if is_true(given, "isTuple") => Value::Tuple(items),
        value => value,
    };
    out.open("", "{");
    match reply::read_function_result(&value) {
        Err(exception) => write_raised(&exception, out),
        Ok(result) => {
            out.string("text", &result.text);
            out.value("reward", Value::Float(result.reward));
            out.value("metrics", result.metrics);
        }
    }
    out.close("}");
    Ok(())
}

/// What verl's client sends: `{refused}`, or `{body}`.
pub(super) fn build_verl_request(
    request_id: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    out.open("", "{");
    match verl::refuse(bytes_of(given, "language"), request_id) {
        Some(refused) => out.string("refused", &refused),
        None => out.text("body", &verl::build_body(given)),
    }
    out.close("}");
    Ok(())
}

/// What verl's client does after an attempt: `{waitMs}`, `{answer}` or `{failed}`. Given `{attempt,
/// status, reason, body}` or `{attempt, message, byRequests}`.
pub(super) fn next_verl_step(url: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of ours"
    )]
    let attempt = number_of(given, "attempt").unwrap_or_default() as u32;
    let bytes = |name| bytes_of(given, name);
    let next = match given.get("status") {
        Some(_) => {
            let status = whole_of(given, "status", 0);
            verl::after_answer(
                attempt,
                url.as_bytes(),
                status,
                bytes("reason"),
                bytes("body"),
            )
        }
        None => verl::after_exception(is_true(given, "byRequests"), bytes("message")),
    };
    out.open("", "{");
    match next {
        verl::Next::Wait(seconds) => {
            out.value("waitMs", Value::Float(f64::from(seconds) * 1_000.0));
        }
        verl::Next::Done(answer) => out.value("answer", answer),
        verl::Next::Failed(failed) => out.string("failed", &failed),
    }
    out.close("}");
    Ok(())
}

/// The status and message that `SandboxFusion` gives an answer.
pub(super) fn read_run_status(_: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    let (status, message) = answer::read_run_status(given);
    out.open("", "{");
    out.text("status", status);
    out.string("message", &message);
    out.close("}");
    Ok(())
}

/// The word that `SandboxFusion`'s client has for an answer: `{word}` or `{raised}`. Given the answer
/// and the mapping of its words.
pub(super) fn summarize_run(_: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    let (answer, mapping) = (given.take("answer"), given.take("mapping"));
    out.open("", "{");
    match answer::summarize(&answer, &mapping) {
        Ok(word) => out.string("word", &word),
        Err(exception) => write_raised(&exception, out),
    }
    out.close("}");
    Ok(())
}

/// The output and the report that `ToRL` makes of an answer, as a list of both.
pub(super) fn read_torl_pair(_: &str, given: &mut Value, out: &mut Json) -> Result<(), RunError> {
    let (output, report) = answer::to_torl_pair(given);
    out.open("", "[");
    out.value("", output);
    out.string("", &report);
    out.close("]");
    Ok(())
}

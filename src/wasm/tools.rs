//! Tool calls, the answers to them, and the clients' ways with a sandbox, as JSON text across the
//! boundary: that carries what Python's strings and numbers hold and costs little code.

use crate::python::search::join;
use wasm_bindgen::prelude::*;

use super::error::{invalid, throw};
use super::json::{list, number, object, or_null, read, string_of, text, whole_of, write};
use crate::python::json::{JsonError, loads};
use crate::python::value::Value;
use crate::select::Program;
use crate::span::Span;
use crate::tool_call::reply::{self, LoopOptions, Outcome, Side, Wording};
use crate::tool_call::{
    Exception, FORMATS, Format, Options, Parsed, Tool, ToolCall, parse_tool_calls,
    read_call_program,
};
use crate::utf16::Utf16Offsets;
use crate::wire::profile::{Field, REQUEST_PROFILES, Waits};
use crate::wire::{answer, verl};

fn wording_of(value: &Value) -> Wording {
    match value.get("wording").and_then(Value::as_str) {
        Some("new") => Wording::New,
        _ => Wording::Old,
    }
}

fn side_of(value: &Value) -> Side {
    Side::from_name(
        value
            .get("side")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    )
}

fn raised(exception: Exception) -> Value {
    let type_name = text(exception.type_name);
    object([(
        "raised",
        object([("type", type_name), ("message", text(exception.message))]),
    )])
}

/// The tool calls of a text; `options` is `{format?, tools?, padToken?, robust?}`.
#[wasm_bindgen(js_name = parseToolCalls)]
pub fn parse_calls(source: &str, options: &str) -> Result<String, JsValue> {
    let options = read(options)?;
    let format = match options.get("format").and_then(Value::as_str) {
        Some(name) => Some(read_format(name)?),
        None => Format::of_text(source),
    };
    let options = Options {
        tools: options
            .get("tools")
            .map(Tool::from_values)
            .unwrap_or_default(),
        pad_token: options
            .get("padToken")
            .and_then(Value::as_str)
            .map(str::to_owned),
        robust: options.get("robust") == Some(&Value::Bool(true)),
    };
    let parsed = format.map(|format| parse_tool_calls(source, format, &options));
    let parsed = parsed.unwrap_or_else(|| Parsed {
        content: source.to_owned(),
        ..Parsed::default()
    });
    Ok(write(describe(source, format, parsed)))
}

fn read_format(name: &str) -> Result<&'static Format, JsValue> {
    Format::from_name(name).ok_or_else(|| {
        let known: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
        let known = join(&known, ", ");
        throw(
            &invalid(format!("format: expected one of {known}, found `{name}`")),
            0,
        )
    })
}

/// The program in the arguments of a call, which are JSON: `{code, language}`, or `null`.
#[wasm_bindgen(js_name = readCallProgram)]
pub fn read_program(name: &str, arguments: &str) -> Result<String, JsValue> {
    let program = read_call_program(name, &read(arguments)?);
    Ok(write(or_null(program.as_ref().map(describe_program))))
}

pub(super) fn describe_program(program: &Program) -> Value {
    object([
        ("code", text(program.code.as_str())),
        ("language", text(program.language.name())),
    ])
}

fn describe(source: &str, format: Option<&Format>, parsed: Parsed) -> Value {
    let mut offsets = Utf16Offsets::new(source.as_bytes());
    let calls = list(
        parsed
            .calls
            .into_iter()
            .map(|call| describe_call(call, &mut offsets)),
    );
    let content = text(parsed.content);
    let raised = parsed.raised.map_or(Value::None, raised);
    let raised = raised.get("raised").cloned().unwrap_or(Value::None);
    let format = or_null(format.map(|format| text(format.name)));
    object([
        ("format", format),
        ("content", content),
        ("calls", calls),
        ("raised", raised),
    ])
}

fn describe_call(call: ToolCall, offsets: &mut Utf16Offsets<'_>) -> Value {
    let span = ("span", describe_span(call.span(), offsets));
    match call {
        ToolCall::Call {
            name,
            arguments,
            id,
            repairs,
            ..
        } => object([
            ("kind", text("call")),
            ("name", name),
            ("arguments", text(arguments)),
            ("id", id.map_or(Value::None, text)),
            ("repairs", list(repairs.names().map(text))),
            span,
        ]),
        ToolCall::Unreadable { reason, reply, .. } => object([
            ("kind", text("unreadable")),
            ("reason", text(reason)),
            ("reply", reply.map_or(Value::None, text)),
            span,
        ]),
        ToolCall::Truncated { .. } => object([("kind", text("truncated")), span]),
        ToolCall::InThinking { .. } => object([("kind", text("thinking")), span]),
    }
}

pub(super) fn describe_span(span: Span, offsets: &mut Utf16Offsets<'_>) -> Value {
    let start = number(offsets.units_before(span.start));
    object([
        ("start", start),
        ("end", number(offsets.units_before(span.end))),
    ])
}

/// All formats: `{name, source, description}`.
#[wasm_bindgen(js_name = toolCallFormats)]
#[must_use]
pub fn tool_call_formats() -> String {
    write(list(FORMATS.iter().map(|format| {
        object([
            ("name", text(format.name)),
            ("source", text(format.source)),
            ("description", text(format.description)),
        ])
    })))
}

/// verl's answer to a call: `{text}` or `{raised}`. `call` is `{name, arguments, tools, wording,
/// maxLength, side, text?, raised?}`, the last two what the tool makes of it.
#[wasm_bindgen(js_name = replyToToolCall)]
pub fn reply_to_call(call: &str) -> Result<String, JsValue> {
    let call = read(call)?;
    let tools = call
        .get("tools")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let options = LoopOptions {
        wording: wording_of(&call),
        tools: tools.iter().map(|tool| string_of(Some(tool))).collect(),
        max_length: whole_of(call.get("maxLength"), 256),
        side: side_of(&call),
    };
    let outcome = |arguments: &Value| match call.get("raised") {
        Some(detail) => Outcome::Raised(string_of(Some(detail))),
        None => reply::describe_missing_get(arguments).map_or_else(
            || Outcome::Text(string_of(call.get("text"))),
            Outcome::Raised,
        ),
    };
    let (name, arguments) = (
        string_of(call.get("name")),
        string_of(call.get("arguments")),
    );
    let reply = reply::reply(&name, &arguments, &options, outcome);
    Ok(write(reply.map_or_else(
        |error| raised(error.into()),
        |reply| object([("text", text(reply))]),
    )))
}

/// verl's truncation of `{text, maxLength, side, wording}`, as a JSON string.
#[wasm_bindgen(js_name = truncateToolText)]
pub fn truncate_tool_text(options: &str) -> Result<String, JsValue> {
    let options = read(options)?;
    let max_length = whole_of(options.get("maxLength"), 256);
    let whole = string_of(options.get("text"));
    let cut = reply::truncate(&whole, max_length, side_of(&options), wording_of(&options));
    Ok(write(text(cut)))
}

/// What gpt-oss reads of tools: a JSON string for pairs of a name and a text.
#[wasm_bindgen(js_name = writeGptOssReplies)]
pub fn write_gpt_oss_replies(pairs: &str) -> Result<String, JsValue> {
    let pairs = read(pairs)?;
    let pairs = pairs.as_list().unwrap_or_default().iter().map(|pair| {
        let pair = pair.as_list().unwrap_or_default();
        (string_of(pair.first()), string_of(pair.get(1)))
    });
    let pairs: Vec<_> = pairs.collect();
    let replies = pairs.iter().map(|(name, text)| (name, text));
    Ok(write(text(reply::write_gpt_oss_replies(replies))))
}

/// The text, reward and metrics of a value that a function gave back, or `{raised}`.
#[wasm_bindgen(js_name = readFunctionResult)]
pub fn read_function_result(value: &str, is_tuple: bool) -> Result<String, JsValue> {
    let value = match read(value)? {
        Value::List(items) if is_tuple => Value::Tuple(items),
        value => value,
    };
    Ok(write(match reply::read_function_result(&value) {
        Err(exception) => raised(exception),
        Ok(result) => object([
            ("text", text(result.text)),
            ("reward", Value::Float(result.reward)),
            ("metrics", result.metrics),
        ]),
    }))
}

/// All request profiles.
#[wasm_bindgen(js_name = requestProfiles)]
#[must_use]
pub fn request_profiles() -> String {
    write(list(REQUEST_PROFILES.iter().map(|profile| {
        object([
            ("name", text(profile.name)),
            ("source", text(profile.source)),
            ("description", text(profile.description)),
            ("fields", list(profile.fields.iter().map(describe_field))),
            ("timeoutMs", profile.timeout_ms.map_or(Value::None, number)),
            ("addsTimeouts", Value::Bool(profile.adds_timeouts)),
            ("maxAttempts", number(profile.max_attempts)),
            ("retried", text(profile.retried.name())),
            ("waits", describe_waits(profile.waits)),
        ])
    })))
}

fn describe_field(field: &Field) -> Value {
    let given = field.default.is_none();
    let default = field.default.and_then(|json| loads(json).ok());
    object([
        ("name", text(field.name)),
        ("given", Value::Bool(given)),
        ("default", default.unwrap_or(Value::None)),
    ])
}

fn describe_waits(waits: Waits) -> Value {
    let (kind, first_ms, jitter_ms) = match waits {
        Waits::None => ("none", 0, 0),
        Waits::Linear(step) => ("linear", step, 0),
        Waits::Exponential {
            first_ms,
            jitter_ms,
        } => ("exponential", first_ms, jitter_ms),
    };
    object([
        ("kind", text(kind)),
        ("firstMs", number(first_ms)),
        ("jitterMs", number(jitter_ms)),
    ])
}

/// What verl's client sends: `{refused}`, or `{body}`.
#[wasm_bindgen(js_name = buildVerlRequest)]
pub fn build_verl_request(call: &str, request_id: &str) -> Result<String, JsValue> {
    let call = read(call)?;
    let member = |name| call.get(name).cloned().unwrap_or(Value::None);
    let call = verl::Call {
        code: member("code"),
        stdin: member("stdin"),
        compile_timeout: member("compileTimeout"),
        run_timeout: member("runTimeout"),
        memory_limit_mb: member("memoryLimitMb"),
        language: string_of(call.get("language")),
    };
    Ok(write(match call.refuse(request_id) {
        Some(refused) => object([("refused", text(refused))]),
        None => object([("body", text(call.body()))]),
    }))
}

/// What verl's client does after an attempt: `{waitMs}`, `{answer}` or `{failed}`. `reply` is
/// `{status, reason, body}` or `{message, byRequests}`.
#[wasm_bindgen(js_name = nextVerlStep)]
pub fn next_verl_step(attempt: u32, url: &str, reply: &str) -> Result<String, JsValue> {
    let reply = read(reply)?;
    let reply = match reply.get("status") {
        Some(status) => verl::Reply::Answer {
            status: whole_of(Some(status), 0),
            reason: string_of(reply.get("reason")),
            body: string_of(reply.get("body")),
        },
        None => verl::Reply::Raised {
            by_requests: reply.get("byRequests") == Some(&Value::Bool(true)),
            message: string_of(reply.get("message")),
        },
    };
    Ok(write(match verl::next_step(attempt, &url.into(), &reply) {
        verl::Next::Wait(seconds) => object([("waitMs", number(u64::from(seconds) * 1_000))]),
        verl::Next::Done(answer) => object([("answer", answer)]),
        verl::Next::Failed(failed) => object([("failed", text(failed))]),
    }))
}

/// The status and message that `SandboxFusion` gives an answer.
#[wasm_bindgen(js_name = readRunStatus)]
pub fn read_run_status(answer: &str) -> Result<String, JsValue> {
    let (status, message) = answer::read_run_status(&read(answer)?);
    Ok(write(object([
        ("status", text(status)),
        ("message", text(message)),
    ])))
}

/// The word that `SandboxFusion`'s client has for an answer: `{word}` or `{raised}`.
#[wasm_bindgen(js_name = summarizeRun)]
pub fn summarize_run(answer: &str, mapping: &str) -> Result<String, JsValue> {
    let summary = answer::summarize(&read(answer)?, &read(mapping)?);
    Ok(write(summary.map_or_else(raised, |word| {
        object([("word", text(word))])
    })))
}

/// The output and the report that `ToRL` makes of an answer, as a list of both.
#[wasm_bindgen(js_name = readTorlPair)]
pub fn read_torl_pair(answer: &str) -> Result<String, JsValue> {
    let (output, report) = answer::to_torl_pair(&read(answer)?);
    Ok(write(list([output, text(report)].into_iter())))
}

/// A text as Python reads its JSON: `{value}`, or `{message, position}` with the code point at which
/// its decoder stops, `null` where it does not say.
#[wasm_bindgen(js_name = readPythonJson)]
#[must_use]
pub fn read_python_json(source: &str) -> String {
    let (message, position) = match loads(source) {
        Ok(value) => return write(object([("value", value)])),
        Err(JsonError::Decode {
            message, position, ..
        }) => (message.to_owned(), number(position)),
        Err(error) => (error.to_string(), Value::None),
    };
    write(object([("message", text(message)), ("position", position)]))
}

//! Rollouts across the boundary: as JSON text, with spans in UTF-16 units.

use crate::python::search::join;
use crate::python::text::strip_start_of;
use wasm_bindgen::prelude::*;

use super::error::{invalid, throw};
use super::json::{list, number, object, or_null, read, text, write};
use super::tools::{describe_program, describe_span};
use crate::profile::{self, ExtractOptions};
use crate::python::float::repr;
use crate::python::json::loads;
use crate::python::value::Value;
use crate::rollout::{
    Call, Entry, FactIndexer, Facts, LogFormat, ReadOptions, Reader, Role, Rollout, Step, Turn,
    is_identical as compare, read_line, read_text, split_at_member as split,
    write_rollout as write_line,
};
use crate::utf16::Utf16Offsets;

fn read_format(name: &str) -> Result<LogFormat, JsValue> {
    LogFormat::from_name(name).ok_or_else(|| {
        let names = join(&LogFormat::NAMES.map(|(name, _)| name), ", ");
        throw(
            &invalid(format!("format: expected one of {names}, found `{name}`")),
            0,
        )
    })
}

fn read_options(format: Option<String>, profile: Option<String>) -> Result<ReadOptions, JsValue> {
    if let Some(name) = &profile {
        profile::extract_with(name, "", &ExtractOptions::default())
            .map_err(|error| throw(&error, 0))?;
    }
    let format = format.as_deref().map(read_format).transpose()?;
    Ok(ReadOptions { format, profile })
}

/// The rollout in one line of a log, or in a whole text.
#[wasm_bindgen(js_name = readRolloutLine)]
pub fn read_rollout_line(
    line: &str,
    format: Option<String>,
    profile: Option<String>,
) -> Result<String, JsValue> {
    let options = read_options(format, profile)?;
    let rollout = read_line(line, &options).map_err(|error| JsError::new(&error.to_string()))?;
    Ok(write(describe_rollout(&rollout)))
}

/// The rollout that a whole text is.
#[wasm_bindgen(js_name = readRolloutText)]
pub fn read_rollout_text(whole: &str, profile: Option<String>) -> Result<String, JsValue> {
    Ok(write(describe_rollout(&read_text(
        whole,
        &read_options(None, profile)?,
    ))))
}

/// Whether a new observation is the recorded one, line ends at the end apart.
#[wasm_bindgen(js_name = isIdentical)]
#[must_use]
pub fn is_identical(recorded: &str, observed: &str) -> bool {
    compare(recorded, observed)
}

/// The two halves of a line around a member yet to be written; none when the line is no JSON.
#[wasm_bindgen(js_name = splitAtMember)]
#[must_use]
pub fn split_at_member(line: &str, name: &str) -> Vec<String> {
    split(line, name).map_or_else(Vec::new, |(head, tail)| vec![head, tail])
}

/// The first rollout in the text of a log, written in a format.
#[wasm_bindgen(js_name = convertRollout)]
pub fn convert_rollout(source: &str, format: &str) -> Result<String, JsValue> {
    let mut reader = Reader::new(ReadOptions::default(), usize::MAX);
    let mut entries = reader.push(source.as_bytes());
    entries.extend(reader.finish());
    let first = entries.into_iter().next().map(|entry| entry.result);
    let rollout = first.unwrap_or_else(|| read_line(source, &ReadOptions::default()));
    let rollout = rollout.map_err(|error| JsError::new(&error.to_string()))?;
    write_in(&rollout, format)
}

/// A rollout that was made in JavaScript, written in a format: its turns, and the members of its line, as JSON.
#[wasm_bindgen(js_name = writeRollout)]
pub fn write_rollout(turns: &str, members: &str, format: &str) -> Result<String, JsValue> {
    let turns = read(turns)?;
    let turns = turns
        .as_list()
        .unwrap_or_default()
        .iter()
        .map(read_turn)
        .collect();
    let members = loads(members).map_err(|error| throw(&invalid(error.to_string()), 0))?;
    write_in(&Rollout::from_turns(turns, members), format)
}

fn write_in(rollout: &Rollout, format: &str) -> Result<String, JsValue> {
    write_line(rollout, read_format(format)?).map_err(|error| throw(&invalid(error.to_string()), 0))
}

fn read_turn(turn: &Value) -> Turn {
    let get = |name| turn.member(name).and_then(Value::to_text);
    let calls = turn
        .get("calls")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let read_call = |call: &Value| Call {
        id: call.member("id").and_then(Value::to_text),
        name: call
            .member("name")
            .and_then(Value::to_text)
            .unwrap_or_default(),
        arguments: call.get("arguments").cloned().unwrap_or(Value::None),
    };
    Turn {
        role: match get("role").as_deref() {
            Some("system") => Role::System,
            Some("assistant") => Role::Assistant,
            Some("tool") => Role::Tool,
            _ => Role::User,
        },
        text: get("text").unwrap_or_default(),
        given: turn.get("given") == Some(&Value::Bool(true)),
        thinking: get("thinking"),
        calls: calls.iter().map(read_call).collect(),
        call_id: get("callId"),
    }
}

fn describe_step(step: &Step, offsets: &mut Utf16Offsets<'_>) -> Value {
    let program = step.program.as_ref().map(describe_program);
    let span = describe_span(step.span, offsets);
    let code_span = step.code_span.map(|span| describe_span(span, offsets));
    object([
        ("text", text(step.text.as_str())),
        ("program", or_null(program)),
        ("further", list(step.further.iter().map(describe_program))),
        ("recorded", or_null(step.recorded.as_deref().map(text))),
        ("turn", number(step.turn)),
        ("span", span),
        ("codeSpan", or_null(code_span)),
    ])
}

fn describe_turn(turn: &Turn) -> Value {
    let describe_call = |call: &Call| {
        object([
            ("id", or_null(call.id.as_deref().map(text))),
            ("name", text(call.name.as_str())),
            ("arguments", mark(call.arguments.clone())),
        ])
    };
    object([
        ("role", text(turn.role.name())),
        ("text", text(turn.text.as_str())),
        ("given", Value::Bool(turn.given)),
        ("thinking", or_null(turn.thinking.as_deref().map(text))),
        ("calls", list(turn.calls.iter().map(describe_call))),
        ("callId", or_null(turn.call_id.as_deref().map(text))),
    ])
}

/// Numbers that JSON or JavaScript's doubles lack become `{"__number__": "…"}`.
fn mark(value: Value) -> Value {
    let marked = |digits: String| object([("__number__", text(digits))]);
    match value {
        Value::Float(number) if !number.is_finite() => marked(repr(number)),
        Value::Int(digits) if strip_start_of(&digits, "-").len() > 15 => marked(digits),
        Value::List(items) => list(items.into_iter().map(mark)),
        Value::Dict(entries) => Value::Dict(
            entries
                .into_iter()
                .map(|(key, item)| (key, mark(item)))
                .collect(),
        ),
        other => other,
    }
}

fn describe_rollout(rollout: &Rollout) -> Value {
    // One pass over each turn: its steps come one after the other.
    let mut place = usize::MAX;
    let mut offsets = Utf16Offsets::new(&[]);
    let describe = |step: &Step| {
        if step.turn != place {
            place = step.turn;
            let turn = rollout.turns.get(place).map_or("", |turn| &turn.text);
            offsets = Utf16Offsets::new(turn.as_bytes());
        }
        describe_step(step, &mut offsets)
    };
    let steps = list(rollout.steps.iter().map(describe));
    let extras = rollout
        .extras()
        .map(|(key, value)| (key.clone(), mark(value.clone())));
    object([
        ("format", text(rollout.format.name())),
        ("input", text(rollout.input.as_str())),
        ("turns", list(rollout.turns.iter().map(describe_turn))),
        ("steps", steps),
        (
            "score",
            or_null(rollout.score.map(|score| mark(Value::Float(score)))),
        ),
        ("trainingStep", or_null(rollout.training_step.map(number))),
        ("id", or_null(rollout.id.as_deref().map(text))),
        ("group", or_null(rollout.group.as_deref().map(text))),
        ("extras", Value::Dict(extras.collect())),
    ])
}

/// Reads a log that comes in pieces.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RolloutReader(Reader);

#[wasm_bindgen]
impl RolloutReader {
    /// A reader of a log from its beginning.
    #[wasm_bindgen(constructor)]
    pub fn new(
        format: Option<String>,
        profile: Option<String>,
        max_bytes: usize,
    ) -> Result<Self, JsValue> {
        Ok(Self(Reader::new(read_options(format, profile)?, max_bytes)))
    }

    /// What more bytes complete, as a JSON list.
    pub fn push(&mut self, chunk: &[u8]) -> String {
        describe_entries(&self.0.push(chunk))
    }

    /// What the end of the log completes, as a JSON list.
    pub fn finish(&mut self) -> String {
        describe_entries(&self.0.finish())
    }
}

fn describe_entries(entries: &[Entry]) -> String {
    write(list(entries.iter().map(|entry| {
        let (rollout, fault) = match &entry.result {
            Ok(rollout) => (describe_rollout(rollout), Value::None),
            Err(error) => (Value::None, text(error.to_string())),
        };
        object([
            ("line", number(entry.line)),
            ("start", number(entry.start)),
            ("end", number(entry.end)),
            ("ended", Value::Bool(entry.ended)),
            ("rollout", rollout),
            ("fault", fault),
        ])
    })))
}

/// Indexes a log that comes in pieces: twelve numbers a line, in the order of `js/src/rollout-index.ts`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RolloutIndexer(FactIndexer);

#[wasm_bindgen]
impl RolloutIndexer {
    /// An indexer of a log from its beginning.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(max_bytes: usize) -> Self {
        Self(FactIndexer::new(max_bytes))
    }

    /// The numbers of the lines that more bytes complete.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<f64> {
        let mut numbers = Vec::new();
        self.0.push(chunk, |start, end, facts| {
            numbers.extend(describe_facts(start, end, &facts));
        });
        numbers
    }

    /// The numbers of what stands behind the last line feed.
    pub fn finish(&mut self) -> Vec<f64> {
        let mut numbers = Vec::new();
        self.0
            .finish(|start, end, facts| numbers.extend(describe_facts(start, end, &facts)));
        numbers
    }
}

/// NaN stands for a score that is not there; a score that is NaN itself has a mark of its own.
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
fn describe_facts(start: u64, end: u64, facts: &Facts) -> [f64; 12] {
    let format = LogFormat::NAMES
        .iter()
        .position(|(_, format)| facts.format == Some(*format));
    let is_scored = f64::from(u8::from(facts.score.is_some()));
    [
        start as f64,
        end as f64,
        format.map_or(-1.0, |place| place as f64),
        is_scored,
        facts.score.unwrap_or_default(),
        facts.training_step.unwrap_or(f64::NAN),
        facts.prompt as f64,
        facts.input_bytes as f64,
        facts.output_bytes as f64,
        f64::from(facts.programs),
        f64::from(facts.observations),
        f64::from(facts.tracebacks),
    ]
}

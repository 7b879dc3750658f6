//! Rollouts across the boundary: as JSON, with spans in UTF-16 units.

use crate::python::text::strip_start_of;
use wasm_bindgen::prelude::*;

use super::error::invalid;
use super::given::{is_true, list_of, mark, text_of, word_of};
use super::tools::{write_program, write_span};
use crate::error::RunError;
use crate::profile::{self, ExtractOptions};
use crate::python::float::repr;
use crate::python::json::loads;
use crate::python::value::Value;
use crate::rollout::{
    Call, Entry, FactIndexer, Facts, LineError, LogFormat, ReadOptions, Reader, Role, Rollout,
    Step, Turn, is_identical as compare, read_line, read_text, split_at_member as split,
    write_rollout as write_line,
};
use crate::utf16::Utf16Offsets;
use crate::wire::json::{Json, replace_all};

fn read_format(name: &str) -> Result<LogFormat, RunError> {
    LogFormat::from_name(name).ok_or_else(|| {
        let known = LogFormat::NAMES.map(|(name, _)| name);
        RunError::not_one_of("format", &known, name)
    })
}

/// How to read, given `{format?, profile?}`.
fn read_options(given: &Value) -> Result<ReadOptions, RunError> {
    let profile = text_of(given, "profile");
    if let Some(name) = &profile {
        profile::extract_with(name, "", &ExtractOptions::default())?;
    }
    let format = given.member("format").and_then(Value::as_str);
    let format = format.map(read_format).transpose()?;
    Ok(ReadOptions { format, profile })
}

/// Refuses options that rollouts cannot be read by.
pub(super) fn check_rollout_options(
    _: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    read_options(given)?;
    out.raw("", "null");
    Ok(())
}

/// The rollout in one line of a log, or in a whole text: `{rollout}` or `{fault}`.
pub(super) fn read_rollout_line(
    line: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    let rollout = read_line(line, &read_options(given)?);
    out.open("", "{");
    write_result(&rollout, out);
    out.close("}");
    Ok(())
}

/// The rollout that a whole text is.
pub(super) fn read_rollout_text(
    whole: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    write_rollout_members("", &read_text(whole, &read_options(given)?), out);
    Ok(())
}

/// Whether a new observation is the recorded one, line ends at the end apart.
pub(super) fn is_identical(
    observed: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    let recorded = given.get("recorded").and_then(Value::to_text);
    out.flag("", compare(&recorded.unwrap_or_default(), observed));
    Ok(())
}

/// The two halves of a line around a member yet to be written; none when the line is no JSON.
pub(super) fn split_at_member(
    line: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    out.open("", "[");
    if let Some((head, tail)) = split(line, word_of(given, "name")) {
        out.text("", &head);
        out.text("", &tail);
    }
    out.close("]");
    Ok(())
}

/// The first rollout in the text of a log, written in a format: `{line}` or `{fault}`.
pub(super) fn convert_rollout(
    source: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    let mut reader = Reader::new(ReadOptions::default(), usize::MAX);
    let mut entries = reader.push(source.as_bytes());
    entries.extend(reader.finish());
    let first = entries.into_iter().next().map(|entry| entry.result);
    let rollout = first.unwrap_or_else(|| read_line(source, &ReadOptions::default()));
    out.open("", "{");
    match rollout {
        Ok(rollout) => write_in(&rollout, given, out)?,
        Err(error) => out.text("fault", &error.to_string()),
    }
    out.close("}");
    Ok(())
}

/// A rollout that was made in JavaScript, written in a format: its turns, and the members of its
/// line, which are JSON as Python writes it.
pub(super) fn write_rollout(
    members: &str,
    given: &mut Value,
    out: &mut Json,
) -> Result<(), RunError> {
    let turns = list_of(given, "turns").iter().map(read_turn).collect();
    let members = loads(members).map_err(|error| invalid(error.to_string()))?;
    out.open("", "{");
    write_in(&Rollout::from_turns(turns, members), given, out)?;
    out.close("}");
    Ok(())
}

fn write_in(rollout: &Rollout, given: &Value, out: &mut Json) -> Result<(), RunError> {
    let format = read_format(word_of(given, "format"))?;
    let line = write_line(rollout, format).map_err(|error| invalid(error.to_string()))?;
    out.text("line", &line);
    Ok(())
}

fn read_turn(turn: &Value) -> Turn {
    let get = |name| turn.member(name).and_then(Value::to_text);
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
        given: is_true(turn, "given"),
        thinking: get("thinking"),
        calls: list_of(turn, "calls").iter().map(read_call).collect(),
        call_id: get("callId"),
    }
}

fn write_step(step: &Step, offsets: &mut Utf16Offsets<'_>, out: &mut Json) {
    out.open("", "{");
    out.text("text", &step.text);
    write_program("program", step.program.as_ref(), out);
    out.open("further", "[");
    for program in &step.further {
        write_program("", Some(program), out);
    }
    out.close("]");
    out.text_or_null("recorded", step.recorded.as_deref());
    out.number("turn", step.turn);
    write_span("span", step.span, offsets, out);
    match step.code_span {
        Some(span) => write_span("codeSpan", span, offsets, out),
        None => out.raw("codeSpan", "null"),
    }
    out.close("}");
}

fn write_turn(turn: &Turn, out: &mut Json) {
    out.open("", "{");
    out.text("role", turn.role.name());
    out.text("text", &turn.text);
    out.flag("given", turn.given);
    out.text_or_null("thinking", turn.thinking.as_deref());
    out.open("calls", "[");
    for call in &turn.calls {
        out.open("", "{");
        out.text_or_null("id", call.id.as_deref());
        out.text("name", &call.name);
        write_marked("arguments", &call.arguments, out);
        out.close("}");
    }
    out.close("]");
    out.text_or_null("callId", turn.call_id.as_deref());
    out.close("}");
}

/// Numbers that JSON or JavaScript's doubles lack become `{"__number__": "…"}`.
fn write_marked(name: &str, value: &Value, out: &mut Json) {
    let mut value = value.clone();
    replace_all(&mut value, |value| match value {
        Value::Float(number) if !number.is_finite() => mark("__number__", repr(*number)),
        Value::Int(digits) if strip_start_of(digits, "-").len() > 15 => {
            mark("__number__", digits.clone())
        }
        _ => None,
    });
    out.value(name, value);
}

fn write_rollout_members(name: &str, rollout: &Rollout, out: &mut Json) {
    out.open(name, "{");
    out.text("format", rollout.format.name());
    out.text("input", &rollout.input);
    out.open("turns", "[");
    for turn in &rollout.turns {
        write_turn(turn, out);
    }
    out.close("]");
    out.open("steps", "[");
    // One pass over each turn: its steps come one after the other.
    let mut place = usize::MAX;
    let mut offsets = Utf16Offsets::new(&[]);
    for step in &rollout.steps {
        if step.turn != place {
            place = step.turn;
            let turn = rollout.turns.get(place).map_or("", |turn| &turn.text);
            offsets = Utf16Offsets::new(turn.as_bytes());
        }
        write_step(step, &mut offsets, out);
    }
    out.close("]");
    let score = rollout.score.map_or(Value::None, Value::Float);
    write_marked("score", &score, out);
    let step = rollout.training_step.map(|step| step.to_string());
    out.raw("trainingStep", step.as_deref().unwrap_or("null"));
    out.text_or_null("id", rollout.id.as_deref());
    out.text_or_null("group", rollout.group.as_deref());
    let extras = rollout
        .extras()
        .map(|(key, value)| (key.clone(), value.clone()));
    write_marked("extras", &Value::Dict(extras.collect()), out);
    out.close("}");
}

fn write_result(result: &Result<Rollout, LineError>, out: &mut Json) {
    match result {
        Ok(rollout) => {
            write_rollout_members("rollout", rollout, out);
            out.raw("fault", "null");
        }
        Err(error) => {
            out.raw("rollout", "null");
            out.text("fault", &error.to_string());
        }
    }
}

/// Reads a log that comes in pieces.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RolloutReader(Reader);

#[wasm_bindgen]
impl RolloutReader {
    /// A reader of a log from its beginning, by options in JSON that were found to be right.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(options: &str, max_bytes: usize) -> Self {
        let options = loads(options).ok().map(|options| read_options(&options));
        let options = options.and_then(Result::ok).unwrap_or_default();
        Self(Reader::new(options, max_bytes))
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
    let mut out = Json::default();
    out.open("", "[");
    for entry in entries {
        out.open("", "{");
        out.raw("line", &entry.line.to_string());
        out.raw("start", &entry.start.to_string());
        out.raw("end", &entry.end.to_string());
        out.flag("ended", entry.ended);
        write_result(&entry.result, &mut out);
        out.close("}");
    }
    out.close("]");
    out.into_text()
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

//! A rollout in, a line of a log out.
//!
//! What was logged in the same format is written as it was logged. In another format nothing is lost: members
//! that it has no place for keep their names, and where the line cannot be made again from what is written, it is
//! written beside it as `source`.

use std::collections::BTreeMap;
use std::fmt;

use super::json::find_member;
use super::messages::write_arguments;
use super::turns::{Call, Role, Turn, join_turns};
use super::{LogFormat, ReadOptions, Rollout, detect, openai, read_value};
use crate::python::json_write::{Escape, dumps};
use crate::python::string::PythonString;
use crate::python::value::Value;

/// Why a rollout cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteError {
    /// The format can only be read.
    ReadOnly(LogFormat),
}

impl fmt::Display for WriteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::ReadOnly(format) = self;
        write!(
            formatter,
            "format: expected one of verl, openai, found `{}`",
            format.name()
        )
    }
}

impl std::error::Error for WriteError {}

impl Rollout {
    /// A rollout of these turns. `members` are those of its line in a log beside the texts: `score`, `step`,
    /// whatever else there is.
    #[must_use]
    pub fn from_turns(turns: Vec<Turn>, members: Value) -> Self {
        openai::read_turns(LogFormat::OpenAi, turns, members, &ReadOptions::default())
    }
}

/// Writes a rollout as one line, without a line feed: JSON as Python writes it with `ensure_ascii=False`, lone
/// surrogates escaped. [`LogFormat::Verl`] and [`LogFormat::OpenAi`] can be written.
///
/// # Errors
///
/// [`WriteError::ReadOnly`] for every other format.
///
/// # Examples
///
/// ```
/// use fencerun::rollout::{LogFormat, ReadOptions, read_line, write_rollout};
/// let line = r#"{"input": "user\nQ\nassistant\n", "output": "A", "gts": null, "score": 1.0, "step": 2, "uid": "7_0_0"}"#;
/// let rollout = read_line(line, &ReadOptions::default())?;
/// assert_eq!(
///     write_rollout(&rollout, LogFormat::OpenAi)?,
///     r#"{"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}], "score": 1.0, "step": 2, "uid": "7_0_0"}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_rollout(rollout: &Rollout, format: LogFormat) -> Result<String, WriteError> {
    let (format, other) = match format {
        LogFormat::Verl => (format, LogFormat::OpenAi),
        LogFormat::OpenAi => (format, LogFormat::Verl),
        other => return Err(WriteError::ReadOnly(other)),
    };
    // What was read from JSON can be written as JSON.
    Ok(dumps(&build(rollout, format, other), Escape::Surrogates)
        .unwrap_or_default()
        .to_string_lossy())
}

type Members = Vec<(Value, Value)>;

fn text(text: impl Into<PythonString>) -> Value {
    Value::Str(text.into())
}

/// The member that holds a line of another format whole, where it cannot be made again otherwise.
const SOURCE: &str = "source";

/// A rollout as a line of `format`: as it was logged when it was, else built, with its source beside it unless what is
/// written becomes that again when it is built in the `other` format.
fn build(rollout: &Rollout, format: LogFormat, other: LogFormat) -> Value {
    let source = &rollout.source;
    if detect(source) == Some(format) && matches!(source, Value::Dict(_)) {
        return source.clone();
    }
    if let Some(first) = source
        .get(SOURCE)
        .filter(|first| detect(first) == Some(format))
    {
        return first.clone();
    }
    let mut members = build_members(rollout, format);
    // A rollout that was made of turns has no source of its own.
    if detect(source).is_some() || matches!(source, Value::List(_)) {
        let again = read_value(Value::Dict(members.clone()), &ReadOptions::default());
        let back = again
            .ok()
            .filter(|again| again.format == format)
            .map(|again| build_members(&again, other));
        if !back.is_some_and(|back| is_same(&Value::Dict(back), source)) {
            members.retain(|(key, _)| *key != text(SOURCE));
            members.push((text(SOURCE), source.clone()));
        }
    }
    Value::Dict(members)
}

fn build_members(rollout: &Rollout, format: LogFormat) -> Members {
    match format {
        LogFormat::Verl => build_row(rollout),
        _ => build_conversation(rollout),
    }
}

/// Equality as JSON has it, where members have no order. NaN equals itself.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Dict(left), Value::Dict(right)) => {
            let mut places: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
            for (place, (key, _)) in right.iter().enumerate() {
                if let Value::Str(key) = key {
                    places.insert(key.as_bytes().to_vec(), place);
                }
            }
            let has = |(key, value): &(Value, Value)| match key {
                Value::Str(key) => {
                    let other = places
                        .get(key.as_bytes())
                        .and_then(|&place| right.get(place));
                    other.is_some_and(|(_, other)| is_same(value, other))
                }
                _ => false,
            };
            left.len() == right.len() && left.iter().all(has)
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| is_same(left, right))
        }
        (Value::Float(left), Value::Float(right)) => left.to_bits() == right.to_bits(),
        _ => left == right,
    }
}

/// What the log has beside the texts, each under its name.
fn add_extras(rollout: &Rollout, members: &mut Members, is_kept: impl Fn(&str, &Value) -> bool) {
    // At the top, the members of a trajectory would make the line one of its format.
    if let (Value::Dict(entries), false) = (&rollout.source, rollout.format == LogFormat::Atif) {
        let own: Vec<Value> = members.iter().map(|(key, _)| key.clone()).collect();
        for (key, value) in entries {
            let is_new = !own.contains(key);
            if is_new && is_kept(key.as_str().unwrap_or_default(), value) {
                members.push((key.clone(), value.clone()));
            }
        }
    }
}

fn build_row(rollout: &Rollout) -> Members {
    let (input, output) = write_texts(&rollout.turns);
    let member = |names: &[&str]| find_member(&rollout.source, names).cloned();
    let step = rollout
        .training_step
        .map(|step| Value::Int(step.to_string()));
    let mut members = vec![
        (text("input"), text(input)),
        (text("output"), text(output)),
        (text("gts"), member(&["gts"]).unwrap_or(Value::None)),
        (
            text("score"),
            member(&["score", "reward"]).unwrap_or(Value::None),
        ),
        (
            text("step"),
            member(&["step"]).or(step).unwrap_or(Value::None),
        ),
    ];
    add_extras(rollout, &mut members, |name, _| name != "messages");
    members
}

fn build_conversation(rollout: &Rollout) -> Members {
    let reward = rollout.source.get("reward");
    let mut members = vec![(text("messages"), build_messages(rollout))];
    add_extras(rollout, &mut members, |name, value| match name {
        "input" | "output" => false,
        // A row has these even where there is nothing to say, and its score may be the reward.
        "gts" | "step" => !value.is_none(),
        "score" => !value.is_none() && reward.is_none_or(|reward| !is_same(reward, value)),
        _ => true,
    });
    members
}

/// The turns as messages. In texts with role lines a line feed closes each turn but the last.
fn build_messages(rollout: &Rollout) -> Value {
    let has_lines = matches!(rollout.format, LogFormat::Verl | LogFormat::Text);
    let last = rollout.turns.len().saturating_sub(1);
    let build = |(place, turn): (usize, &Turn)| {
        let content = if has_lines && place < last {
            turn.text.strip_suffix('\n').unwrap_or(&turn.text)
        } else {
            &turn.text
        };
        let mut message = vec![
            (text("role"), text(turn.role.name())),
            (text("content"), text(content)),
        ];
        let mut add = |name: &str, value: Option<Value>| {
            message.extend(value.map(|value| (text(name), value)));
        };
        add("reasoning_content", turn.thinking.as_deref().map(text));
        add("tool_call_id", turn.call_id.as_deref().map(text));
        let calls: Vec<Value> = turn.calls.iter().map(build_call).collect();
        add(
            "tool_calls",
            Some(Value::List(calls)).filter(|_| !turn.calls.is_empty()),
        );
        Value::Dict(message)
    };
    Value::List(rollout.turns.iter().enumerate().map(build).collect())
}

fn build_call(call: &Call) -> Value {
    let function = vec![
        (text("name"), text(call.name.as_str())),
        (text("arguments"), text(write_arguments(&call.arguments))),
    ];
    let mut members: Members = call
        .id
        .as_deref()
        .map(|id| (text("id"), text(id)))
        .into_iter()
        .collect();
    members.push((text("type"), text("function")));
    members.push((text("function"), Value::Dict(function)));
    Value::Dict(members)
}

/// The turns as verl's two texts: with role lines, and the turn of the model opened at the end of the prompt.
fn write_texts(turns: &[Turn]) -> (String, String) {
    let written: Vec<Turn> = turns
        .iter()
        .map(|turn| Turn::new(turn.role, write_turn(turn), turn.given))
        .collect();
    let mut input = join_turns(written.iter().filter(|turn| turn.given));
    let output = join_turns(written.iter().filter(|turn| !turn.given));
    let output = output.strip_suffix('\n').unwrap_or(&output);
    let opening = format!("{}\n", Role::Assistant.name());
    let output = output
        .strip_prefix(&opening)
        .inspect(|_| input.push_str(&opening))
        .unwrap_or(output);
    (input, output.to_owned())
}

/// The text of a turn with its thoughts and its calls in it, as Qwen's chat templates write them.
fn write_turn(turn: &Turn) -> String {
    let mut written = String::new();
    if let Some(thinking) = &turn.thinking {
        written.extend(["<think>\n", thinking, "\n</think>\n\n"]);
    }
    written.push_str(&turn.text);
    for call in &turn.calls {
        if !written.is_empty() {
            written.push('\n');
        }
        let name = dumps(&text(call.name.as_str()), Escape::Surrogates).unwrap_or_default();
        let (name, arguments) = (name.to_string_lossy(), write_arguments(&call.arguments));
        written.extend([
            "<tool_call>\n{\"name\": ",
            &name,
            ", \"arguments\": ",
            &arguments,
            "}\n</tool_call>",
        ]);
    }
    written
}

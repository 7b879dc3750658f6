//! Hugging Face's session trace format: a line `{"type": "session", "harness", "id", "name"?}`, then a line
//! `{"type": "message", "message": {…}}` for each message.

use super::messages::{is_message, read_messages};
use super::openai::read_turns;
use super::{LogFormat, ReadOptions, Rollout};
use crate::python::value::Value;

/// Whether a line belongs to a session.
pub(super) fn is_line(value: &Value) -> bool {
    opens_session(value)
        || value.get("type").and_then(Value::as_str) == Some("message")
            && value.get("message").is_some_and(is_message)
}

/// Whether a line opens a session.
pub(super) fn opens_session(value: &Value) -> bool {
    value.get("type").and_then(Value::as_str) == Some("session")
}

/// The rollout in the lines of one session.
pub(super) fn read(lines: Vec<Value>, options: &ReadOptions) -> Rollout {
    let messages: Vec<Value> = lines
        .iter()
        .filter_map(|line| line.get("message"))
        .cloned()
        .collect();
    let id = lines.iter().find_map(|line| line.member("id")?.to_text());
    let turns = read_messages(&messages);
    Rollout {
        id,
        ..read_turns(LogFormat::Sts, turns, Value::List(lines), options)
    }
}
